module lab.invalid/web

go 1.26
