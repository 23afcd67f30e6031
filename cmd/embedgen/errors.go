package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"embedgen/generator/diag"
	"embedgen/generator/secret"
)

// failure is an error with an exit status and a hint.
type failure struct {
	status int
	err    error
	hint   string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func (f *failure) withHint(format string, args ...any) *failure {
	f.hint = fmt.Sprintf(format, args...)
	return f
}

func usagef(format string, args ...any) *failure {
	return &failure{status: exitUsage, err: fmt.Errorf(format, args...)}
}

func inputf(format string, args ...any) *failure {
	return &failure{status: exitInput, err: fmt.Errorf(format, args...)}
}

// silent ends the program with a status when everything is said already.
type silent struct{ status int }

func (s silent) Error() string { return fmt.Sprintf("exit status %d", s.status) }

// problems are diagnostics that end a command.
type problems struct{ list diag.List }

func (p problems) Error() string { return fmt.Sprintf("%d problems", len(p.list)) }

// report prints an error and returns its exit status.
func (a *app) report(err error) int {
	var quiet silent
	var list problems
	switch {
	case errors.As(err, &quiet):
		return quiet.status
	case errors.As(err, &list):
		a.printDiagnostics(list.list)
		return exitInput
	}
	fmt.Fprintf(a.stderr, "embedgen: %s\n", err)
	var missing *secret.Error
	if errors.As(err, &missing) {
		if missing.Hint != "" {
			fmt.Fprintf(a.stderr, "hint: %s\n", missing.Hint)
		}
		return exitInput
	}
	var f *failure
	if !errors.As(err, &f) {
		return machineStatus(err)
	}
	if f.hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", f.hint)
	}
	return f.status
}

// machineStatus tells faults of the machine from faults of the input.
func machineStatus(err error) int {
	var network *net.OpError
	var path *fs.PathError
	var link *os.LinkError
	var number syscall.Errno
	if errors.As(err, &network) || errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &number) {
		return exitMachine
	}
	return exitInput
}

func (a *app) printDiagnostics(list diag.List) {
	diag.Text(a.stderr, list, a.colour(a.stderr))
}
