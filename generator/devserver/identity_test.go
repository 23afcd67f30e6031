package devserver

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// who asks the services' side whom a request names.
func (p *project) whoIs(host, cookie string) string {
	r := httptest.NewRequest(http.MethodPost, "http://"+p.at(host)+"/webchat/token", nil)
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id, name, ok := p.who(r)
	return fmt.Sprint(id, " ", name, " ", ok)
}

func TestIdentity(t *testing.T) {
	p := startProject(t)
	if got := p.whoIs("acme.localhost", ""); got != "10010001 Ada Example true" {
		t.Errorf("at first: %s", got)
	}
	form := "Content-Type: application/x-www-form-urlencoded"
	set := func(host, body string) answer {
		t.Helper()
		got := p.do(http.MethodPost, host, "/_embedgen/identity", body, form, "Origin: http://"+p.at(host))
		if got.status != http.StatusSeeOther || got.header.Get("Location") != "../#identity" {
			t.Fatalf("%s: status %d, %q", body, got.status, got.header.Get("Location"))
		}
		return got
	}
	set("127.0.0.1", "action=be&id=u-1&name=%E7%8E%8B%E5%B0%8F%E6%98%8E")
	if got := p.whoIs("acme.localhost", ""); got != "u-1 王小明 true" {
		t.Errorf("set for all: %s", got)
	}
	own := set("acme.localhost", "action=be&id=u-2&name=Bob").header.Get("Set-Cookie")
	cookie, _, _ := strings.Cut(own, ";")
	if !strings.Contains(own, "HttpOnly") || !strings.Contains(own, "SameSite=Lax") {
		t.Errorf("cookie %q", own)
	}
	if got := p.whoIs("acme.localhost", cookie) + ", " + p.whoIs("globex.localhost", ""); got != "u-2 Bob true, u-1 王小明 true" {
		t.Errorf("two users: %s", got)
	}
	out, _, _ := strings.Cut(set("acme.localhost", "action=none").header.Get("Set-Cookie"), ";")
	if got := p.whoIs("acme.localhost", out); got != "  false" {
		t.Errorf("signed out on one host: %s", got)
	}
	if back := set("acme.localhost", "action=all").header.Get("Set-Cookie"); !strings.Contains(back, "Max-Age=0") {
		t.Errorf("back to all: %q", back)
	}
	set("localhost", "action=none")
	if got := p.whoIs("acme.localhost", ""); got != "  false" {
		t.Errorf("signed out everywhere: %s", got)
	}
	if page := p.get("127.0.0.1", "/", asBrowser).body; !strings.Contains(page, "signed out") {
		t.Error("the dashboard does not say so")
	}
	for _, bad := range []string{"action=be&id=&name=x", "action=be&id=a/b&name=x", "action=be&id=a;b&name=x", "action=be&id=a&name=", "action=be&id=a&name=x%0Ay", "action=be&id=" + strings.Repeat("a", 33) + "&name=x", "action=be&id=%ff&name=x"} {
		if got := p.do(http.MethodPost, "127.0.0.1", "/_embedgen/identity", bad, form); got.status != http.StatusBadRequest {
			t.Errorf("%s: status %d", bad, got.status)
		}
	}
	for _, bad := range []string{"embedgen-dev-user=%%", "embedgen-dev-user=e30x", "embedgen-dev-user=eyJpZCI6ImEvYiIsIm5hbWUiOiJ4In0"} {
		if got := p.whoIs("acme.localhost", bad); got != "  false" {
			t.Errorf("%s counts: %s", bad, got)
		}
	}
}

// beyond is a listener that other machines would reach.
type beyond struct {
	net.Listener
	ip net.IP
}

func (b beyond) Addr() net.Addr { return &net.TCPAddr{IP: b.ip, Port: 8400} }

func TestSEC20BeyondLoopbackNobodyChoosesWhoToBe(t *testing.T) {
	p := newProject(t)
	o := p.options()
	pages, err := loadPages(o.Templates)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(o, pages, beyond{ip: net.IPv4(192, 0, 2, 1)})
	s.warn(beyond{ip: net.IPv4(192, 0, 2, 1)})
	if note := p.await("note"); !strings.Contains(note.Message, "warning") {
		t.Errorf("note %q", note.Message)
	}
	s.rebuild(t.Context(), nil)
	ask := func(method, host, target string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://"+host+target, strings.NewReader("action=be&id=a&name=b"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	if got := p.whoIs("acme.localhost", "embedgen-dev-user=eyJpZCI6ImEiLCJuYW1lIjoieCJ9"); got != "  false" {
		t.Errorf("somebody is: %s", got)
	}
	if got := ask(http.MethodPost, "192.0.2.1:8400", "/_embedgen/identity"); got.Code != http.StatusForbidden {
		t.Errorf("status %d", got.Code)
	}
	page := ask(http.MethodGet, "192.0.2.1:8400", "/").Body.String()
	if strings.Contains(page, "<form") || strings.Contains(page, "Ada Example") {
		t.Error("the box is there")
	}
	if strings.Contains(page, "http://acme.localhost") {
		t.Error("links to a name that only the server's machine resolves")
	}
	for host, want := range map[string]int{"192.0.2.1:8400": 200, "127.0.0.1:8400": 200, "192.0.2.1": 421, "192.0.2.2:8400": 421, "evil.example:8400": 421} {
		if got := ask(http.MethodGet, host, "/"); got.Code != want {
			t.Errorf("Host %s: status %d, want %d", host, got.Code, want)
		}
	}
	for _, host := range ownHosts(beyond{ip: net.IPv4zero}) {
		if ip, _, _ := net.SplitHostPort(host); net.ParseIP(ip) == nil || net.ParseIP(ip).IsLoopback() {
			t.Errorf("listening everywhere: %s", host)
		}
	}
}

// What only this server's pages may ask for.
func TestSEC21ForeignPagesReadAndChangeNothing(t *testing.T) {
	p := startProject(t)
	own := "http://" + p.at("127.0.0.1")
	type row struct {
		name    string
		headers []string
		data    int // of a request for data
		page    int // of a navigation
	}
	for _, row := range []row{
		{"no browser", nil, 200, 200},
		{"own page", []string{"Origin: " + own}, 200, 200},
		{"own page without Origin", []string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"}, 200, 200},
		{"typed address", []string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200, 200},
		{"link of another site", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 403, 200},
		{"frame of another site", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, 403, 403},
		{"script of another site", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"}, 403, 403},
		{"another port", []string{"Sec-Fetch-Site: same-site"}, 403, 403},
		{"foreign Origin", []string{"Origin: http://evil.example"}, 403, 403},
		{"another tenant's Origin", []string{"Origin: http://" + p.at("acme.localhost")}, 403, 403},
		{"https Origin", []string{"Origin: https://" + p.at("127.0.0.1")}, 403, 403},
		{"null Origin", []string{"Origin: null"}, 403, 403},
		{"two Origins", []string{"Origin: " + own, "Origin: http://evil.example"}, 403, 403},
	} {
		for _, url := range []string{"/_embedgen/requests.json", "/_embedgen/status.json", "/_embedgen/worker.js"} {
			if got := p.get("127.0.0.1", url, row.headers...); got.status != row.data {
				t.Errorf("%s, %s: status %d, want %d", row.name, url, got.status, row.data)
			}
		}
		for _, url := range []string{"/_embedgen/requests", "/_embedgen/agent/", "/_embedgen/demo/acme/web_support"} {
			if got := p.get("127.0.0.1", url, row.headers...); got.status != row.page {
				t.Errorf("%s, %s: status %d, want %d", row.name, url, got.status, row.page)
			}
		}
		if row.data == http.StatusForbidden {
			if got := p.get("127.0.0.1", "/_embedgen/events", row.headers...); got.status != http.StatusForbidden {
				t.Errorf("%s, the stream: status %d", row.name, got.status)
			}
			post := p.do(http.MethodPost, "127.0.0.1", "/_embedgen/identity", "action=none", append(row.headers, "Content-Type: application/x-www-form-urlencoded")...)
			if post.status != http.StatusForbidden {
				t.Errorf("%s, identity: status %d", row.name, post.status)
			}
		}
	}
}
