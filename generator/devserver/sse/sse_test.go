package sse

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestStream(t *testing.T) {
	rows := []struct {
		name  string
		event Event
		want  string
	}{
		{"plain", Event{Data: "hello"}, "data: hello\n\n"},
		{"named", Event{ID: "k.7", Name: "state", Data: "{}"}, "id: k.7\nevent: state\ndata: {}\n\n"},
		{"every kind of line end", Event{Data: "a\nb\r\nc\rd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
		{"empty", Event{}, "data: \n\n"},
		{"an id cannot add a field", Event{ID: "1\ndata: x", Name: "a\rb"}, "id: 1 data: x\nevent: a b\ndata: \n\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			s, err := Open(rec, 500*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Send(row.event); err != nil {
				t.Fatal(err)
			}
			if err := s.Ping(); err != nil {
				t.Fatal(err)
			}
			if got, want := rec.Body.String(), "retry: 500\n\n"+row.want+":\n\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := rec.Header().Get("Content-Type"); got != "text/event-stream; charset=utf-8" || !rec.Flushed {
				t.Errorf("Content-Type %q, flushed %v", got, rec.Flushed)
			}
		})
	}
}
