// Command launch is the entrypoint of containers whose image knows secrets only as environment variables.
//
//	launch --env NAME=FILE [--env NAME=FILE ...] -- COMMAND [ARG ...]
//
// It puts the exact bytes of each file into the named variable and becomes COMMAND by execve, found through the
// container's own PATH, with no shell. So the value is in no container definition the engine stores, only in the
// memory of the process. Exit codes are those of a shell: 127 COMMAND not found, 126 anything else that stops the start.
package main

import (
	"os"
	"strings"
	"syscall"
)

const (
	cannotStart     = 126
	commandNotFound = 127
)

func main() {
	sources, command := parse(os.Args[1:])
	env := os.Environ()
	for _, source := range sources {
		value, err := os.ReadFile(source.file)
		if err != nil {
			fail(cannotStart, "cannot read the secret for "+source.name+": "+err.Error())
		}
		if strings.IndexByte(string(value), 0) >= 0 {
			fail(cannotStart, "the secret for "+source.name+" in "+source.file+" holds a NUL byte, which no environment variable can carry")
		}
		env = set(env, source.name, string(value))
	}
	become(command, env)
}

type source struct{ name, file string }

func parse(args []string) ([]source, []string) {
	var sources []source
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--":
			if i+1 == len(args) {
				fail(cannotStart, "no command after --")
			}
			return sources, args[i+1:]
		case args[i] == "--env" && i+1 < len(args):
			i++
			name, file, found := strings.Cut(args[i], "=")
			if !found || name == "" || file == "" {
				fail(cannotStart, "--env wants NAME=FILE, got "+args[i])
			}
			sources = append(sources, source{name, file})
		default:
			fail(cannotStart, "unknown argument "+args[i]+"; usage: launch --env NAME=FILE ... -- COMMAND [ARG ...]")
		}
	}
	fail(cannotStart, "no -- before the command; usage: launch --env NAME=FILE ... -- COMMAND [ARG ...]")
	return nil, nil
}

// set replaces every earlier definition of name.
func set(env []string, name, value string) []string {
	kept := env[:0]
	for _, entry := range env {
		if !strings.HasPrefix(entry, name+"=") {
			kept = append(kept, entry)
		}
	}
	return append(kept, name+"="+value)
}

// become replaces this process by the command; it returns only by failing.
func become(command []string, env []string) {
	if strings.Contains(command[0], "/") {
		report(command[0], syscall.Exec(command[0], command, env))
	}
	// As a shell does: a candidate that exists but may not be run is remembered, the search goes on.
	var refusal error = syscall.ENOENT
	for _, dir := range strings.Split(os.Getenv("PATH"), ":") {
		if dir == "" {
			dir = "."
		}
		err := syscall.Exec(dir+"/"+command[0], command, env)
		if err != syscall.ENOENT && err != syscall.ENOTDIR {
			refusal = err
			if err != syscall.EACCES {
				break
			}
		}
	}
	report(command[0], refusal)
}

func report(name string, err error) {
	if err != syscall.ENOENT && err != syscall.ENOTDIR {
		fail(cannotStart, name+": cannot execute: "+err.Error())
	}
	if strings.Contains(name, "/") {
		if _, missing := os.Stat(name); missing == nil {
			fail(commandNotFound, name+": its interpreter or loader is not in the image")
		}
		fail(commandNotFound, name+": not found in the image")
	}
	fail(commandNotFound, name+": not found in PATH "+os.Getenv("PATH"))
}

func fail(code int, message string) {
	os.Stderr.WriteString("overseer launch: " + message + "\n")
	os.Exit(code)
}
