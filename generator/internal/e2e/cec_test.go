package e2e

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"embedgen/generator/internal/lab"
)

// cec is the strict CEC of one tenant.
type cec struct {
	host   string // what SNI must be
	origin string // https://host[:port] under which it is known
	addr   string // host:port that it listens on
	direct bool   // browsers talk to it, without a proxy

	channels []channel
	secrets  map[string]string                          // by file
	validate func(c channel, body string) (code string) // asks the site's API, returns retCode as written

	mu       sync.Mutex
	faults   []string
	starts   map[string]int // answered client scripts by "channel script"
	sessions map[string]*chat
	touched  int // requests of any kind
	refusal  *refusal
}

// newCEC starts a CEC for a host name; without a port in its origin it is one that browsers reach
// through a resolver rule.
func newCEC(t testing.TB, ca *lab.CA, host string, direct bool) *cec {
	t.Helper()
	c := &cec{host: host, direct: direct, starts: map[string]int{}, sessions: map[string]*chat{}}
	cert := ca.Issue(t, lab.Leaf{Hosts: []string{host}})
	server := httptest.NewUnstartedServer(http.HandlerFunc(c.serve))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c.addr = server.Listener.Addr().String()
	c.origin = "https://" + host
	if !direct {
		_, port, _ := net.SplitHostPort(c.addr)
		c.origin += ":" + port
	}
	return c
}

// refusal is what a CEC answers instead of a client script.
type refusal struct {
	script string
	status int
	body   string
}

// refuse makes the CEC refuse until it is told nil.
func (c *cec) refuse(r *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusal = r
}

func (c *cec) fault(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// check fails the test with everything that was wrong since the last call.
func (c *cec) check(t testing.TB) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, fault := range slices.Compact(c.faults) {
		t.Errorf("CEC %s: %s", c.origin, fault)
	}
	c.faults = nil
}

// requests is how many there were so far.
func (c *cec) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.touched
}

// started is how often a client script of a channel was answered.
func (c *cec) started(ch channel, script string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.starts[ch.id+" "+script]
}

const (
	root    = "/service-cloud/"
	scripts = root + "webclient/chat_client/js/"
	facade  = root + "rest/webadapter/v1/webadapterfacade/"
)

func (c *cec) serve(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.touched++
	c.mu.Unlock()
	c.checkTransport(r)
	if c.direct {
		c.allow(w, r)
	}
	if strings.Contains(r.RequestURI, "//") {
		c.fault("%s has a doubled slash", r.RequestURI)
	}
	switch path := r.URL.EscapedPath(); path {
	case scripts + first, scripts + second:
		c.clientScript(w, r, strings.TrimPrefix(path, scripts))
	case root + "resource.root/cobrowse/sdk/cobrowse.js":
		c.file(w, r, "text/javascript", "var cobrowseSDK = (window.cobrowseSDK || 0) + 1;")
	case scripts + "cobrowseCommon.js":
		c.file(w, r, "text/javascript", "var cobrowseCommon = cobrowseSDK;")
	case root + "webclient/chat_client/css/chat.css":
		c.file(w, r, "text/css", chatCSS)
	case root + "webclient/chat_client/img/icon.svg":
		c.file(w, r, "image/svg+xml", iconSVG)
	case facade + "sendMessageForWebChannel":
		c.sendMessage(w, r)
	case facade + "getMessageForWebChannel":
		c.getMessage(w, r)
	default:
		c.fault("%s %s is no address of CEC's", r.Method, r.RequestURI)
		http.NotFound(w, r)
	}
}

var forwardedFor = regexp.MustCompile(`(^|, )127\.0\.0\.1$`)

// checkTransport: the request must look like one that was meant for this CEC, and bring nothing
// that belongs to the site (cec-contract section 7).
func (c *cec) checkTransport(r *http.Request) {
	if want := strings.TrimPrefix(c.origin, "https://"); r.Host != want {
		c.fault("Host %q, want %q", r.Host, want)
	}
	if r.TLS.ServerName != c.host {
		c.fault("TLS server name %q, want %q", r.TLS.ServerName, c.host)
	}
	for _, name := range []string{"Authorization", "X-Remote-User", "X-Remote-Name"} {
		if r.Header.Get(name) != "" {
			c.fault("the site's %s header came along to %s", name, r.URL.Path)
		}
	}
	for _, cookie := range r.Cookies() {
		if cookie.Name != cookieName {
			c.fault("the site's cookie %s came along to %s", cookie.Name, r.URL.Path)
		}
	}
	if c.direct {
		return
	}
	if r.Header.Get("X-Real-IP") != "127.0.0.1" || !forwardedFor.MatchString(r.Header.Get("X-Forwarded-For")) {
		c.fault("X-Real-IP %q, X-Forwarded-For %q", r.Header.Get("X-Real-IP"), r.Header.Get("X-Forwarded-For"))
	}
}

// allow answers as a CEC does that is set up for direct access from the tenant's origin. It knows
// no preflight, as none is documented.
func (c *cec) allow(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		c.fault("preflight of %s: %s", r.URL.Path, r.Header.Get("Access-Control-Request-Headers"))
	}
	if origin := r.Header.Get("Origin"); origin == c.channels[0].origin {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Vary", "Origin")
	}
}

func (c *cec) file(w http.ResponseWriter, r *http.Request, contentType, body string) {
	if r.Method != http.MethodGet {
		c.fault("%s %s, want GET", r.Method, r.URL.Path)
	}
	w.Header().Set("Content-Type", contentType)
	io.WriteString(w, body)
}

const (
	chatCSS = `#cec-window { position: fixed; right: 24px; bottom: 96px; width: 320px; height: 240px; background: white; }`
	iconSVG = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="4"/></svg>`
)
