package desk

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func visitor(user string) Visitor {
	return Visitor{Tenant: "acme", Channel: "web", UserID: user, Locale: "en"}
}

// TestOrdersByState gives each order to a session in each state.
func TestOrdersByState(t *testing.T) {
	prepare := map[State]func(*Desk){
		Started: func(*Desk) {},
		Robot:   func(d *Desk) { d.Configure(noon, Settings{Agent: Available, Robot: true}); d.Connect(noon, "s") },
		Queued:  func(d *Desk) { d.Configure(noon, Settings{Agent: Busy, AutoAccept: true}); d.Connect(noon, "s") },
		Active:  func(d *Desk) { d.Connect(noon, "s") },
		Closed:  func(d *Desk) { d.Connect(noon, "s"); d.Disconnect(noon, "s") },
		Gone:    func(d *Desk) { d.Start(noon, "another", visitor("u")) },
	}
	orders := map[string]func(*Desk) error{
		"Connect":    func(d *Desk) error { return d.Connect(noon, "s") },
		"Say":        func(d *Desk) error { return d.Say(noon, "s", "TEXT", "x") },
		"ToAgent":    func(d *Desk) error { return d.ToAgent(noon, "s") },
		"Disconnect": func(d *Desk) error { return d.Disconnect(noon, "s") },
		"Leave":      func(d *Desk) error { return d.Leave(noon, "s", "", "x") },
		"Poll":       func(d *Desk) error { _, err := d.Poll(noon, "s"); return err },
		"Accept":     func(d *Desk) error { return d.Accept(noon, "s") },
		"Answer":     func(d *Desk) error { return d.Answer(noon, "s", "x") },
		"End":        func(d *Desk) error { return d.End(noon, "s") },
	}
	want := map[State]map[string]error{ // nil where absent
		Started: {"Say": ErrNotConnected, "ToAgent": ErrNotConnected, "Disconnect": ErrNotConnected, "Accept": ErrNotWaiting, "Answer": ErrNotActive, "End": ErrNotActive},
		Robot:   {"Accept": ErrNotWaiting, "Answer": ErrNotActive},
		Queued:  {"Answer": ErrNotActive},
		Active:  {"Accept": ErrNotWaiting},
		Closed:  {"Say": ErrNotConnected, "ToAgent": ErrNotConnected, "Disconnect": ErrNotConnected, "Accept": ErrNotWaiting, "Answer": ErrNotActive, "End": ErrNotActive},
		Gone: {"Connect": ErrGone, "Say": ErrGone, "ToAgent": ErrGone, "Disconnect": ErrGone, "Leave": ErrGone, "Poll": ErrGone, "Accept": ErrGone,
			"Answer": ErrGone, "End": ErrGone},
	}
	for state, set := range prepare {
		for name, order := range orders {
			d := New()
			d.Start(noon, "s", visitor("u"))
			set(d)
			if got := stateOf(d, "s"); got != state {
				t.Fatalf("prepared %s, want %s", got, state)
			}
			if err := order(d); !errors.Is(err, want[state][name]) {
				t.Errorf("%s while %s: %v, want %v", name, state, err, want[state][name])
			}
		}
	}
}

func stateOf(d *Desk, id string) State {
	for _, s := range d.Snapshot(noon, "").Sessions {
		if s.ID == id {
			return s.State
		}
	}
	return ""
}

func TestSessionsAreBounded(t *testing.T) {
	d := New()
	d.Start(noon, "over", visitor("over"))
	d.Start(noon, "oldest", visitor("oldest"))
	d.Connect(noon, "over")
	d.Disconnect(noon, "over")
	for i := range maxSessions - 1 {
		d.Start(noon, fmt.Sprint(i), visitor(fmt.Sprint(i)))
	}
	if n := len(d.Snapshot(noon, "").Sessions); n != maxSessions {
		t.Errorf("%d sessions, want %d", n, maxSessions)
	}
	if stateOf(d, "over") != "" || stateOf(d, "oldest") != Started {
		t.Error("the session that was over did not make room first")
	}
	d.Start(noon, "last", visitor("last"))
	if stateOf(d, "oldest") != "" || stateOf(d, "last") != Started {
		t.Error("the oldest session did not make room")
	}
}

func TestMessagesAreBounded(t *testing.T) {
	d := New()
	d.Start(noon, "s", visitor("u"))
	d.Connect(noon, "s")
	for range 2 * maxMessages {
		d.Say(noon, "s", "TEXT", "x")
		d.Answer(noon, "s", "x")
	}
	got := d.Snapshot(noon, "s")
	if n := len(got.Transcript); n != maxMessages || got.Transcript[n-1].Number != 4*maxMessages+1 || got.Sessions[0].Heard != 2*maxMessages {
		t.Errorf("%d messages, the last is number %d, heard %d", n, got.Transcript[n-1].Number, got.Sessions[0].Heard)
	}
	if inbox, _ := d.Poll(noon, "s"); len(inbox) != maxInbox {
		t.Errorf("the visitor gets %d messages, want %d", len(inbox), maxInbox)
	}
	for range 100 {
		d.Say(noon, "s", "TEXT", strings.Repeat("x", MaxText))
	}
	size := 0
	for _, m := range d.Snapshot(noon, "s").Transcript {
		size += len(m.Text)
	}
	if size > maxBytes || size < maxBytes-MaxText {
		t.Errorf("the transcript holds %d bytes, want almost %d", size, maxBytes)
	}
	for range 2 * maxLeft {
		d.Leave(noon, "s", "1", "x")
	}
	if n := len(d.Snapshot(noon, "").Left); n != maxLeft {
		t.Errorf("%d messages left, want %d", n, maxLeft)
	}
}

func TestEveryTextIsInBothLanguages(t *testing.T) {
	for locale, want := range map[string]string{"zh": "zh", "zh_CN": "zh", "ZH-Hans": "zh", "en": "en", "en_GB": "en", "fr": "en", "": "en"} {
		if textsOf(locale) != languages[want] {
			t.Errorf("locale %q does not read %s", locale, want)
		}
	}
	for language, x := range languages {
		for _, text := range []string{x.accepted, x.wait, x.offline, x.ended, x.transfer, x.robotHello, x.robotEcho, x.queue} {
			if text == "" {
				t.Errorf("a text is missing in %s", language)
			}
		}
		if got := x.robotAnswer(strings.Repeat("长", 5000)); len([]rune(got)) > 400 {
			t.Errorf("the robot repeats %d characters", len([]rune(got)))
		}
	}
}

func TestLeaveRefusesALongPhoneNumber(t *testing.T) {
	d := New()
	d.Start(noon, "s", visitor("u"))
	if err := d.Leave(noon, "s", strings.Repeat("1", 41), "x"); !errors.Is(err, ErrPhone) {
		t.Errorf("got %v, want %v", err, ErrPhone)
	}
}
