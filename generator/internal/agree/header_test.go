package agree

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestNG5DS19Connection: Host and SNI are CEC's, HTTP/1.1 with reuse, no Connection header.
func TestNG5DS19Connection(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for range 10 {
			s.get("/service-cloud/x")
		}
		asked := s.acme.Requests()
		for _, a := range asked {
			if want := s.config["Host"] + ":" + s.acme.Port; a.Host != want || a.SNI != s.config["Host"] || a.Proto != "HTTP/1.1" || a.TLS < tls.VersionTLS12 {
				t.Errorf("Host %q, SNI %q, %s, TLS %x; want %s", a.Host, a.SNI, a.Proto, a.TLS, want)
			}
			if len(a.Header["Connection"])+len(a.Header["Upgrade"])+len(a.Header["Keep-Alive"]) != 0 && s.reuses() {
				t.Errorf("Connection %q, Upgrade %q", a.Header["Connection"], a.Header["Upgrade"])
			}
		}
		if last := asked[len(asked)-1].Conn; last != 1 && s.reuses() {
			t.Errorf("%d requests took %d connections", len(asked), last)
		}
	})
}

// reuses reports whether the server keeps connections to CEC: nginx before 1.27.3 does not when it
// looks up CEC's name for each request.
func (s *server) reuses() bool { return s.config["Resolver"] == "" }

// TestNG9DS19Headers: what a client claims does not arrive, and neither do the site's secrets.
func TestNG9DS19Headers(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, prefix := range s.tenants() {
			s.get(prefix+"/service-cloud/x",
				"X-Real-IP: 6.6.6.6", "X-Forwarded-For: 6.6.6.6, 7.7.7.7", "X-Forwarded-Proto: gopher",
				"X-Forwarded-Host: evil.example", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /x", "Forwarded: for=6.6.6.6",
				"X-Client-IP: 6.6.6.6", "True-Client-IP: 6.6.6.6", "Proxy: http://evil.example",
				"X-Original-URL: /admin", "X-Rewrite-URL: /admin", "Proxy-Authorization: Basic c2l0ZQ==",
				"Authorization: Basic c2l0ZTpzZWNyZXQ=",
				"Cookie: session=site; ccmessaging-token=abc%3D; xccmessaging-token=no; JSESSIONID=site",
				"X_Real_IP: 6.6.6.6", "X_FORWARDED_FOR: 6.6.6.6", "Connection: X-Real-IP, X-Forwarded-For, close", "TE: trailers", "Keep-Alive: 300",
				"X-Custom: kept", "Origin: https://www.acme.example", "Referer: https://www.acme.example/a", "Accept-Language: zh", "User-Agent: test")
			got := s.cec(prefix).One(t).Header
			for name := range got {
				if strings.Contains(name, "_") && s.scheme == "https" {
					t.Errorf("%s reaches CEC, which may take it for another", name)
				}
			}
			for name, want := range map[string]string{
				"X-Real-IP": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": s.scheme,
				"X-Forwarded-Host": "", "X-Forwarded-Port": "", "X-Forwarded-Prefix": "", "Forwarded": "",
				"X-Client-IP": "", "True-Client-IP": "", "Proxy": "",
				"X-Original-URL": "", "X-Rewrite-URL": "", "Proxy-Authorization": "", "Keep-Alive": "",
				"Authorization": "", "Cookie": "ccmessaging-token=abc%3D",
				"X-Custom": "kept", "Origin": "https://www.acme.example", "Referer": "https://www.acme.example/a", "Accept-Language": "zh", "User-Agent": "test",
			} {
				if all := strings.Join(got.Values(name), " | "); all != want {
					t.Errorf("%s%s: %q, want %q", prefix, name, all, want)
				}
			}
		}
	})
}

// cookies is what a browser sends, and what CEC gets.
var cookies = map[string]string{
	"":                                    "",
	"a=b":                                 "",
	"ccmessaging-token=v":                 "ccmessaging-token=v",
	"a=b;ccmessaging-token=v;c=d":         "ccmessaging-token=v",
	"a=b; ccmessaging-token=eyJ%2B/+=; c": "ccmessaging-token=eyJ%2B/+=",
	"a=ccmessaging-token=v":               "",
	"xccmessaging-token=v":                "",
	"ccmessaging-tokenx=v":                "",
	"CCMESSAGING-TOKEN=v":                 "",
	"ccmessaging-token=first; a=b; ccmessaging-token=second": "ccmessaging-token=first",
}

func TestNG9DS19Cookies(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for sent, want := range cookies {
			s.get("/service-cloud/x", "Cookie: "+sent)
			if got := strings.Join(s.acme.One(t).Header.Values("Cookie"), " | "); got != want {
				t.Errorf("Cookie %q arrives as %q, want %q", sent, got, want)
			}
		}
		s.get("/service-cloud/x", "Cookie: session=site", "Cookie: a=b; ccmessaging-token=v", "Cookie: c=d")
		if got := strings.Join(s.acme.One(t).Header.Values("Cookie"), " | "); got != "ccmessaging-token=v" {
			t.Errorf("of three Cookie lines %q arrives", got)
		}
	})
}

// cecCookies are the forms in which a CEC may set its cookie, and the attributes with which they
// reach a browser, but for Secure and SameSite. The shorter context shares its origin with the
// longer one, so a cookie for all of CEC becomes one for the context.
var cecCookies = []struct{ line, acme, globex string }{
	{"ccmessaging-token=v; Domain=%s; Path=/", "Path=/service-cloud/", "Path=/globex/"},
	{"ccmessaging-token=v; Domain=.besclouds.com; Path=/service-cloud", "Path=/service-cloud", "Path=/globex/service-cloud"},
	{"ccmessaging-token=v; domain=besclouds.com; path=/service-cloud/", "Path=/service-cloud/", "Path=/globex/service-cloud/"},
	{"ccmessaging-token=v", "", ""},
	{"ccmessaging-token=v; Path=/; SameSite=None; Secure; HttpOnly", "Path=/service-cloud/; HttpOnly", "Path=/globex/; HttpOnly"},
	{"ccmessaging-token=v; Path=/; secure; httponly; samesite=strict", "Path=/service-cloud/; HttpOnly", "Path=/globex/; HttpOnly"},
	{"ccmessaging-token=eyJ%2B/+=; Path=/; Max-Age=3600; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "Path=/service-cloud/; Max-Age=3600", "Path=/globex/; Max-Age=3600"},
	{"ccmessaging-token=v; Path=/service-cloud; Secure; SameSite=None; Partitioned; Priority=High", "Path=/service-cloud", "Path=/globex/service-cloud"},
	{"gone=; Path=/; Max-Age=0", "Path=/service-cloud/; Max-Age=0", "Path=/globex/; Max-Age=0"},
}

func TestNG7DS19CookiesBack(t *testing.T) {
	through(t, func(t *testing.T, s *server) {
		for _, row := range cecCookies {
			line := strings.ReplaceAll(row.line, "%s", s.config["Host"])
			s.both(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Add("Set-Cookie", line)
				w.Header().Add("Set-Cookie", "second=2; Path=/service-cloud")
			})
			for _, prefix := range s.tenants() {
				want := row.acme
				if prefix != "" {
					want = row.globex
				}
				checkCookie(t, s, prefix, line, want)
			}
		}
	})
}

func checkCookie(t *testing.T, s *server, prefix, line, want string) {
	t.Helper()
	lines := s.get(prefix + "/service-cloud/x").Header.Values("Set-Cookie")
	if len(lines) != 2 {
		t.Errorf("%s: %d Set-Cookie lines, want 2: %q", line, len(lines), lines)
		return
	}
	want = "x=; " + want + "; SameSite=Lax"
	if s.scheme == "https" {
		want += "; Secure"
	}
	if got := attributes(lines[0]); got != attributes(want) {
		t.Errorf("%s%s comes back as %q: %s, want %s", prefix, line, lines[0], got, attributes(want))
	}
	sent, _, _ := strings.Cut(line, ";")
	if got, _, _ := strings.Cut(lines[0], ";"); got != sent {
		t.Errorf("%s%s comes back as %q", prefix, line, lines[0])
	}
}

// attributes lists a cookie's attributes in a fixed form. A Domain that is the host itself is as
// good as none.
func attributes(line string) string {
	c, err := http.ParseSetCookie(line)
	if err != nil {
		return err.Error()
	}
	if c.Domain == "www.acme.example" || c.Domain == "localhost" {
		c.Domain = ""
	}
	return fmt.Sprintf("Domain=%s Path=%s Secure=%t HttpOnly=%t SameSite=%d MaxAge=%d", c.Domain, c.Path, c.Secure, c.HttpOnly, c.SameSite, c.MaxAge)
}

// TestNG8DS19Redirects: in a Location of CEC's, %s is CEC's address, and %p in what is wanted the
// prefix.
func TestNG8DS19Redirects(t *testing.T) {
	locations := map[string]string{
		"https://%s/service-cloud/a?b=c":         "%p/service-cloud/a?b=c",
		"http://%s/service-cloud/a":              "%p/service-cloud/a",
		"//%s/service-cloud/a":                   "%p/service-cloud/a",
		"https://%s/service-cloud":               "%p/service-cloud",
		"https://%s/service-cloud?a":             "%p/service-cloud?a",
		"/service-cloud/a#b":                     "%p/service-cloud/a#b",
		"/service-cloud/a?u=https://x/y":         "%p/service-cloud/a?u=https://x/y",
		"next":                                   "next",
		"./next?x":                               "./next?x",
		"https://other.example/a":                "https://other.example/a",
		"https://other.example/service-cloud/a":  "https://other.example/service-cloud/a",
		"https://%s.evil.example/service-cloud/": "https://%s.evil.example/service-cloud/",
		"https://%s/service-cloudX/a":            "https://%s/service-cloudX/a",
	}
	through(t, func(t *testing.T, s *server) {
		for _, prefix := range s.tenants() {
			address := s.config["Host"] + ":" + s.cec(prefix).Port
			fill := strings.NewReplacer("%s", address, "%p", prefix)
			for location, want := range locations {
				for _, status := range []int{301, 302, 303, 307, 308, 201} {
					s.both(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Location", fill.Replace(location))
						w.WriteHeader(status)
					})
					r := s.get(prefix + "/service-cloud/x")
					if got := join(r, "Location"); r.Status != status || got != fill.Replace(want) {
						t.Errorf("%s: %d %s comes back as %d %q, want %q", prefix, status, location, r.Status, got, want)
					}
				}
			}
		}
	})
}
