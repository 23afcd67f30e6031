package agree

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// TestNG6DS19Certificates: a CEC whose certificate is wrong is not asked.
func TestNG6DS19Certificates(t *testing.T) {
	root, stranger := lab.NewCA(t), lab.NewCA(t)
	for _, row := range []struct {
		name  string
		ca    *lab.CA
		leaf  lab.Leaf
		tls13 bool
		ok    bool
	}{
		{"good", root, lab.Leaf{}, false, true},
		{"two intermediates", root, lab.Leaf{Intermediates: 2}, false, true},
		{"TLS 1.3 only", root, lab.Leaf{}, true, true},
		{"expired", root, lab.Leaf{NotAfter: time.Now().Add(-time.Hour)}, false, false},
		{"untrusted", stranger, lab.Leaf{}, false, false},
		{"wrong name", root, lab.Leaf{Hosts: []string{"other.example"}}, false, false},
	} {
		for _, k := range starters {
			t.Run(row.name+"/"+k.name, func(t *testing.T) {
				t.Parallel()
				leaf := row.leaf
				if leaf.Hosts == nil {
					leaf.Hosts = []string{hostOf(k.resolver)}
				}
				cert := row.ca.Issue(t, leaf)
				s := k.start(t, newStageFor(t, root, k.resolver, lab.CECOptions{Cert: &cert, TLS13: row.tls13}))
				r := s.get("/service-cloud/x")
				if asked := len(s.acme.Requests()); row.ok != (r.Status == 200 && asked == 1) || !row.ok && (r.Status != 502 || asked != 0) {
					t.Errorf("status %d, %d requests", r.Status, asked)
				}
			})
		}
	}
}

// endpoints of acme; each has its like below /globex.
var endpoints = []string{"/webchat/authorizationService", "/webchat/token", "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"}

// throughOwn is through with the servers that pass the endpoints on to a signer.
func throughOwn(t *testing.T, test func(*testing.T, *server)) {
	throughThose(t, withSigner, test)
}

// private fails unless an answer says exactly once that it must not be stored.
func private(t *testing.T, path string, r lab.Response) {
	t.Helper()
	if join(r, "Cache-Control") != "no-store" || join(r, "X-Content-Type-Options") != "nosniff" || join(r, "Expires") != "" {
		t.Errorf("%s, status %d: Cache-Control %q, X-Content-Type-Options %q, Expires %q", path, r.Status,
			join(r, "Cache-Control"), join(r, "X-Content-Type-Options"), join(r, "Expires"))
	}
}

func TestNG12Exact(t *testing.T) {
	throughOwn(t, func(t *testing.T, s *server) {
		for _, path := range endpoints {
			if r := s.send("POST", path+"?q=%2F&x", "{}"); r.Status != 200 {
				t.Errorf("%s: %d", path, r.Status)
			}
			got := s.signer.One(t)
			if got.Method != "POST" || got.Target != path+"?q=%2F&x" || string(got.Body) != "{}" || got.Proto != "HTTP/1.1" {
				t.Errorf("%s arrives as %s %s %q", path, got.Method, got.Target, got.Body)
			}
			s.get(path)
			s.get(path)
			if asked := s.signer.Requests(); len(asked) != 2 || asked[1].Method != "GET" {
				t.Errorf("%s: the signer is asked %d times of 2", path, len(asked))
			}
			s.send("POST", path, "{}")
			if again := s.signer.One(t); again.Conn != got.Conn {
				t.Errorf("%s: another connection to the signer", path)
			}
			for _, near := range []string{path + "/", path + "/x", path + "x", path + "%2f..%2fadmin", path + "/../admin", path + ";x", strings.ToUpper(path), "/webchat/", "/webchat"} {
				s.send("POST", near, "{}")
				if asked := s.signer.Requests(); len(asked) != 0 {
					t.Errorf("%s reaches the signer as %s", near, asked[0].Target)
				}
			}
		}
		s.quiet("endpoints")
	})
}

func TestNG12NoStore(t *testing.T) {
	throughOwn(t, func(t *testing.T, s *server) {
		for _, path := range endpoints {
			for _, status := range []int{200, 204, 400, 401, 403, 405, 429, 500, 503} {
				for _, own := range []string{"no-store", "public, max-age=60", ""} {
					s.signer.Answer(func(w http.ResponseWriter, _ *http.Request) {
						if own != "" {
							w.Header().Set("Cache-Control", own)
						}
						w.Header().Set("X-Content-Type-Options", "nosniff")
						w.Header().Add("Set-Cookie", "__Host-embedgen-guest-acme=1; Path=/; HttpOnly; Secure; SameSite=Lax")
						w.Header().Set("X-Signer", "1")
						w.Header().Set("Content-Type", "text/plain")
						w.WriteHeader(status)
					})
					r := s.send("POST", path, "{}")
					for join(r, "X-Signer") == "" { // this test asks more than the limit allows
						time.Sleep(100 * time.Millisecond)
						r = s.send("POST", path, "{}")
					}
					if r.Status != status {
						t.Errorf("%s: %d, want the signer's own %d", path, r.Status, status)
					}
					if got := join(r, "Set-Cookie"); got != "__Host-embedgen-guest-acme=1; Path=/; HttpOnly; Secure; SameSite=Lax" {
						t.Errorf("%s: the signer's cookie comes as %q", path, got)
					}
					if kind := join(r, "Content-Type"); kind != "text/plain" {
						t.Errorf("%s: type %q", path, kind)
					}
					private(t, path, r)
				}
			}
		}
	})
}

func TestNG12Oversize(t *testing.T) {
	throughOwn(t, func(t *testing.T, s *server) {
		for _, path := range endpoints {
			r := s.send("POST", path, strings.Repeat("x", 8<<10+1))
			if r.Status != 413 {
				t.Errorf("%s: %d, want 413", path, r.Status)
			}
			private(t, path, r)
			if kind := join(r, "Content-Type"); s.limits && kind != "text/plain" {
				t.Errorf("%s: 413 of type %q", path, kind)
			}
			chunk := "2001\r\n" + strings.Repeat("x", 0x2001) + "\r\n0\r\n\r\n"
			r = s.send("POST", path, chunk, "Transfer-Encoding: chunked")
			if r.Status != 413 && (s.limits || r.Status != 502) {
				t.Errorf("%s, chunked: %d, want 413", path, r.Status)
			}
			private(t, path, r)
			for _, asked := range s.signer.Requests() {
				if len(asked.Body) > 8<<10 {
					t.Errorf("%s: the signer took %d bytes", path, len(asked.Body))
				}
			}
			if r := s.send("POST", path, strings.Repeat("x", 8<<10)); r.Status != 200 {
				t.Errorf("%s: %d for 8 KiB", path, r.Status)
			}
			s.signer.Requests()
		}
	})
}

func TestNG12SignerDown(t *testing.T) {
	for _, k := range starters {
		if !withSigner(k) {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			st := newStage(t, k.resolver)
			st.config["Signer"] = "127.0.0.1:1"
			st.built = st.build(t)
			s := k.start(t, st)
			for _, path := range endpoints {
				r := s.send("POST", path, "{}")
				if r.Status != 502 {
					t.Errorf("%s: %d, want 502", path, r.Status)
				}
				private(t, path, r)
			}
		})
	}
}

// TestNG12Peer: what the signer hears of the client is what the server knows, and no client can say
// who is signed in.
func TestNG12Peer(t *testing.T) {
	throughOwn(t, func(t *testing.T, s *server) {
		for _, path := range endpoints {
			s.send("POST", path, "{}",
				"X-Real-IP: 6.6.6.6", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example",
				"Forwarded: host=evil.example", "X-Remote-User: admin", "X-Remote-Name: Admin", "x-remote-user: again",
				"Connection: X-Remote-User, close", "Cookie: __Host-embedgen-guest-acme=1; a=b", "Origin: https://www.acme.example")
			got := s.signer.One(t)
			host := strings.TrimPrefix(got.Host, "www.acme.example")
			if host == got.Host || host != "" && host != ":"+s.Port() {
				t.Errorf("%s: Host %q", path, got.Host)
			}
			for name, want := range map[string]string{
				"X-Real-IP": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https",
				"X-Forwarded-Host": got.Host, "Forwarded": "", "X-Remote-User": "", "X-Remote-Name": "", "Connection": "",
				"Cookie": "__Host-embedgen-guest-acme=1; a=b", "Origin": "https://www.acme.example",
			} {
				if all := strings.Join(got.Header.Values(name), " | "); all != want {
					t.Errorf("%s: %s %q, want %q", path, name, all, want)
				}
			}
		}
	})
}

// TestNG12Burst: a burst gives 429, never 503, and leaves the chat alone. Caddy limits nothing.
func TestNG12Burst(t *testing.T) {
	throughOwn(t, func(t *testing.T, s *server) {
		var wait sync.WaitGroup
		answers := make([]lab.Response, 80)
		for i := range answers {
			wait.Go(func() { answers[i] = s.send("POST", endpoints[0], "{}") })
		}
		wait.Wait()
		refused := 0
		for _, r := range answers {
			private(t, endpoints[0], r)
			if r.Status == 429 {
				refused++
			} else if r.Status != 200 {
				t.Errorf("status %d", r.Status)
			}
		}
		if (refused > 0) != s.limits || refused == len(answers) {
			t.Errorf("%d of %d refused", refused, len(answers))
		}
		for range 30 {
			if r := s.get("/service-cloud/x"); r.Status != 200 {
				t.Fatalf("the chat is refused: %d", r.Status)
			}
		}
	})
}

// TestNG11SiteHeaders: the site's own headers go with CEC's answers, whatever their status.
func TestNG11SiteHeaders(t *testing.T) {
	throughThose(t, withFiles, func(t *testing.T, s *server) {
		for _, status := range []int{200, 302, 404, 500} {
			s.both(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Cache-Control", "private")
				w.Header().Set("Strict-Transport-Security", "max-age=0")
				w.Header().Set("X-Accel-Redirect", "/error.html")
				w.Header().Set("X-Accel-Expires", "60")
				w.WriteHeader(status)
				io.WriteString(w, "from cec")
			})
			r := s.get("/service-cloud/x")
			if join(r, "X-Frame-Options") != "SAMEORIGIN" {
				t.Errorf("%d: the site's header is lost: %v", status, r.Header)
			}
			if r.Status != status || string(r.Body) != "from cec" || join(r, "Cache-Control") != "private" || join(r, "Expires") != "" ||
				join(r, "Strict-Transport-Security") != "" {
				t.Errorf("%d: CEC's answer is changed: %d %q %v", status, r.Status, r.Body, r.Header)
			}
		}
	})
}
