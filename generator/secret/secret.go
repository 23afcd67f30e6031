// Package secret names secrets by reference, resolves them, and keeps their values out of print.
//
// channels.yaml never holds a secret, only a [Ref] that says where it is. A resolved [Value]
// prints as "[redacted]" however it is formatted; only [Value.Reveal] gives the bytes.
package secret

import (
	"strconv"
	"strings"
)

// Ref says where a secret is; exactly one field is set. The zero Ref refers to nothing. Refs are
// compared with == and are keys of maps.
type Ref struct {
	Env  string  // name of an environment variable
	File string  // slash path relative to the directory of channels.yaml, or absolute
	Exec Command // a program that prints the secret
}

// IsZero reports whether the reference refers to nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns the reference, never the secret: "env ACME_KEY", "file .secrets/acme" or
// "exec pass …".
func (r Ref) String() string {
	switch {
	case r.Env != "":
		return "env " + r.Env
	case r.File != "":
		return "file " + r.File
	case r.Exec != "":
		return "exec " + r.Exec.String()
	}
	return "nothing"
}

// Command is a program and its arguments, each ended by a NUL, which no argument can hold: so a
// command is one string, and a [Ref] can be compared.
type Command string

// NewCommand makes a Command of a program and its arguments.
func NewCommand(args ...string) Command {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(a)
		b.WriteByte(0)
	}
	return Command(b.String())
}

// Args returns the program and its arguments.
func (c Command) Args() []string {
	if c == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(c), "\x00"), "\x00")
}

// String shows the program, in quotes where its name needs them, and … for arguments: one of them
// may be a password.
func (c Command) String() string {
	args := c.Args()
	if len(args) == 0 {
		return ""
	}
	program := args[0]
	if program == "" || strings.ContainsFunc(program, func(r rune) bool { return !isPlain(r) }) {
		program = strconv.Quote(program)
	}
	if len(args) > 1 {
		program += " …"
	}
	return program
}

// isPlain reports whether a character of a name means itself to everybody.
func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@%+,~", r)
}
