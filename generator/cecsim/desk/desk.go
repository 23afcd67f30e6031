// Package desk is the contact centre behind the simulated CEC: the visitors' sessions, the one
// agent, and the robot that may answer first.
//
// It knows no HTTP and no clock, and starts no goroutine: every method is told the time, and what
// the passing of time brings about happens at the next call. Everything it keeps is bounded.
package desk

import (
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// Lifetime is how long a session may last, whatever it does (cec-contract section 2: "about
	// an hour").
	Lifetime = time.Hour
	// Idle is how long a connected visitor may go without polling. Browsers slow the timers of a
	// hidden tab down to one a minute, so it is more than that.
	Idle = 150 * time.Second
	// ReminderInterval is how often a waiting visitor is told so.
	ReminderInterval = 10 * time.Second

	// MaxText is the length of a message, in characters.
	MaxText = 4000

	maxSessions = 200
	maxMessages = 500     // per session; older ones are dropped
	maxBytes    = 1 << 18 // per session, of text
	maxInbox    = 100     // per session, messages that the visitor has not fetched
	maxLeft     = 100
)

// Errors of the methods; compare with [errors.Is].
var (
	ErrGone         = errors.New("the session is over or was never there: start again")
	ErrNotConnected = errors.New("not connected: send CONNECT first")
	ErrNotActive    = errors.New("no agent has accepted this conversation")
	ErrNotWaiting   = errors.New("this visitor is not waiting")
	ErrText         = errors.New("a message has 1 to 4000 characters")
	ErrPhone        = errors.New("a phone number has at most 40 characters")
)

// Desk is a contact centre with one agent. Its methods may be called concurrently.
type Desk struct {
	mu       sync.Mutex
	sessions []*session // oldest first
	left     []Left     // oldest first
	settings Settings
	version  uint64 // counts changes that a console must see
}

// Presence is what the agent says of herself.
type Presence string

const (
	Available Presence = "idle" // CEC's word
	Busy      Presence = "busy"
	Offline   Presence = "offline"
)

// Settings are what the agent can switch.
type Settings struct {
	Agent      Presence `json:"agent"`
	AutoAccept bool     `json:"autoAccept"` // an idle agent accepts who comes
	Robot      bool     `json:"robot"`      // a robot answers first
}

// New returns a desk whose agent is idle and accepts every visitor.
func New() *Desk {
	return &Desk{settings: Settings{Agent: Available, AutoAccept: true}}
}

// Settings returns the current settings.
func (d *Desk) Settings() Settings {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings
}

// Configure replaces the settings. An agent who becomes able to accept visitors takes those who wait.
func (d *Desk) Configure(now time.Time, s Settings) error {
	if !slices.Contains([]Presence{Available, Busy, Offline}, s.Agent) {
		return errors.New("the agent is idle, busy or offline")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settings = s
	d.version++
	d.sweep(now)
	if !d.accepts() {
		return nil
	}
	for _, one := range d.sessions {
		if one.state == Queued {
			one.accept(now)
		}
	}
	return nil
}

func (d *Desk) accepts() bool { return d.settings.AutoAccept && d.settings.Agent == Available }

// Start opens a session under an id that the caller chose, and reports whether that ended an
// earlier one of the same tenant, channel and user (cec-contract section 2).
func (d *Desk) Start(now time.Time, id string, v Visitor) (replaced bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	for _, s := range d.sessions {
		if s.state != Gone && s.visitor.same(v) {
			s.leave(Replaced)
			replaced = true
		}
	}
	d.evict()
	d.sessions = append(d.sessions, &session{id: id, visitor: v, state: Started, created: now})
	d.version++
	return replaced
}

// Lookup returns the visitor of a session that is not over.
func (d *Desk) Lookup(now time.Time, id string) (Visitor, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, err := d.find(now, id)
	if err != nil {
		return Visitor{}, false
	}
	return s.visitor, true
}

// find returns a session that is not over. The caller holds the lock.
func (d *Desk) find(now time.Time, id string) (*session, error) {
	d.sweep(now)
	for _, s := range d.sessions {
		if s.id == id && s.state != Gone {
			return s, nil
		}
	}
	return nil, ErrGone
}

// change runs f on a session that is not over, and counts a change if f succeeds.
func (d *Desk) change(now time.Time, id string, f func(*session) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, err := d.find(now, id)
	if err != nil {
		return err
	}
	if err := f(s); err != nil {
		return err
	}
	d.version++
	return nil
}

// sweep ends the sessions whose time has come.
func (d *Desk) sweep(now time.Time) {
	for _, s := range d.sessions {
		switch {
		case s.state == Gone:
			continue
		case now.Sub(s.created) > Lifetime:
			s.leave(Expired)
		case s.connected() && now.Sub(s.polled) > Idle:
			s.leave(Lost)
		default:
			continue
		}
		d.version++
	}
}

// evict makes room for one session: the oldest that is over goes first, then the oldest.
func (d *Desk) evict() {
	if len(d.sessions) < maxSessions {
		return
	}
	i := slices.IndexFunc(d.sessions, func(s *session) bool { return s.state == Gone || s.state == Closed })
	d.sessions = slices.Delete(d.sessions, max(i, 0), max(i, 0)+1)
}
