//go:build !linux && !darwin

package main

import "golang.org/x/term"

// singleKeys stops a terminal from waiting for whole lines and from showing what is typed. Ctrl-C
// then arrives as a key.
func singleKeys(fd int) (restore func(), err error) {
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	return func() { term.Restore(fd, before) }, nil
}
