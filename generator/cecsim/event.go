package cecsim

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Party takes part in a hop.
type Party string

const (
	Visitor  Party = "visitor" // the browser of the visitor
	Site     Party = "site"    // the tenant's own servers
	Upstream Party = "cec"
	Agent    Party = "agent"
)

// Event is one hop: somebody asked somebody for something. It holds no secret: tokens, signatures
// and session ids are masked.
type Event struct {
	Number   int64         `json:"number"` // counts from 1
	Time     time.Time     `json:"time"`   // of the request
	Duration time.Duration `json:"duration"`
	From     Party         `json:"from"`
	To       Party         `json:"to"`
	What     string        `json:"what"`
	Tenant   string        `json:"tenant"` // ids of channels.yaml; "" when not known
	Channel  string        `json:"channel"`
	User     string        `json:"user"`
	Status   int           `json:"status"`  // HTTP status; 0 when the hop is not an HTTP request
	Stage    string        `json:"stage"`   // of a refusal: the check that failed; "" is success
	Problem  string        `json:"problem"` // of a refusal: one line
	Checks   []Check       `json:"checks"`
	Request  string        `json:"request"` // masked
	Response string        `json:"response"`
	Repeated int           `json:"repeated"` // how often the same hop followed at once
}

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Record adds a hop that somebody else saw, such as the site's signing of a request, to the
// timeline; its Number is set here. Observe is not told.
func (c *CEC) Record(e Event) { c.events.add(e) }

// record adds a hop that the CEC saw itself.
func (c *CEC) record(e Event) {
	e = c.events.add(e)
	if c.options.Observe != nil {
		c.options.Observe(e)
	}
}

const (
	maxEvents = 500
	maxRaw    = 4096 // bytes of a raw view
)

// journal keeps the last events.
type journal struct {
	mu   sync.Mutex
	list []Event // oldest first
	last int64   // number of the newest; grows with each change
}

func (j *journal) add(e Event) Event {
	e.Request, e.Response = cut(e.Request), cut(e.Response)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Number = j.last
	if n := len(j.list); n > 0 && e.repeats(j.list[n-1]) {
		e.Repeated = j.list[n-1].Repeated + 1
		j.list = j.list[:n-1]
	}
	if len(j.list) == maxEvents {
		j.list = append(j.list[:0:0], j.list[1:]...)
	}
	j.list = append(j.list, e)
	return e
}

// repeats reports whether e is the same refusal as the one before: a client that does not give up
// must not push everything else out of the journal.
func (e Event) repeats(before Event) bool {
	return e.Stage != "" && e.Stage == before.Stage && e.What == before.What && e.Status == before.Status &&
		e.Tenant == before.Tenant && e.Channel == before.Channel && e.User == before.User
}

// newest returns up to n events for which keep holds, newest first, and the number of the newest of all.
func (j *journal) newest(n int, keep func(Event) bool) ([]Event, int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]Event, 0, n)
	for i := len(j.list) - 1; i >= 0 && len(list) < n; i-- {
		if keep(j.list[i]) {
			list = append(list, j.list[i])
		}
	}
	return list, j.last
}

// forget drops all events.
func (j *journal) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = nil
	j.last++
}

// cut shortens a text to maxRaw bytes at a character.
func cut(text string) string {
	if len(text) <= maxRaw {
		return text
	}
	end := maxRaw
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// mask leaves the first characters of a credential, enough to tell two apart, and its length.
func mask(secret string) string {
	const shown = 6
	n := utf8.RuneCountInString(secret)
	switch {
	case n == 0:
		return ""
	case n < 4*shown:
		return fmt.Sprintf("[%d characters]", n)
	}
	return string([]rune(secret)[:shown]) + fmt.Sprintf("… [%d characters]", n)
}

// maskAuthorization leaves everything of an auth-v2 authorization but its signature.
func maskAuthorization(authorization string) string {
	i := strings.LastIndexByte(authorization, '/')
	if i < 0 {
		return mask(authorization)
	}
	return authorization[:i+1] + mask(authorization[i+1:])
}
