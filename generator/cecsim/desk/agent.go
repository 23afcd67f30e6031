package desk

import (
	"slices"
	"time"
)

// Accept begins the conversation with a visitor who waits.
func (d *Desk) Accept(now time.Time, id string) error {
	return d.change(now, id, func(s *session) error {
		if s.state != Queued {
			return ErrNotWaiting
		}
		s.accept(now)
		return nil
	})
}

// Answer sends a text of the agent to the visitor.
func (d *Desk) Answer(now time.Time, id, text string) error {
	return d.change(now, id, func(s *session) error {
		if s.state != Active {
			return ErrNotActive
		}
		if err := checkText(text); err != nil {
			return err
		}
		s.tell(now, FromAgent, text)
		return nil
	})
}

// End ends a conversation, or turns a waiting visitor away; the visitor may connect again.
func (d *Desk) End(now time.Time, id string) error {
	return d.change(now, id, func(s *session) error {
		if !s.connected() {
			return ErrNotActive
		}
		s.tell(now, FromSystem, s.texts().ended)
		s.close(EndedByAgent)
		return nil
	})
}

// Clear forgets the sessions that are over, and the messages that were left.
func (d *Desk) Clear(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	d.sessions = slices.DeleteFunc(d.sessions, func(s *session) bool { return s.state == Gone })
	d.left = nil
	d.version++
}

// Snapshot is the desk as a console shows it.
type Snapshot struct {
	Version    uint64    `json:"version"` // of the desk; the same version is the same content
	Settings   Settings  `json:"settings"`
	Sessions   []Summary `json:"sessions"` // newest first
	Left       []Left    `json:"left"`     // newest first
	Transcript []Message `json:"transcript"`
}

// Summary is one session without its transcript.
type Summary struct {
	ID      string    `json:"id"`
	Visitor Visitor   `json:"visitor"`
	State   State     `json:"state"`
	Reason  Reason    `json:"reason"`
	Created time.Time `json:"created"`
	Heard   int       `json:"heard"` // messages of the visitor so far
	Last    *Message  `json:"last"`  // nil before the first
}

// Snapshot returns the desk, with the transcript of one session ("" is none).
func (d *Desk) Snapshot(now time.Time, selected string) Snapshot {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	out := Snapshot{
		Version:    d.version,
		Settings:   d.settings,
		Sessions:   make([]Summary, 0, len(d.sessions)),
		Left:       append([]Left{}, d.left...),
		Transcript: []Message{},
	}
	for _, s := range d.sessions {
		out.Sessions = append(out.Sessions, s.summary())
		if s.id == selected {
			out.Transcript = append(out.Transcript, s.transcript...)
		}
	}
	slices.Reverse(out.Sessions)
	slices.Reverse(out.Left)
	return out
}

func (s *session) summary() Summary {
	out := Summary{ID: s.id, Visitor: s.visitor, State: s.state, Reason: s.reason, Created: s.created, Heard: s.heard}
	if n := len(s.transcript); n > 0 {
		last := s.transcript[n-1]
		out.Last = &last
	}
	return out
}
