package devserver

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// kept is how many requests the inspector remembers.
const kept = 200

// Entry is one request to the endpoints or to the simulated CEC, for the inspector. Record masks
// whatever looks like a secret in it, even where the caller did so before.
type Entry struct {
	Number   int           `json:"number"` // counts from 1; set by Record
	Time     time.Time     `json:"time"`
	Duration time.Duration `json:"duration"` // nanoseconds
	From     string        `json:"from"`     // who asked: visitor, site, cec, agent
	To       string        `json:"to"`       // who was asked
	What     string        `json:"what"`     // endpoint or action
	Tenant   string        `json:"tenant"`   // id; "" if not known
	Channel  string        `json:"channel"`  // id; "" if not known
	User     string        `json:"user"`     // id; "" if not known
	Status   int           `json:"status"`   // HTTP status; 0 if it is no HTTP request
	Code     string        `json:"code"`     // of a refusal; "" is success
	Reason   string        `json:"reason"`   // of a refusal, one line
	Stages   []Stage       `json:"stages"`   // of a signature, or what was checked, in order
	Body     string        `json:"body"`     // of the request; "" if not known
}

// Stage is one step of what an Entry tells.
type Stage struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// inspector is a ring of the last requests.
type inspector struct {
	mu   sync.Mutex
	last int
	ring []Entry
}

func (i *inspector) record(e Entry) {
	e = masked(e)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.last++
	e.Number = i.last
	if len(i.ring) < kept {
		i.ring = append(i.ring, e)
		return
	}
	i.ring[(i.last-1)%kept] = e
}

// entries returns the requests that a view sees, newest first.
func (i *inspector) entries(v view) []Entry {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := make([]Entry, 0, len(i.ring))
	for n := i.last; n > i.last-len(i.ring); n-- {
		if e := i.ring[(n-1)%kept]; v.tenant == "" || e.Tenant == v.tenant {
			list = append(list, e)
		}
	}
	return list
}

func (c *call) requestsJSON() {
	if !isRead(c.r.Method) {
		c.refuseMethod(http.MethodGet, http.MethodHead)
		return
	}
	type row struct {
		Entry
		Curl string `json:"curl"`
	}
	list := []row{}
	for _, e := range c.inspector.entries(c.view) {
		r := row{Entry: e}
		if c.st.good != nil {
			r.Curl = c.curl(e)
		}
		list = append(list, r)
	}
	c.json(map[string]any{"requests": list})
}

func (c *call) json(v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // every caller passes strings, numbers and times
	}
	c.body(http.StatusOK, "application/json", append(data, '\n'))
}

// secretNames are stages of which nothing is shown.
var secretNames = map[string]bool{
	"accesssecret": true, "authorization-header": true, "cookie": true, "key": true, "password": true, "secret": true,
	"secretkey": true, "set-cookie": true, "signingkey": true,
}

var (
	jwtLike    = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_%=-]*){0,2}`)
	hexLike    = regexp.MustCompile(`[0-9A-Fa-f]{40,}`)
	cookieLike = regexp.MustCompile(`(ccmessaging-token=|embedgen-guest-[a-z0-9-]+=|"(?:Token|thirdUserToken|token)"\s*:\s*")[^;"\s]+`)
)

// masked returns an entry without anything that lets somebody sign, log in or go on in another's
// name: of what looks like a token, a signature or a cookie only the beginning is left.
func masked(e Entry) Entry {
	for _, field := range []*string{&e.From, &e.To, &e.What, &e.User, &e.Code, &e.Reason, &e.Body} {
		*field = mask(*field)
	}
	stages := make([]Stage, len(e.Stages))
	for i, s := range e.Stages {
		stages[i] = Stage{s.Name, mask(s.Value)}
		if secretNames[strings.ToLower(s.Name)] {
			stages[i].Value = "[redacted]"
		}
	}
	e.Stages = stages
	return e
}

func mask(s string) string {
	s = cookieLike.ReplaceAllString(s, "$1…")
	s = jwtLike.ReplaceAllStringFunc(s, beginning)
	return hexLike.ReplaceAllStringFunc(s, beginning)
}

// beginning is enough to tell two tokens apart.
func beginning(s string) string { return s[:8] + "…" }
