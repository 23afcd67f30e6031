package e2e

import (
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal makes a pseudo-terminal: a person has one end, a program the other.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	open := func(name string) *os.File {
		f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOCTTY, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	person = open("/dev/ptmx")
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	return person, open("/dev/pts/" + strconv.Itoa(n))
}

func modes(t *testing.T, terminal *os.File) unix.Termios {
	t.Helper()
	m, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *m
}

// Keys work without Enter, and the terminal is afterwards what it was before, whatever ended the
// program.
func TestDS16TheTerminal(t *testing.T) {
	for name, end := range map[string]func(p *process, person *os.File){
		"q":       func(_ *process, person *os.File) { io.WriteString(person, "q") },
		"Ctrl-C":  func(_ *process, person *os.File) { io.WriteString(person, "\x03") },
		"SIGTERM": func(p *process, _ *os.File) { p.cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			person, terminal := openTerminal(t)
			before := modes(t, terminal)
			p := &process{cmd: exec.Command(program, "dev", "--addr", freePort(t)), done: make(chan struct{})}
			p.cmd.Dir = newProject(t)
			p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = terminal, terminal, terminal
			p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := p.cmd.Start(); err != nil {
				t.Fatal(err)
			}
			go io.Copy(p, person)
			go func() { p.cmd.Wait(); close(p.done) }()
			t.Cleanup(func() { p.stop(t, "dev") })

			p.says(t, `press h for help`)
			io.WriteString(person, "h")
			p.says(t, `build again`)
			io.WriteString(person, "r")
			p.says(t, `rebuilt in .*: 0 paths changed\r\n`)
			end(p, person)
			select {
			case <-p.done:
			case <-time.After(5 * time.Second):
				t.Fatalf("it goes on\n%s", p.output())
			}
			if after := modes(t, terminal); after != before {
				t.Errorf("the terminal was %+v and is %+v", before, after)
			}
		})
	}
}

// A program that reads the output gets plain lines.
func TestDS16PlainLinesElsewhere(t *testing.T) {
	p := start(t, newProject(t), "dev", "--addr", freePort(t))
	p.says(t, `embedgen dev: http`)
	for _, c := range p.output() {
		if c == '\x1b' || c == '\r' {
			t.Errorf("control characters in %q", p.output())
		}
	}
}
