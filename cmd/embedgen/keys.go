package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// interrupt is what Ctrl-C sends where the terminal makes no signal of it.
const interrupt = 3

// keys delivers what is pressed on the terminal, without Enter, until restore brings the terminal
// back to what it was. Where input or output is no terminal there are no keys.
func (a *app) keys() (keys <-chan byte, restore func()) {
	in, ok := a.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) || !terminal(a.stdout) {
		return nil, func() {}
	}
	restore, err := singleKeys(int(in.Fd()))
	if err != nil {
		return nil, func() {}
	}
	pressed := make(chan byte)
	go read(in, pressed) // ends with the program: nothing wakes a read of a terminal
	return pressed, restore
}

func read(in io.Reader, pressed chan<- byte) {
	defer close(pressed)
	one := make([]byte, 1)
	for {
		if _, err := in.Read(one); err != nil {
			return
		}
		if one[0] == interrupt {
			one[0] = 'q'
		}
		pressed <- one[0]
	}
}
