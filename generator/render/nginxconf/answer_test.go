package nginxconf

import (
	"bufio"
	"bytes"
	stdcontext "context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// cecCookies are the forms in which a CEC may set its cookie.
var cecCookies = []struct{ name, line, acme, globex string }{
	{"own domain", "ccmessaging-token=v; Domain=localhost; Path=/", "Domain=www.acme.example; Path=/service-cloud/", "Domain=www.acme.example; Path=/globex/"},
	{"parent domain", "ccmessaging-token=v; Domain=.besclouds.com; Path=/service-cloud", "Domain=www.acme.example; Path=/service-cloud", "Domain=www.acme.example; Path=/globex/service-cloud"},
	{"no domain", "ccmessaging-token=v; Path=/service-cloud/", "Path=/service-cloud/", "Path=/globex/service-cloud/"},
	{"no path", "ccmessaging-token=v", "", ""},
	{"cross-site", "ccmessaging-token=v; Path=/; SameSite=None; Secure; HttpOnly", "Path=/service-cloud/; HttpOnly", "Path=/globex/; HttpOnly"},
}

func TestNG7CookieLines(t *testing.T) {
	for _, version := range []string{"1.18", "1.22"} {
		t.Run(version, func(t *testing.T) {
			st := newStage(t)
			st.site.Nginx.Version = version
			checkCookieLines(t, st.openTLS(t), version == "1.18")
		})
	}
}

// checkCookieLines sets each cookie of the table by both CECs. The form for old versions leaves a
// cookie without a path alone, and cannot take SameSite=None away.
func checkCookieLines(t *testing.T, st *stage, old bool) {
	for _, c := range cecCookies {
		if old && (c.name == "no path" || c.name == "cross-site") {
			continue
		}
		for _, side := range []struct {
			cec    *lab.CEC
			prefix string
			want   string
		}{{st.acme, "", c.acme}, {st.globex, "/globex", c.globex}} {
			side.cec.Answer(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Add("Set-Cookie", c.line)
				w.Header().Add("Set-Cookie", "second=2; Path=/")
			})
			lines := st.nginx.Get(t, side.prefix+"/service-cloud/x").Header.Values("Set-Cookie")
			if len(lines) != 2 {
				t.Fatalf("%s: %d Set-Cookie lines, want 2: %q", c.name, len(lines), lines)
			}
			if got, want := attributes(lines[0]), attributes("x=; "+side.want+"; Secure; SameSite=Lax"); got != want {
				t.Errorf("%s%s: %s, want %s", c.name, side.prefix, got, want)
			}
		}
	}
}

// attributes lists a cookie's attributes in a fixed form, in the order of the specification.
func attributes(line string) string {
	c, err := http.ParseSetCookie(line)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("Domain=%s Path=%s Secure=%t HttpOnly=%t SameSite=%d", c.Domain, c.Path, c.Secure, c.HttpOnly, c.SameSite)
}

// A browser's cookie jar sends CEC's cookie back below the prefix that set it, and nowhere else.
func TestNG7CookieJar(t *testing.T) {
	st := newStage(t).openTLS(t)
	for _, c := range cecCookies {
		t.Run(c.name, func(t *testing.T) {
			st.globex.Answer(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Set-Cookie", c.line) })
			browser := newBrowser(t, st.nginx)
			browser.get(t, "/globex/service-cloud/login")
			browser.get(t, "/globex/service-cloud/poll")
			browser.get(t, "/service-cloud/poll")
			seen := st.globex.Requests()
			if got := seen[len(seen)-1].Header.Get("Cookie"); got != "ccmessaging-token=v" {
				t.Errorf("the CEC that set the cookie gets %q", got)
			}
			if got := st.acme.One(t).Header.Get("Cookie"); got != "" {
				t.Errorf("the other tenant's CEC gets %q", got)
			}
		})
	}
}

type browser struct{ http.Client }

// newBrowser makes a client that takes the running nginx for https://www.acme.example.
func newBrowser(t *testing.T, n *lab.Nginx) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		DialContext:     func(stdcontext.Context, string, string) (net.Conn, error) { return net.Dial("tcp", n.Addr) },
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // a loopback test
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{http.Client{Jar: jar, Transport: transport}}
}

func (b *browser) get(t *testing.T, path string) {
	t.Helper()
	answer, err := b.Get("https://www.acme.example" + path)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}

// A site without https keeps its cookies: Secure would lose them.
func TestNG7PlainSite(t *testing.T) {
	s := exampleSite()
	s.Tenants[0].Origin = "http://www.acme.example"
	if conf := tree(t, mustLocations(t, s.Tenants[0], s)); !conf.has("proxy_cookie_flags ~ samesite=lax") {
		t.Error("Secure on a plain http origin")
	}
}

func TestNG8Redirects(t *testing.T) {
	st := newStage(t).open(t)
	base := "https://localhost:" + st.globex.Port
	for location, want := range map[string]string{
		base + "/service-cloud/a?b=c": "/globex/service-cloud/a?b=c",
		"/service-cloud/a#b":          "/globex/service-cloud/a#b",
		"next":                        "next",
		"https://other.example/a":     "https://other.example/a",
	} {
		st.globex.Answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(302)
		})
		r := st.nginx.Get(t, "/globex/service-cloud/x")
		if got := header(r, "Location"); r.Status != 302 || got != want {
			t.Errorf("%s comes back as %d %q, want %q", location, r.Status, got, want)
		}
	}
	st.acme.Answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://localhost:"+st.acme.Port+"/service-cloud/a")
		w.WriteHeader(302)
	})
	if got := header(st.nginx.Get(t, "/service-cloud/x"), "Location"); got != "/service-cloud/a" {
		t.Errorf("without a prefix: %q", got)
	}
}

func TestNG9Headers(t *testing.T) {
	st := newStage(t).openTLS(t)
	st.nginx.Get(t, "/service-cloud/x",
		"X-Real-IP: 6.6.6.6", "X-Forwarded-For: 6.6.6.6, 7.7.7.7", "X-Forwarded-Proto: gopher",
		"X-Forwarded-Host: evil.example", "X-Forwarded-Port: 1", "Forwarded: for=6.6.6.6",
		"X-Original-URL: /admin", "X-Rewrite-URL: /admin",
		"Authorization: Basic c2l0ZTpzZWNyZXQ=",
		"Cookie: session=site; ccmessaging-token=abc%3D; xccmessaging-token=no; JSESSIONID=site",
		"X-Custom: kept", "Origin: https://www.acme.example")
	got := st.acme.One(t).Header
	for name, want := range map[string]string{
		"X-Real-IP": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https",
		"X-Forwarded-Host": "", "X-Forwarded-Port": "", "Forwarded": "", "X-Original-URL": "", "X-Rewrite-URL": "",
		"Authorization": "", "Cookie": "ccmessaging-token=abc%3D",
		"X-Custom": "kept", "Origin": "https://www.acme.example",
	} {
		if all := strings.Join(got.Values(name), " | "); all != want {
			t.Errorf("%s: %q, want %q", name, all, want)
		}
	}
}

func TestNG9Cookies(t *testing.T) {
	st := newStage(t).open(t)
	for sent, want := range map[string]string{
		"":                            "",
		"a=b":                         "",
		"ccmessaging-token=v":         "ccmessaging-token=v",
		"a=b;ccmessaging-token=v;c=d": "ccmessaging-token=v",
		"a=ccmessaging-token=v":       "",
		"xccmessaging-token=v":        "",
		"ccmessaging-tokenx=v":        "",
		`a="; ccmessaging-token=v`:    "ccmessaging-token=v",
		"ccmessaging-token=first; a=b; ccmessaging-token=second": "ccmessaging-token=first",
	} {
		st.nginx.Get(t, "/service-cloud/x", "Cookie: "+sent)
		if got := st.acme.One(t).Header.Get("Cookie"); got != want {
			t.Errorf("Cookie %q arrives as %q, want %q", sent, got, want)
		}
	}
}

// The switch of NG-9: the operator sets two variables in the server block.
func TestNG9Switch(t *testing.T) {
	st := newStage(t)
	st.server = "set $embedgen_cookie $http_cookie; set $embedgen_authorization $http_authorization;"
	st.open(t).nginx.Get(t, "/service-cloud/x", "Cookie: session=site; ccmessaging-token=v", "Authorization: Basic x")
	got := st.acme.One(t).Header
	if got.Get("Cookie") != "session=site; ccmessaging-token=v" || got.Get("Authorization") != "Basic x" {
		t.Errorf("Cookie %q, Authorization %q", got.Get("Cookie"), got.Get("Authorization"))
	}
}

func TestNG10Bodies(t *testing.T) {
	st := newStage(t).open(t)
	st.acme.Answer(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-cec")
		w.Header().Set("Content-Length", "9")
		fmt.Fprintf(w, "%09d", n)
	})
	for size, want := range map[int]int{1: 200, 15 << 20: 200, 25 << 20: 413} {
		r := postSized(t, st.nginx, "/service-cloud/upload", size)
		if r.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", size, r.StatusCode, want)
			continue
		}
		body, _ := io.ReadAll(r.Body)
		if want == 200 && (string(body) != fmt.Sprintf("%09d", size) || r.ContentLength != 9 || r.Header.Get("Content-Type") != "application/x-cec") {
			t.Errorf("%d bytes: %q, length %d, type %q", size, body, r.ContentLength, r.Header.Get("Content-Type"))
		}
	}
}

func postSized(t *testing.T, n *lab.Nginx, path string, size int) *http.Response {
	t.Helper()
	answer, err := http.Post("http://"+n.Addr+path, "image/png", bytes.NewReader(make([]byte, size)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// An upload reaches the CEC while the visitor is still sending it.
func TestNG10Streams(t *testing.T) {
	st := newStage(t).open(t)
	arrived := make(chan string, 1)
	st.acme.Answer(func(_ http.ResponseWriter, r *http.Request) {
		first := make([]byte, 5)
		io.ReadFull(r.Body, first)
		arrived <- string(first)
		io.Copy(io.Discard, r.Body)
	})
	conn := st.nginx.Dial(t)
	defer conn.Close()
	fmt.Fprintf(conn, "POST /service-cloud/upload HTTP/1.1\r\nHost: www.acme.example\r\nContent-Length: 10\r\n\r\nfirst")
	select {
	case got := <-arrived:
		if got != "first" {
			t.Errorf("the CEC got %q", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the CEC got nothing before the upload was complete")
	}
	io.WriteString(conn, "again")
	if r, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || r.StatusCode != 200 {
		t.Errorf("%v %v", r, err)
	}
}

func TestNG10LongPoll(t *testing.T) {
	st := newStage(t).open(t)
	st.acme.Answer(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(1500 * time.Millisecond)
		io.WriteString(w, "late")
	})
	if r := st.nginx.Get(t, "/service-cloud/poll"); string(r.Body) != "late" {
		t.Errorf("%d %q", r.Status, r.Body)
	}
	if conf := tree(t, mustLocations(t, st.site.Tenants[0], st.site)); !conf.has("proxy_read_timeout 300s") {
		t.Error("a poll of minutes is not waited for")
	}
}

func TestNG11SiteHeaders(t *testing.T) {
	st := newStage(t).open(t)
	for _, status := range []int{200, 404, 500} {
		st.acme.Answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "private")
			w.Header().Set("Strict-Transport-Security", "max-age=0")
			w.WriteHeader(status)
			io.WriteString(w, "from cec")
		})
		r := st.nginx.Get(t, "/service-cloud/x")
		if header(r, "Strict-Transport-Security") != "max-age=31536000" || header(r, "X-Frame-Options") != "SAMEORIGIN" {
			t.Errorf("%d: the site's headers are lost: %v", status, r.Header)
		}
		if r.Status != status || string(r.Body) != "from cec" || header(r, "Cache-Control") != "private" || header(r, "Expires") != "" {
			t.Errorf("%d: CEC's answer is changed: %d %q %v", status, r.Status, r.Body, r.Header)
		}
	}
}

// By an X-Accel-Redirect header an upstream could read the site's internal locations.
func TestNG11NoOrders(t *testing.T) {
	st := newStage(t)
	st.server = `location = /internal { internal; return 200 "private"; }`
	st.open(t)
	st.acme.Answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Accel-Redirect", "/internal")
		io.WriteString(w, "from cec")
	})
	if r := st.nginx.Get(t, "/service-cloud/x"); string(r.Body) != "from cec" {
		t.Errorf("%d %q", r.Status, r.Body)
	}
}
