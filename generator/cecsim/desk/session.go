package desk

import (
	"strings"
	"time"
	"unicode/utf8"
)

// State says where a session stands.
type State string

const (
	Started State = "started" // has the client script, has not connected
	Robot   State = "robot"   // talks to the robot
	Queued  State = "queued"  // waits for the agent
	Active  State = "active"  // talks to the agent
	Closed  State = "closed"  // the conversation is over; the visitor may connect again
	Gone    State = "gone"    // the session is over; the visitor must start again
)

// Reason says why a session is closed or gone.
type Reason string

const (
	EndedByAgent   Reason = "agent"
	EndedByVisitor Reason = "visitor"
	Replaced       Reason = "replaced" // by a second start
	Lost           Reason = "lost"     // stopped polling
	Expired        Reason = "expired"
)

// Visitor is what CEC knows of a visitor from the start.
type Visitor struct {
	Tenant          string `json:"tenant"` // ids and names of channels.yaml
	TenantName      string `json:"tenantName"`
	Channel         string `json:"channel"`
	ChannelName     string `json:"channelName"`
	TenantSpaceID   string `json:"tenantSpaceId"`
	ChannelConfigID string `json:"channelConfigId"`
	UserID          string `json:"userId"`
	UserName        string `json:"userName"`
	Locale          string `json:"locale"`
	MapService      string `json:"mapService"`
	Mode            string `json:"mode"`     // authorization or token
	Verified        string `json:"verified"` // what vouched for the visitor: signature or token
}

// same reports whether CEC takes two visitors for one.
func (v Visitor) same(w Visitor) bool {
	return v.Tenant == w.Tenant && v.Channel == w.Channel && v.UserID == w.UserID
}

// Source says who wrote a message.
type Source string

const (
	FromVisitor Source = "visitor"
	FromAgent   Source = "agent"
	FromRobot   Source = "robot"
	FromSystem  Source = "system"
)

// Message is one message of a conversation.
type Message struct {
	Number int       `json:"number"` // counts from 1 in its conversation
	From   Source    `json:"from"`
	Media  string    `json:"media"` // TEXT, IMAGE, VIDEO or AUDIO
	Text   string    `json:"text"`
	Time   time.Time `json:"time"`
}

// Left is a message that a visitor left for later.
type Left struct {
	Visitor Visitor   `json:"visitor"`
	Phone   string    `json:"phone"`
	Text    string    `json:"text"`
	Time    time.Time `json:"time"`
}

type session struct {
	id         string
	visitor    Visitor
	state      State
	reason     Reason
	created    time.Time
	polled     time.Time // last sign of life while connected
	reminded   time.Time // last time that a waiting visitor was told so
	transcript []Message // oldest first
	noted      int       // messages ever in the transcript
	heard      int       // of these, the visitor's
	size       int       // bytes of text in the transcript
	inbox      []Message // not yet fetched by the visitor
}

func (s *session) connected() bool {
	return s.state == Robot || s.state == Queued || s.state == Active
}

func (s *session) texts() *texts { return textsOf(s.visitor.Locale) }

// note numbers a message and adds it to the transcript, which forgets its oldest when it is full.
func (s *session) note(m Message) Message {
	s.noted++
	m.Number = s.noted
	if m.From == FromVisitor {
		s.heard++
	}
	s.transcript = append(s.transcript, m)
	s.size += len(m.Text)
	for len(s.transcript) > maxMessages || s.size > maxBytes {
		s.size -= len(s.transcript[0].Text)
		s.transcript = s.transcript[1:]
	}
	return m
}

// tell adds a message to the transcript and to what the visitor will fetch.
func (s *session) tell(now time.Time, from Source, text string) {
	m := s.note(Message{From: from, Media: "TEXT", Text: text, Time: now})
	if len(s.inbox) == maxInbox {
		s.inbox = s.inbox[1:]
	}
	s.inbox = append(s.inbox, m)
}

func (s *session) enqueue(now time.Time, agent Presence) {
	s.state, s.reminded = Queued, now
	if agent == Offline {
		s.tell(now, FromSystem, s.texts().offline)
	} else {
		s.tell(now, FromSystem, s.texts().wait)
	}
}

func (s *session) accept(now time.Time) {
	s.state = Active
	s.tell(now, FromSystem, s.texts().accepted)
}

// close ends the conversation but not the session.
func (s *session) close(why Reason) { s.state, s.reason = Closed, why }

// leave ends the session. A conversation that was over keeps its reason.
func (s *session) leave(why Reason) {
	if s.state != Closed {
		s.reason = why
	}
	s.state, s.inbox = Gone, nil
}

// checkText refuses an empty message and one that is too long.
func checkText(text string) error {
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > MaxText {
		return ErrText
	}
	return nil
}
