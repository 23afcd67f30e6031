package cecsim

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"embedgen/generator/cecsim/desk"
)

// consolePolicy is the Content-Security-Policy of the console.
const consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Console serves the agent's console and its API, with paths relative to wherever it is mounted:
//
//	mux.Handle("/agent/", http.StripPrefix("/agent", cec.Console()))
//
// It answers only to hosts that AllowHost allows, and its API only to its own pages.
func (c *CEC) Console() http.Handler {
	mux := http.NewServeMux()
	for path, file := range map[string][2]string{
		"GET /{$}":            {"agent.html", "text/html; charset=utf-8"},
		"GET /agent.css":      {"agent.css", "text/css; charset=utf-8"},
		"GET /agent-chat.css": {"agent-chat.css", "text/css; charset=utf-8"},
		"GET /agent.js":       {"agent.js", "text/javascript; charset=utf-8"},
		"GET /agent-view.js":  {"agent-view.js", "text/javascript; charset=utf-8"},
		"GET /agent-texts.js": {"agent-texts.js", "text/javascript; charset=utf-8"},
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { c.static(w, file[0], file[1]) })
	}
	mux.HandleFunc("GET /api/state", c.state)
	for name, do := range map[string]func(time.Time, order) error{
		"accept":   func(now time.Time, o order) error { return c.desk.Accept(now, o.Session) },
		"send":     func(now time.Time, o order) error { return c.desk.Answer(now, o.Session, o.Text) },
		"end":      func(now time.Time, o order) error { return c.desk.End(now, o.Session) },
		"settings": func(now time.Time, o order) error { return c.desk.Configure(now, o.Settings) },
		"clear":    func(now time.Time, _ order) error { c.clear(now); return nil },
	} {
		mux.HandleFunc("POST /api/"+name, c.command(name, do))
	}
	return c.guard(mux)
}

// guard keeps foreign hosts and foreign pages out.
func (c *CEC) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", consolePolicy)
		switch {
		case !c.options.AllowHost(r.Host):
			refuse(w, http.StatusForbidden, "the console does not answer to this host")
		case strings.HasPrefix(r.URL.Path, "/api/") && !sameOrigin(r):
			refuse(w, http.StatusForbidden, "the console's API answers only to the console")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// sameOrigin reports whether a page of this host sent the request. A POST must say so.
func sameOrigin(r *http.Request) bool {
	if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Method == http.MethodGet
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// clear forgets what is over.
func (c *CEC) clear(now time.Time) {
	c.desk.Clear(now)
	c.events.forget()
}

// order is what the agent asks for.
type order struct {
	Session  string        `json:"session"` // "" if it is about no visitor
	Text     string        `json:"text"`
	Settings desk.Settings `json:"settings"`
}

// command serves an order as JSON; no simple request of a foreign page can carry that type.
func (c *CEC) command(name string, do func(time.Time, order) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if t, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); t != "application/json" {
			refuse(w, http.StatusUnsupportedMediaType, "the console's API takes application/json")
			return
		}
		var o order
		if err := readJSON(r, &o); err != nil {
			refuse(w, statusOf(err), err.Error())
			return
		}
		err := do(c.options.Now(), o)
		if o.Session != "" {
			c.recordOrder(name, o, err)
		}
		switch {
		case errors.Is(err, desk.ErrText):
			refuse(w, http.StatusUnprocessableEntity, err.Error())
		case err != nil:
			refuse(w, http.StatusConflict, err.Error())
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

// recordOrder records what concerns a visitor. The event's What is the order's name.
func (c *CEC) recordOrder(name string, o order, err error) {
	v, ok := c.desk.Lookup(c.options.Now(), o.Session)
	if !ok {
		return
	}
	e := Event{
		Time: c.options.Now(), From: Agent, To: Upstream, What: name,
		Tenant: v.Tenant, Channel: v.Channel, User: v.UserID, Request: o.Text,
	}
	if err != nil {
		e.Stage, e.Problem = "request", err.Error()
	}
	c.record(e)
}

// consoleState is what the console shows.
type consoleState struct {
	desk.Snapshot
	Hops   []Event `json:"hops"`   // newest first
	Change string  `json:"change"` // the same text is the same state
}

// maxHops is how many events one answer carries.
const maxHops = 100

// state answers the desk, the transcript of ?session= and its hops, or, with ?all=1, every hop. If
// nothing changed since ?change=, it answers 204.
func (c *CEC) state(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	snapshot := c.desk.Snapshot(c.options.Now(), q.Get("session"))
	hops, last := c.events.newest(maxHops, hopFilter(snapshot, q.Get("session"), q.Get("all") != ""))
	change := c.epoch + "-" + strconv.FormatUint(snapshot.Version, 36) + "-" + strconv.FormatInt(last, 36)
	if q.Get("change") == change {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, http.StatusOK, consoleState{snapshot, hops, change})
}

// hopFilter keeps the hops of one visitor, from before the session too; all if none is selected.
func hopFilter(s desk.Snapshot, selected string, all bool) func(Event) bool {
	for _, one := range s.Sessions {
		if v := one.Visitor; one.ID == selected && !all {
			return func(e Event) bool { return e.Tenant == v.Tenant && e.Channel == v.Channel && e.User == v.UserID }
		}
	}
	return func(Event) bool { return true }
}
