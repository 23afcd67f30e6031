package cecsim_test

import (
	"net/http"
	"strings"
	"testing"
)

const acmeOrigin = "https://www.acme.example"

// TestSEC21CORS asks from allowed and foreign origins, with every way to an answer.
func TestSEC21CORS(t *testing.T) {
	l := newLab(t)
	session := l.browser(t)
	session.start("acme", "web", "u1")
	good := encode(l.userData(t, "acme", "web", "u9"))
	for _, tc := range []struct {
		name           string
		b              *browser
		method, path   string
		body           string
		origin, allows string
	}{
		{"start", l.browser(t), "POST", scripts + "newThirdPartyClient.js", good, acmeOrigin, acmeOrigin},
		{"start from another tenant", l.browser(t), "POST", scripts + "newThirdPartyClient.js", good, "https://www.globex.example", ""},
		{"start from elsewhere", l.browser(t), "POST", scripts + "newThirdPartyClient.js", good, "https://evil.example", ""},
		{"start without origin", l.browser(t), "POST", scripts + "newThirdPartyClient.js", good, "", ""},
		{"refused start", l.browser(t), "POST", scripts + "newThirdPartyClient.js", "{}", acmeOrigin, acmeOrigin},
		{"poll", session, "GET", facade + "getMessageForWebChannel", "", acmeOrigin, acmeOrigin},
		{"poll from another tenant", session, "GET", facade + "getMessageForWebChannel", "", "https://www.globex.example", ""},
		{"poll from null", session, "GET", facade + "getMessageForWebChannel", "", "null", ""},
		{"poll from another port", session, "GET", facade + "getMessageForWebChannel", "", acmeOrigin + ":8443", ""},
		{"401", l.browser(t), "GET", facade + "getMessageForWebChannel", "", acmeOrigin, acmeOrigin},
		{"405", l.browser(t), "GET", scripts + "newThirdPartyClient.js", "", acmeOrigin, acmeOrigin},
	} {
		h := tc.b.do(tc.method, tc.path, tc.body, "Origin", tc.origin).Header
		if got := h.Get("Access-Control-Allow-Origin"); got != tc.allows {
			t.Errorf("%s: Access-Control-Allow-Origin %q, want %q", tc.name, got, tc.allows)
		}
		if got := h.Get("Access-Control-Allow-Credentials") == "true"; got != (tc.allows != "") {
			t.Errorf("%s: credentials allowed: %t", tc.name, got)
		}
		if got := h.Get("Vary"); got != "Origin" {
			t.Errorf("%s: Vary %q, want Origin", tc.name, got)
		}
	}
}

func TestSEC21Preflight(t *testing.T) {
	l := newLab(t)
	ask := func(origin string) *http.Response {
		return l.browser(t).do("OPTIONS", facade+"sendMessageForWebChannel", "", "Origin", origin,
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	}
	r := ask(acmeOrigin)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": acmeOrigin, "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type", "Vary": "Origin",
	} {
		if got := r.Header.Get(name); got != want || r.StatusCode != 204 {
			t.Errorf("preflight: %d, %s %q, want 204 and %q", r.StatusCode, name, got, want)
		}
	}
	for _, origin := range []string{"https://evil.example", "null", "", "*"} {
		r := ask(origin)
		for name := range r.Header {
			if strings.HasPrefix(name, "Access-Control") || r.StatusCode != 403 {
				t.Errorf("preflight from %q: %d with %s", origin, r.StatusCode, name)
			}
		}
	}
}
