package chatauth

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/site"
)

// devAddresses are those of a laptop: one origin per tenant, and one for all.
func devAddresses(o *Options) {
	o.Addresses = []Address{
		{Host: "acme.localhost:8400", Origin: "http://acme.localhost:8400", Tenants: []string{"acme"}},
		{Host: "globex.localhost:8400", Origin: "http://globex.localhost:8400", Tenants: []string{"globex"}},
		{Host: "127.0.0.1:8400", Origin: "http://127.0.0.1:8400", Tenants: []string{"acme", "globex"}},
		{Host: "[::1]:8400", Origin: "http://[::1]:8400", Tenants: []string{"acme", "globex"}},
	}
}

func wantNoCORS(t *testing.T, r reply) {
	t.Helper()
	for name := range r.Header() {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s: %s", name, r.Header().Get(name))
		}
	}
}

func TestSEC4Origin(t *testing.T) {
	s := newTestService(t)
	for _, path := range []string{signPath, tokenPath} {
		body := map[string]string{signPath: supportBody, tokenPath: names(acmeSpace, acmePrivate)}[path]
		for _, origin := range []string{
			"", "null", "https://evil.example", globexOrigin, "http://www.acme.example", "https://www.acme.example:8443",
			"https://www.acme.example:443", "https://www.acme.example/", "https://WWW.acme.example", "https://192.0.2.1", "https://127.0.0.1",
			"https://www.acme.example.evil.example", "https://evilwww.acme.example", "https://acme.example", "https://www.acme.example, https://evil.example",
			"www.acme.example", "https://www.acme.example\x00", " ", "*",
		} {
			r := do(s, request{path: path, body: body, header: map[string]string{"Origin": origin}})
			r.want(t, 403, "origin_not_allowed")
			wantNoCORS(t, r)
		}
		r := do(s, request{path: path, body: body})
		r.want(t, 200, "")
		wantNoCORS(t, r) // the page's own origin needs none
		if r.Header().Get("Vary") != "Origin" {
			t.Errorf("Vary %q", r.Header().Get("Vary"))
		}
	}
}

func TestSEC4TwoOrigins(t *testing.T) {
	s := newTestService(t)
	q := request{body: supportBody}.http()
	q.Header["Origin"] = []string{acmeOrigin, acmeOrigin}
	if r := serve(s, q); r.Code != 403 {
		t.Errorf("got %d", r.Code)
	}
}

// An origin of the tenant's that is not the Host's own is a cross-origin page of the tenant.
func TestSEC4CrossOrigin(t *testing.T) {
	s := newTestService(t, devAddresses)
	page := "http://acme.localhost:8400"
	r := do(s, request{host: "127.0.0.1:8400", header: map[string]string{"Origin": page}, body: supportBody})
	r.want(t, 200, "")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":      page,
		"Access-Control-Allow-Credentials": "true",
		"Access-Control-Expose-Headers":    "Third-User-Id, Third-User-Name, Retry-After",
		"Vary":                             "Origin",
	} {
		if got := r.Header().Values(name); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	// A refusal is for the page to read, too.
	r = do(s, request{host: "127.0.0.1:8400", header: map[string]string{"Origin": page}, body: "{"})
	r.want(t, 400, "malformed_body")
	if r.Header().Get("Access-Control-Allow-Origin") != page {
		t.Error("the page cannot read the refusal")
	}
	// At a Host of many tenants, an origin counts for its own tenant only.
	r = do(s, request{host: "127.0.0.1:8400", header: map[string]string{"Origin": page}, body: names(globexSpace, globexHelp)})
	r.want(t, 403, "origin_not_allowed")
	wantNoCORS(t, r)
	for _, host := range []string{"127.0.0.1:8400", "[::1]:8400"} {
		r = do(s, request{host: host, header: map[string]string{"Origin": "http://" + host}, body: names(globexSpace, globexHelp)})
		r.want(t, 200, "")
		wantNoCORS(t, r)
	}
}

func TestSEC4Preflight(t *testing.T) {
	s := newTestService(t, devAddresses)
	preflight := func(origin, path, method string) reply {
		return do(s, request{method: "OPTIONS", host: "127.0.0.1:8400", path: path, header: map[string]string{
			"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type",
		}})
	}
	r := preflight("http://acme.localhost:8400", signPath, "POST")
	r.want(t, 204, "")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":      "http://acme.localhost:8400",
		"Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Methods":     "POST",
		"Access-Control-Allow-Headers":     "Accept, Content-Type",
		"Vary":                             "Origin",
	} {
		if got := r.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for _, origin := range []string{"", "null", "https://evil.example", acmeOrigin} {
		r := preflight(origin, signPath, "POST")
		r.want(t, 403, "origin_not_allowed")
		wantNoCORS(t, r)
	}
	r = preflight("http://acme.localhost:8400", validatePath, "POST") // not for browsers
	r.wantRetCode(t, 405, retMalformed)
	wantNoCORS(t, r)
	r = preflight("http://acme.localhost:8400", signPath, "")
	r.want(t, 405, "method_not_allowed")
}

func TestSEC4OnlyPOST(t *testing.T) {
	s := newTestService(t)
	for _, path := range []string{signPath, tokenPath, validatePath} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "post", "BREW"} {
			q := request{path: path, body: supportBody}.http()
			q.Method = method
			r := serve(s, q)
			if r.Code != 405 || r.Header().Get("Allow") != "POST" {
				t.Errorf("%s %s: got %d, Allow %q", method, path, r.Code, r.Header().Get("Allow"))
			}
			wantNoCORS(t, r)
		}
	}
}

func TestSEC5UnknownHost(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Health = "127.0.0.1:8480" })
	hosts := []string{
		"", "evil.example", "www.acme.example.evil.example", "www.acme.example.", "www.acme.example:80", "www.acme.example:8443",
		"acme.example", "127.0.0.1", "localhost", "127.0.0.1:8480", "[::1]:8480", "user@www.acme.example", "www.acme.example/", "www.acme.example#",
		"www.acme.example\x00", "\u212a", "..", ":", "[", "www.acme.example:443:443",
	}
	for _, path := range []string{signPath, tokenPath, validatePath, "/", "/healthz", "/else"} {
		for _, host := range hosts {
			q := request{path: path, body: supportBody, header: map[string]string{"Origin": "https://" + host}}.http()
			q.Host = host
			r := serve(s, q)
			wantNoCORS(t, r)
			service := strings.HasSuffix(host, ":8480") // known, but not for the endpoints
			if want := map[bool]int{true: 404, false: 421}[service]; r.Code != want {
				t.Errorf("%q %s: got %d, want %d", host, path, r.Code, want)
			}
		}
	}
	for _, host := range []string{acmeHost, "WWW.ACME.example", "www.acme.example:443"} {
		do(s, request{host: host, body: supportBody}).want(t, 200, "")
		do(s, request{host: host, path: "/else", body: supportBody}).want(t, 404, "not_found")
	}
}

func TestHealth(t *testing.T) {
	s := newTestService(t, func(o *Options) { o.Health = "10.0.0.5:8480" })
	for host, want := range map[string]int{
		"10.0.0.5:8480": 200, "127.0.0.1:8480": 200, "[::1]:8480": 200, "localhost:8480": 200,
		"10.0.0.6:8480": 421, "127.0.0.1:80": 421, "127.0.0.1": 421, acmeHost: 404, "evil.example:8480": 421,
	} {
		if r := do(s, request{method: "GET", host: host, path: "/healthz"}); r.Code != want {
			t.Errorf("%s: got %d, want %d", host, r.Code, want)
		}
	}
	do(s, request{host: "127.0.0.1:8480", path: "/healthz"}).want(t, 404, "not_found")
	do(newTestService(t), request{method: "GET", host: "127.0.0.1:8480", path: "/healthz"}).want(t, 421, "unknown_host")
}

func TestAddresses(t *testing.T) {
	s := &site.Site{Tenants: []*site.Tenant{
		{ID: "a", Origin: "https://www.a.example"},
		{ID: "b", Origin: "https://B.example:443"},
		{ID: "c", Origin: "https://www.a.example:443"},
		{ID: "d", Origin: "http://localhost:8080"},
		{ID: "e", Origin: "https://[2001:db8::1]:8443"},
	}}
	want := []Address{
		{"www.a.example", "https://www.a.example", []string{"a", "c"}},
		{"b.example", "https://b.example", []string{"b"}},
		{"localhost:8080", "http://localhost:8080", []string{"d"}},
		{"[2001:db8::1]:8443", "https://[2001:db8::1]:8443", []string{"e"}},
	}
	got := Addresses(s)
	if !slices.EqualFunc(got, want, func(a, b Address) bool {
		return a.Host == b.Host && a.Origin == b.Origin && slices.Equal(a.Tenants, b.Tenants)
	}) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestNewRefuses(t *testing.T) {
	address := func(host, origin string, tenants ...string) func(*Options) {
		return func(o *Options) { o.Addresses = []Address{{host, origin, tenants}} }
	}
	for want, change := range map[string]func(*Options){
		"no site":                       func(o *Options) { o.Site = nil },
		"no addresses":                  func(o *Options) { o.Addresses = nil },
		"no resolver":                   func(o *Options) { o.Secrets = nil },
		"no clock":                      func(o *Options) { o.Now = nil },
		"or no random":                  func(o *Options) { o.Rand = nil },
		`unknown tenant "nobody"`:       address(acmeHost, acmeOrigin, "nobody"),
		`origin "ftp://x": want`:        address("x", "ftp://x", "acme"),
		`origin "https://x/path": want`: address("x", "https://x/path", "acme"),
		`origin "https://u@x": want`:    address("x", "https://u@x", "acme"),
		`origin "https://X": browsers write it "https://x`: address("x", "https://X", "acme"),
		`origin "https://x:443": browsers write it`:        address("x", "https://x:443", "acme"),
		`host "x/y": want`:               address("x/y", "https://x", "acme"),
		`no host`:                        address("", "https://x", "acme"),
		`tenant "acme" has host x twice`: address("x", "https://x", "acme", "acme"),
		"is the authorization and the token endpoint": func(o *Options) { o.Site.Tenants[0].Endpoints.Token = signPath },
	} {
		if _, err := New(testOptions(change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Tenants may share an origin: then the path and the names in the body decide.
func TestSharedOrigin(t *testing.T) {
	s := newTestService(t, func(o *Options) {
		o.Site.Tenants[1].Origin = acmeOrigin
		o.Site.Tenants[1].Endpoints = site.Endpoints{Authorization: signPath, Token: "/globex/token", Validation: validatePath}
		o.Addresses = Addresses(o.Site)
	})
	do(s, request{body: supportBody}).want(t, 200, "")
	do(s, request{body: names(globexSpace, globexHelp)}).want(t, 200, "")
	do(s, request{path: "/globex/token", body: names(acmeSpace, acmePrivate)}).want(t, 404, "unknown_channel")
	validateAlice(s, aliceToken(t, s)).wantRetCode(t, 200, retGenuine)
}

func TestServes(t *testing.T) {
	s := newTestService(t)
	for _, c := range []struct {
		host, path string
		want       bool
	}{{acmeHost, signPath, true}, {globexHost, validatePath, true}, {acmeHost, "/", false}, {"evil.example", signPath, false}} {
		q := request{method: http.MethodGet, host: c.host, path: c.path}.http()
		if got := s.Serves(q); got != c.want {
			t.Errorf("%s%s: got %v", c.host, c.path, got)
		}
	}
}
