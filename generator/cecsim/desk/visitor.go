package desk

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Connect begins a conversation: with the robot, with the agent, or in the queue. To connect
// again changes nothing.
func (d *Desk) Connect(now time.Time, id string) error {
	return d.change(now, id, func(s *session) error {
		s.polled = now
		switch {
		case s.connected():
		case d.settings.Robot:
			s.state = Robot
			s.tell(now, FromRobot, s.texts().robotHello)
		default:
			d.hand(now, s)
		}
		return nil
	})
}

// hand gives a visitor to the agent, or to the queue.
func (d *Desk) hand(now time.Time, s *session) {
	s.reason = ""
	if d.accepts() {
		s.accept(now)
		return
	}
	s.enqueue(now, d.settings.Agent)
}

// Say takes a message of the visitor. The robot answers at once, and hands over at a keyword.
func (d *Desk) Say(now time.Time, id, media, text string) error {
	return d.change(now, id, func(s *session) error {
		if !s.connected() {
			return ErrNotConnected
		}
		if err := checkText(text); err != nil {
			return err
		}
		s.note(Message{From: FromVisitor, Media: media, Text: text, Time: now})
		if s.state == Robot {
			d.robot(now, s, text)
		}
		return nil
	})
}

func (d *Desk) robot(now time.Time, s *session, text string) {
	word := strings.ToLower(strings.TrimSpace(text))
	if slices.Contains(strings.Split(Keywords, ";"), word) {
		d.transfer(now, s)
		return
	}
	s.tell(now, FromRobot, s.texts().robotAnswer(text))
}

// ToAgent hands a visitor from the robot to the agent. For others it changes nothing.
func (d *Desk) ToAgent(now time.Time, id string) error {
	return d.change(now, id, func(s *session) error {
		switch {
		case !s.connected():
			return ErrNotConnected
		case s.state == Robot:
			d.transfer(now, s)
		}
		return nil
	})
}

func (d *Desk) transfer(now time.Time, s *session) {
	s.tell(now, FromSystem, s.texts().transfer)
	d.hand(now, s)
}

// Disconnect ends the conversation; the visitor may connect again.
func (d *Desk) Disconnect(now time.Time, id string) error {
	return d.change(now, id, func(s *session) error {
		if !s.connected() {
			return ErrNotConnected
		}
		s.close(EndedByVisitor)
		return nil
	})
}

// Leave keeps a message for later. The phone number may be empty.
func (d *Desk) Leave(now time.Time, id, phone, text string) error {
	return d.change(now, id, func(s *session) error {
		if err := checkText(text); err != nil {
			return err
		}
		if utf8.RuneCountInString(phone) > 40 {
			return ErrPhone
		}
		if len(d.left) == maxLeft {
			d.left = d.left[1:]
		}
		d.left = append(d.left, Left{s.visitor, phone, text, now})
		return nil
	})
}

// Poll returns what was said to the visitor since the last poll, and is the sign of life.
func (d *Desk) Poll(now time.Time, id string) ([]Message, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, err := d.find(now, id)
	if err != nil {
		return nil, err
	}
	s.polled = now
	if s.state == Queued && now.Sub(s.reminded) >= ReminderInterval {
		s.reminded = now
		s.tell(now, FromSystem, s.texts().waiting(d.ahead(s)))
		d.version++
	}
	list := s.inbox
	s.inbox = nil
	return list, nil
}

// ahead counts who waits longer than s.
func (d *Desk) ahead(s *session) int {
	n := 0
	for _, other := range d.sessions {
		if other == s {
			break
		}
		if other.state == Queued {
			n++
		}
	}
	return n
}
