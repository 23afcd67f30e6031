package cecsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"embedgen/generator/cecsim"
	"embedgen/generator/cecsim/desk"
)

const host = "console.test"

// console is an agent's browser at the console.
type console struct {
	t       testing.TB
	handler http.Handler
}

func (l *lab) console(t testing.TB) *console { return &console{t, l.Console()} }

func (c *console) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", "http://"+host)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

type state struct {
	desk.Snapshot
	Hops   []cecsim.Event
	Change string
}

func (c *console) state(session string) state {
	c.t.Helper()
	w := c.do("GET", "/api/state?session="+session, "")
	var s state
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		c.t.Fatalf("state: %d %v", w.Code, err)
	}
	return s
}

// only returns the one session that there is.
func (c *console) only() desk.Summary {
	c.t.Helper()
	s := c.state("").Sessions
	if len(s) != 1 {
		c.t.Fatalf("the console shows %d sessions, want 1", len(s))
	}
	return s[0]
}

func (c *console) order(want int, name string, body map[string]any) {
	c.t.Helper()
	if w := c.do("POST", "/api/"+name, encode(body)); w.Code != want {
		c.t.Errorf("%s %v: %d %s, want %d", name, body, w.Code, w.Body, want)
	}
}

func TestConsoleServesItsPage(t *testing.T) {
	c := newLab(t).console(t)
	for path, contentType := range map[string]string{
		"/": "text/html; charset=utf-8", "/agent.css": "text/css; charset=utf-8", "/agent-chat.css": "text/css; charset=utf-8", "/agent.js": "text/javascript; charset=utf-8",
		"/agent-view.js": "text/javascript; charset=utf-8", "/agent-texts.js": "text/javascript; charset=utf-8",
	} {
		w := c.do("GET", path, "")
		if w.Code != 200 || w.Header().Get("Content-Type") != contentType || w.Body.Len() == 0 {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	if body := c.do("GET", "/", "").Body.String(); !strings.Contains(body, "simulated") || strings.Contains(body, `="/`) {
		t.Error("the page is not labelled, or has a path that depends on where it is mounted")
	}
	if w := c.do("GET", "/widget.css", ""); w.Code != 404 {
		t.Errorf("a file that is not the console's: %d, want 404", w.Code)
	}
}

func TestSEC21ConsoleRefusesStrangers(t *testing.T) {
	for _, tc := range []struct {
		name   string
		method string
		path   string
		header []string
		want   int
	}{
		{"foreign host, page", "GET", "/", []string{"Host", "evil.example"}, 403},
		{"foreign host, same origin", "POST", "/api/clear", []string{"Host", "evil.example", "Origin", "http://evil.example"}, 403},
		{"foreign host, state", "GET", "/api/state", []string{"Host", "evil.example"}, 403},
		{"foreign origin", "POST", "/api/clear", []string{"Origin", "http://evil.example"}, 403},
		{"other port", "POST", "/api/clear", []string{"Origin", "http://" + host + ":81"}, 403},
		{"null origin", "POST", "/api/clear", []string{"Origin", "null"}, 403},
		{"malformed origin", "POST", "/api/clear", []string{"Origin", "http://%zz"}, 403},
		{"no origin", "POST", "/api/clear", []string{"Origin", ""}, 403},
		{"foreign origin reads", "GET", "/api/state", []string{"Origin", "http://evil.example"}, 403},
		{"same site reads", "GET", "/api/state", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"cross site writes", "POST", "/api/clear", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a form", "POST", "/api/clear", []string{"Content-Type", formType}, 415},
		{"plain text", "POST", "/api/clear", []string{"Content-Type", "text/plain"}, 415},
		{"a link from elsewhere to the page", "GET", "/", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"its own page", "POST", "/api/clear", []string{"Sec-Fetch-Site", "same-origin"}, 204},
		{"its own page, charset", "POST", "/api/clear", []string{"Content-Type", "application/json; charset=utf-8"}, 204},
		{"GET of an order", "GET", "/api/clear", nil, 405},
		{"unknown order", "POST", "/api/dance", nil, 404},
	} {
		w := newLab(t).console(t).do(tc.method, tc.path, "{}", tc.header...)
		if w.Code != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.want)
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: Access-Control-Allow-Origin %q", tc.name, got)
		}
	}
}

func TestConsoleOrders(t *testing.T) {
	l := newLab(t)
	c, b := l.console(t), l.browser(t)
	c.order(204, "settings", map[string]any{"settings": map[string]any{"agent": "idle", "autoAccept": false}})
	c.order(409, "settings", map[string]any{"settings": map[string]any{"agent": "asleep"}})
	b.start("acme", "web", "u1")
	b.send("CONNECT", "")
	id := c.only().ID
	c.order(409, "send", map[string]any{"session": id, "text": "not yet"})
	c.order(204, "accept", map[string]any{"session": id})
	c.order(409, "accept", map[string]any{"session": id})
	c.order(422, "send", map[string]any{"session": id, "text": "  "})
	c.order(409, "send", map[string]any{"session": "nobody", "text": "hello"})
	c.order(204, "send", map[string]any{"session": id, "text": "hello"})
	c.order(204, "end", map[string]any{"session": id})
	c.order(409, "end", map[string]any{"session": id})
	if w := c.do("POST", "/api/send", `{"text":`); w.Code != 400 {
		t.Errorf("malformed order: %d, want 400", w.Code)
	}
	same(t, "the visitor", b.poll(), "SYSTEM: Please wait. An agent will be with you soon.", "SYSTEM: You are connected to an agent.",
		"AGENT: hello", "SYSTEM: The agent has ended this chat.")
}

func TestConsoleStateIsSentOnlyWhenItChanged(t *testing.T) {
	l := newLab(t)
	c, b := l.console(t), l.browser(t)
	b.start("acme", "web", "u1")
	before := c.state("")
	again := func() int { return c.do("GET", "/api/state?change="+before.Change, "").Code }
	if got := again(); got != 204 {
		t.Errorf("unchanged state: %d, want 204", got)
	}
	b.poll()
	if got := again(); got != 204 {
		t.Errorf("state after an empty poll: %d, want 204", got)
	}
	l.pass(2 * desk.Lifetime)
	if got := again(); got != 200 {
		t.Errorf("state after a session expired: %d, want 200", got)
	}
	if c.only().Reason != desk.Expired {
		t.Errorf("reason %q, want expired", c.only().Reason)
	}
	c.order(204, "clear", nil)
	if s := c.state(""); len(s.Sessions) != 0 || len(s.Hops) != 0 {
		t.Errorf("after clear: %d sessions, %d hops", len(s.Sessions), len(s.Hops))
	}
}

// TestSIM7Timeline lists the hops of a token start and of one answer.
func TestSIM7Timeline(t *testing.T) {
	l := newLab(t)
	c, b := l.console(t), l.browser(t)
	l.Record(cecsim.Event{From: cecsim.Visitor, To: cecsim.Site, What: "POST /webchat/token", Tenant: "acme", Channel: "private", User: "u1"})
	b.do("POST", scripts+"thirdPartyClient.js", encode(l.userData(t, "acme", "private", "u1")))
	b.start("acme", "private", "u1")
	l.browser(t).start("globex", "help", "u1")
	l.browser(t).start("acme", "private", "u2")
	b.send("CONNECT", "")
	b.poll()
	id := ""
	for _, s := range c.state("").Sessions {
		if s.Visitor.Tenant == "acme" && s.Visitor.UserID == "u1" {
			id = s.ID
		}
	}
	c.order(204, "send", map[string]any{"session": id, "text": "hello"})
	l.pass(700e6)
	b.poll()
	var got []string
	for _, h := range c.state(id).Hops {
		got = append(got, fmt.Sprintf("%s>%s %s %v", h.From, h.To, h.What, h.Duration))
	}
	validate := "cec>site POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate 0s"
	same(t, "hops, newest first", got,
		"cec>visitor GET getMessageForWebChannel 700ms", "agent>cec send 0s", "cec>visitor GET getMessageForWebChannel 0s", "visitor>cec CONNECT 0s",
		"visitor>cec POST newThirdPartyClient.js 0s", validate, "visitor>cec POST thirdPartyClient.js 0s", validate, "visitor>site POST /webchat/token 0s")
	if all := c.do("GET", "/api/state?all=1&session="+id, "").Body.String(); !strings.Contains(all, `"tenant":"globex"`) {
		t.Error("the timeline of everybody lacks another tenant")
	}
}

func TestEventsAreBounded(t *testing.T) {
	l := newLab(t)
	b := l.browser(t)
	for range 1000 {
		b.call("GET", "getMessageForWebChannel", "")
	}
	if hops := l.console(t).state("").Hops; len(hops) != 1 || hops[0].Repeated != 999 {
		t.Errorf("a client that does not give up leaves %d events, want 1", len(hops))
	}
	for i := range 1000 {
		l.Record(cecsim.Event{What: fmt.Sprint(i), Request: strings.Repeat("长", 5000)})
	}
	hops := l.console(t).state("").Hops
	if len(hops) != 100 || hops[0].What != "999" || len(hops[0].Request) > 4100 || !strings.HasSuffix(hops[0].Request, "长…") {
		t.Errorf("%d events, newest %q with %d bytes", len(hops), hops[0].What, len(hops[0].Request))
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	l := newLab(t)
	c := l.console(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			b := l.browser(t)
			b.start("acme", "web", fmt.Sprint("user", i))
			b.send("CONNECT", "")
			for range 20 {
				b.send("CHAT", "hello")
				b.poll()
			}
		})
		all.Go(func() {
			for range 20 {
				for _, s := range c.state("").Sessions {
					c.do("POST", "/api/send", encode(map[string]any{"session": s.ID, "text": "hi"}))
				}
				l.SetSite(exampleSite())
			}
		})
	}
	all.Wait()
	if got := len(c.state("").Sessions); got != 8 {
		t.Errorf("%d sessions, want 8", got)
	}
}
