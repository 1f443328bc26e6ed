module overseer/launcher

go 1.26
