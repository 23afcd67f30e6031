//go:build linux || darwin

package main

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// singleKeys stops a terminal from waiting for whole lines and from showing what is typed. Output
// and Ctrl-C work as before, which term.MakeRaw would not leave so.
func singleKeys(fd int) (restore func(), err error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	if !inForeground(fd) {
		return nil, errors.New("not in the foreground of the terminal")
	}
	now := *before
	now.Lflag &^= unix.ICANON | unix.ECHO
	now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, setTermios, &now); err != nil {
		return nil, err
	}
	// In the background there are no keys, but the server goes on.
	signal.Ignore(syscall.SIGTTIN, syscall.SIGTTOU)
	stop := afterPause(func() { setInForeground(fd, &now) })
	return func() {
		stop()
		setInForeground(fd, before)
	}, nil
}

// afterPause calls do whenever the program goes on after Ctrl-Z, since the shell has had the
// terminal meanwhile.
func afterPause(do func()) (stop func()) {
	resumed := make(chan os.Signal, 1)
	signal.Notify(resumed, syscall.SIGCONT)
	go func() {
		for range resumed {
			do()
		}
	}()
	return func() { signal.Stop(resumed); close(resumed) }
}

// setInForeground leaves the terminal alone while it is another program's.
func setInForeground(fd int, t *unix.Termios) {
	if inForeground(fd) {
		unix.IoctlSetTermios(fd, setTermios, t)
	}
}

func inForeground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
