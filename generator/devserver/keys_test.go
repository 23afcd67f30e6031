package devserver

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is what a terminal was told.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

// shows waits until the terminal was told a text that many times.
func (s *screen) shows(t *testing.T, text string, times int) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		all := s.text.String()
		s.mu.Unlock()
		if strings.Count(all, text) >= times {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%q is not there %d times in %q", text, times, all)
		}
	}
}

func TestDS16Keys(t *testing.T) {
	p := newProject(t)
	p.age()
	keys, opened, terminal := make(chan byte), make(chan string, 1), new(screen)
	o := p.options()
	o.Out, o.Log, o.JSON = terminal, terminal, false
	o.Keys, o.Open = keys, func(url string) { opened <- url }
	done := make(chan error, 1)
	go func() { done <- Run(context.Background(), o) }()
	terminal.shows(t, "press h for help", 1)

	keys <- 'x' // no key of ours
	keys <- 'h'
	terminal.shows(t, "build again, though nothing has changed", 1)
	keys <- 'r'
	terminal.shows(t, "0 paths changed", 1)
	keys <- 'o'
	if url := <-opened; !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("opened %q", url)
	}
	keys <- 'c'
	terminal.shows(t, "\x1b[H"+"embedgen dev: http://127.0.0.1:", 1)
	keys <- 'q'
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("q does not quit")
	}
}

func TestDS16NoKeysWithoutATerminal(t *testing.T) {
	terminal := new(screen)
	p := newProject(t)
	p.age()
	o := p.options()
	o.Out, o.Log, o.JSON = terminal, terminal, false
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, o) }()
	terminal.shows(t, "embedgen dev:", 1)
	cancel()
	<-done
	if strings.Contains(terminal.text.String(), "press h") || strings.Contains(terminal.text.String(), "\x1b") {
		t.Errorf("the terminal reads %q", &terminal.text)
	}
}
