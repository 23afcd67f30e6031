// Package sse writes server-sent events (WHATWG HTML, section 9.2).
package sse

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Event is one event of a stream. ID and Name are single lines.
type Event struct {
	ID   string // what a browser sends back as Last-Event-ID when it reconnects
	Name string // "" is "message"
	Data string // any text
}

// Stream is an answer that stays open. It is not safe for concurrent use.
type Stream struct {
	w    http.ResponseWriter
	ctrl *http.ResponseController
}

// Open starts a stream and tells the browser how soon it may reconnect.
func Open(w http.ResponseWriter, retry time.Duration) (*Stream, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a reverse proxy in front must not collect it
	s := &Stream{w, http.NewResponseController(w)}
	s.ctrl.SetWriteDeadline(time.Time{})
	return s, s.write(fmt.Sprintf("retry: %d\n\n", retry.Milliseconds()))
}

// Send writes one event at once. Its error means that the browser is gone.
func (s *Stream) Send(e Event) error {
	var b strings.Builder
	for _, field := range [][2]string{{"id", e.ID}, {"event", e.Name}} {
		if field[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", field[0], oneLine.Replace(field[1]))
		}
	}
	for line := range strings.SplitSeq(newlines.Replace(e.Data), "\n") {
		fmt.Fprintf(&b, "data: %s\n", line)
	}
	b.WriteByte('\n')
	return s.write(b.String())
}

// Ping writes a comment, which browsers ignore, to find out whether anybody is there.
func (s *Stream) Ping() error { return s.write(":\n\n") }

func (s *Stream) write(text string) error {
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.ctrl.Flush()
}

var (
	newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	oneLine  = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")
)
