package devserver

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"embedgen/generator/site"
)

// farCEC is a CEC that is reached over the network: https, at every name.
type farCEC struct {
	*httptest.Server
	mu      sync.Mutex
	seen    []*http.Request
	bodies  []string
	conns   map[string]bool
	answers http.HandlerFunc
}

// startFar serves a project in front of a CEC on the network.
func startFar(t *testing.T, answers http.HandlerFunc) (*project, *farCEC) {
	t.Helper()
	far := &farCEC{conns: map[string]bool{}, answers: answers}
	far.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		far.mu.Lock()
		far.seen, far.bodies = append(far.seen, r), append(far.bodies, string(body))
		far.conns[r.RemoteAddr] = true
		far.mu.Unlock()
		far.answers(w, r)
	}))
	far.EnableHTTP2 = true // which must not be used: it has no WebSockets
	far.StartTLS()
	t.Cleanup(far.Close)
	transport := newTransport()
	transport.Proxy = nil
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	transport.DialContext = func(_ context.Context, network, _ string) (net.Conn, error) {
		return net.Dial(network, far.Listener.Addr().String())
	}
	p := newProject(t).start(func(o *Options) {
		o.Transport = transport
		services := o.Services
		o.Services = func(r Result, tools Tools) (Services, error) {
			s, err := services(r, tools)
			s.CEC = nil
			return s, err
		}
	})
	return p, far
}

func (f *farCEC) last() (*http.Request, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) == 0 {
		return nil, ""
	}
	return f.seen[len(f.seen)-1], f.bodies[len(f.bodies)-1]
}

func ok(http.ResponseWriter, *http.Request) {}

// The same table as the emitted nginx's: what goes where, byte for byte.
func TestNG1PathMapping(t *testing.T) {
	p, far := startFar(t, ok)
	for _, row := range []struct{ host, target, wantHost, want string }{
		{"acme.localhost", "/service-cloud/a?b", "cec.acme.example", "/service-cloud/a?b"},
		{"acme.localhost", "/service-cloud/?", "cec.acme.example", "/service-cloud/?"},
		{"acme.localhost", "/service-cloud/a%2Fb%20c%7E?q=%zz;;&a=1&&=%", "cec.acme.example", "/service-cloud/a%2Fb%20c%7E?q=%zz;;&a=1&&=%"},
		{"acme.localhost", "//service-cloud//x//y", "cec.acme.example", "/service-cloud/x/y"},
		{"acme.localhost", "/service-cloud/x//y", "cec.acme.example", "/service-cloud/x/y"},
		{"globex.localhost", "/globex/service-cloud/webclient/x.js?t=1", "cec.globex.example", "/service-cloud/webclient/x.js?t=1"},
		{"globex.localhost", "/globex//service-cloud/x", "cec.globex.example", "/service-cloud/x"},
		{"127.0.0.1", "/globex/service-cloud/x", "cec.globex.example", "/service-cloud/x"},
	} {
		p.get(row.host, row.target)
		r, _ := far.last()
		if r == nil || r.Host != row.wantHost || r.RequestURI != row.want {
			t.Errorf("%s%s: got %v", row.host, row.target, r)
		}
	}
}

func TestNG2NothingElseReachesTheCEC(t *testing.T) {
	p, far := startFar(t, ok)
	for _, target := range []string{
		"/service-cloud", "/service-cloudX/", "/service-cloud2/x", "/admin", "/service-cloud/../admin", "/service-cloud/%2e%2e/admin",
		"/service-cloud/.%2e/x", "/service-cloud/..;/admin", "/service-cloud/a/..%2fb", "/service-cloud/..%5cb", "/service-cloud/./x",
		"/globex/service-cloud/x", "/x/../service-cloud/y", "/%2e/service-cloud/y", "/service-cloud%2fx", "/SERVICE-CLOUD/x",
	} {
		got := p.get("acme.localhost", target)
		if r, _ := far.last(); r != nil || got.status != http.StatusNotFound {
			t.Errorf("%s: status %d, CEC saw %v", target, got.status, r)
		}
	}
}

func TestNG5HostAndConnection(t *testing.T) {
	p, far := startFar(t, ok)
	for range 3 {
		p.get("acme.localhost", "/service-cloud/x")
	}
	r, _ := far.last()
	if r.TLS.ServerName != "cec.acme.example" || r.Host != "cec.acme.example" || r.Proto != "HTTP/1.1" {
		t.Errorf("SNI %q, Host %q, %s", r.TLS.ServerName, r.Host, r.Proto)
	}
	if r.Header.Get("Connection") != "" || r.Header.Get("Upgrade") != "" {
		t.Errorf("Connection %q, Upgrade %q", r.Header.Get("Connection"), r.Header.Get("Upgrade"))
	}
	if len(far.conns) != 1 {
		t.Errorf("%d connections for three requests", len(far.conns))
	}
}

func TestNG5WebSocketsPass(t *testing.T) {
	p, _ := startFar(t, func(w http.ResponseWriter, r *http.Request) {
		c, rw, _ := w.(http.Hijacker).Hijack()
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		line, _ := rw.ReadString('\n')
		io.WriteString(c, "echo "+line)
	})
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /service-cloud/ws HTTP/1.1\r\nHost: acme.localhost:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", p.port)
	br := bufio.NewReader(c)
	res, err := http.ReadResponse(br, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v", res, err)
	}
	io.WriteString(c, "hello\n")
	if got, _ := br.ReadString('\n'); got != "echo hello\n" {
		t.Errorf("got %q", got)
	}
}

func TestNG7CookiesComeBackOnThisPrefixOnly(t *testing.T) {
	lines := []struct{ in, acme, globex string }{
		{"ccmessaging-token=v; Domain=cec.acme.example; Path=/", "ccmessaging-token=v; Path=/; SameSite=Lax", "ccmessaging-token=v; Path=/globex/; SameSite=Lax"},
		{"ccmessaging-token=v;Domain=.besclouds.com;Path=/service-cloud;HttpOnly", "ccmessaging-token=v; Path=/service-cloud;HttpOnly; SameSite=Lax", "ccmessaging-token=v; Path=/globex/service-cloud;HttpOnly; SameSite=Lax"},
		{"ccmessaging-token=v", "ccmessaging-token=v; SameSite=Lax", "ccmessaging-token=v; SameSite=Lax"},
		{"a=b; Path=/; Secure; SameSite=None; Partitioned; Max-Age=3600", "a=b; Path=/; Max-Age=3600; SameSite=Lax", "a=b; Path=/globex/; Max-Age=3600; SameSite=Lax"},
		{"__Secure-a=b; Path=/; secure", "__Secure-a=b; Path=/; secure; SameSite=Lax", "__Secure-a=b; Path=/globex/; secure; SameSite=Lax"},
		{"q=\"a=b\"; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "q=\"a=b\"; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=Lax", "q=\"a=b\"; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=Lax"},
	}
	p, _ := startFar(t, func(w http.ResponseWriter, _ *http.Request) {
		for _, l := range lines {
			w.Header().Add("Set-Cookie", l.in)
		}
	})
	acme := p.get("acme.localhost", "/service-cloud/x").header["Set-Cookie"]
	globex := p.get("globex.localhost", "/globex/service-cloud/x").header["Set-Cookie"]
	if len(acme) != len(lines) || len(globex) != len(lines) {
		t.Fatalf("%d and %d cookies, want %d", len(acme), len(globex), len(lines))
	}
	for i, l := range lines {
		if acme[i] != l.acme || globex[i] != l.globex {
			t.Errorf("%q:\n acme   %q\n globex %q", l.in, acme[i], globex[i])
		}
	}
}

func TestNG8RedirectsComeBackUnderThePrefix(t *testing.T) {
	p, _ := startFar(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusFound)
	})
	for to, want := range map[string]string{
		"/service-cloud/a%2Fb?c=d#e":                   "/globex/service-cloud/a%2Fb?c=d#e",
		"https://cec.globex.example/service-cloud/x":   "/globex/service-cloud/x",
		"http://CEC.globex.example/service-cloud/x?y":  "/globex/service-cloud/x?y",
		"//cec.globex.example/service-cloud/x":         "/globex/service-cloud/x",
		"https://other.example/service-cloud/x":        "https://other.example/service-cloud/x",
		"https://cec.globex.example/login":             "https://cec.globex.example/login",
		"https://cec.globex.example":                   "https://cec.globex.example",
		"https://cec.globex.example/?a=/service-cloud": "https://cec.globex.example/?a=/service-cloud",
		"next":              "next",
		"/service-cloudX/y": "/service-cloudX/y",
	} {
		got := p.get("globex.localhost", "/globex/service-cloud/x?to="+url.QueryEscape(to))
		if got.header.Get("Location") != want {
			t.Errorf("%s: %q, want %q", to, got.header.Get("Location"), want)
		}
	}
}

func TestNG9Headers(t *testing.T) {
	p, far := startFar(t, ok)
	p.do(http.MethodPost, "acme.localhost", "/service-cloud/x", `{"a":1}`,
		"X-Real-IP: 6.6.6.6", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "Forwarded: for=6.6.6.6", "X-Forwarded-Host: evil.example",
		"X-Forwarded-Port: 1", "X-Original-URL: /admin", "X-Rewrite-URL: /admin", "Authorization: Basic x", "Content-Type: application/x-www-form-urlencoded",
		"Cookie: session=secret; ccmessaging-token=abc%3D; embedgen-dev-user=e30; other=1; ccmessaging-token=second", "X-Own: kept")
	r, body := far.last()
	want := map[string]string{
		"X-Real-Ip": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "Forwarded": "", "X-Forwarded-Host": "",
		"X-Forwarded-Port": "", "X-Original-Url": "", "X-Rewrite-Url": "", "Authorization": "", "Cookie": "ccmessaging-token=abc%3D", "X-Own": "kept",
		"Content-Type": "application/x-www-form-urlencoded",
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got := strings.Join(r.Header.Values(name), "|"); got != want[name] {
			t.Errorf("%s: %q, want %q", name, got, want[name])
		}
	}
	if body != `{"a":1}` || r.ContentLength != 7 {
		t.Errorf("body %q, length %d", body, r.ContentLength)
	}
}

func TestNG10LargeBodies(t *testing.T) {
	p, far := startFar(t, ok)
	for size, want := range map[int]int{15 << 20: http.StatusOK, 25 << 20: http.StatusRequestEntityTooLarge} {
		got := p.do(http.MethodPost, "acme.localhost", "/service-cloud/x", strings.Repeat("x", size))
		if got.status != want {
			t.Errorf("%d bytes: status %d, want %d", size, got.status, want)
		}
		if _, body := far.last(); want == http.StatusOK && len(body) != size {
			t.Errorf("%d bytes arrived of %d", len(body), size)
		}
	}
}

func TestSEC21NoAnswerAllowsEveryOrigin(t *testing.T) {
	p, _ := startFar(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("X-Allow"))
		w.Header().Set("Cache-Control", "public, max-age=9")
	})
	got := p.get("acme.localhost", "/service-cloud/x", "X-Allow: *")
	if _, there := got.header["Access-Control-Allow-Origin"]; there || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", got.header)
	}
	if got := p.get("acme.localhost", "/service-cloud/x", "X-Allow: http://a.example"); got.header.Get("Access-Control-Allow-Origin") != "http://a.example" {
		t.Errorf("headers %v", got.header)
	}
}

func TestACECThatIsNotThere(t *testing.T) {
	p, far := startFar(t, ok)
	far.CloseClientConnections()
	far.Listener.Close()
	if got := p.get("acme.localhost", "/service-cloud/x"); got.status != http.StatusBadGateway {
		t.Errorf("status %d", got.status)
	}
	if note := p.await("note"); !strings.Contains(note.Message, `CEC did not answer "/service-cloud/x"`) {
		t.Errorf("note %q", note.Message)
	}
}

// Several tenants with one context path: on their own hosts there is no doubt, on the shared host
// the page, the ids in the body and CEC's cookie say whose CEC is meant.
func TestDS20OneContextPathForSeveralTenants(t *testing.T) {
	p := startProject(t)
	ids := testSite()
	body := func(tenant, channel int) string {
		return fmt.Sprintf(`{"tenantSpaceId":"%s","channelConfigId":"%s"}`, ids.Tenants[tenant].TenantSpaceID, ids.Tenants[tenant].Channels[channel].ChannelConfigID)
	}
	cookie := "Cookie: ccmessaging-token=" + url.QueryEscape(base64.StdEncoding.EncodeToString(
		[]byte(`{"tenantId":"`+ids.Tenants[2].TenantSpaceID+`","channelId":"x"}`)))
	referer := func(path string) string { return "Referer: http://" + p.at("127.0.0.1") + path }
	for _, row := range []struct {
		name, host, body string
		headers          []string
		want             string
	}{
		{"own host", "hooli.localhost", "", nil, "hooli"},
		{"own host, whatever else is said", "hooli.localhost", body(1, 0), []string{referer("/acme/web_support/")}, "hooli"},
		{"nothing is known", "127.0.0.1", "", nil, "acme"},
		{"page", "127.0.0.1", body(1, 0), []string{referer("/hooli/main/")}, "hooli"},
		{"demonstration page", "127.0.0.1", "", []string{referer("/_embedgen/demo/hooli/main")}, "hooli"},
		{"foreign page", "127.0.0.1", body(1, 0), []string{"Referer: http://evil.example/hooli/main/"}, "acme"},
		{"body", "127.0.0.1", body(2, 0), nil, "hooli"},
		{"body before cookie", "127.0.0.1", body(1, 1), []string{cookie}, "acme"},
		{"cookie", "127.0.0.1", "", []string{cookie}, "hooli"},
		{"tenant without this path", "127.0.0.1", body(0, 0), []string{referer("/globex/shop_help/")}, "acme"},
	} {
		method := http.MethodGet
		if row.body != "" {
			method = http.MethodPost
		}
		got := p.do(method, row.host, "/service-cloud/x", row.body, row.headers...)
		if want := "cec cec." + row.want + ".example /service-cloud/x"; got.body != want {
			t.Errorf("%s: %q, want %q", row.name, got.body, want)
		}
		if r := p.lastCEC(); r.Host != "cec."+row.want+".example" {
			t.Errorf("%s: went to %s", row.name, r.Host)
		}
	}
}

func TestDS20TwoTenantsOfOneTenantSpace(t *testing.T) {
	s := testSite()
	for _, tenant := range s.Tenants {
		tenant.TenantSpaceID = "1"
	}
	g := newGood(Result{Site: s})
	for _, tenant := range s.Tenants {
		if got := g.tenantOfIDs("1", tenant.Channels[0].ChannelConfigID); got != tenant {
			t.Errorf("%s: %v", tenant.ID, got)
		}
	}
}

func TestDS20TheEndpointsOfEveryTenant(t *testing.T) {
	p := startProject(t)
	for _, host := range []string{"127.0.0.1", "localhost", "acme.localhost", "hooli.localhost"} {
		for _, path := range []string{"/webchat/authorizationService", "/webchat/token", "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"} {
			want := fmt.Sprintf("endpoint 0 %s:%d %s", host, p.port, path)
			if got := p.do(http.MethodPost, host, path, "{}"); got.body != want {
				t.Errorf("%q, want %q", got.body, want)
			}
		}
	}
}

// A body that was looked into arrives whole.
func TestDS20ThePeekedBodyIsNotLost(t *testing.T) {
	body := `{"tenantSpaceId":"1"}` + strings.Repeat(" ", maxPeek)
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	tenantOfBody(r, newGood(Result{Site: &site.Site{}}))
	if got, _ := io.ReadAll(r.Body); string(got) != body {
		t.Errorf("%d bytes of %d", len(got), len(body))
	}
}

func TestInProcessTransport(t *testing.T) {
	streaming := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("no")
		case "/late":
			io.WriteString(w, "begun")
			panic("no")
		case "/silent":
		case "/hang":
			<-r.Context().Done()
		case "/stream":
			io.WriteString(w, "first")
			<-streaming
			io.WriteString(w, "second")
		default:
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("X-Uri", r.RequestURI)
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("X-Late", "1")
			w.Write(body)
		}
	})
	client := &http.Client{Transport: inProcess{h}}
	res, err := client.Post("http://cec.example/a%2Fb?c", "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusTeapot || string(body) != "hello" || res.Header.Get("X-Uri") != "/a%2Fb?c" || res.Header.Get("X-Late") != "" {
		t.Errorf("%s %q %v", res.Status, body, res.Header)
	}
	for path, want := range map[string]int{"/panic": 500, "/silent": 200} {
		if res, err := client.Get("http://cec.example" + path); err != nil || res.StatusCode != want {
			t.Errorf("%s: %v %v", path, res, err)
		}
	}
	res, _ = client.Get("http://cec.example/late")
	if body, err := io.ReadAll(res.Body); string(body) != "begun" || err == nil {
		t.Errorf("a torn answer: %q, %v", body, err)
	}
	res, _ = client.Get("http://cec.example/stream")
	first := make([]byte, 5)
	io.ReadFull(res.Body, first)
	close(streaming)
	if rest, _ := io.ReadAll(res.Body); string(first)+string(rest) != "firstsecond" {
		t.Errorf("stream: %q %q", first, rest)
	}
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://cec.example/hang", nil)
	go cancel()
	if _, err := client.Do(req); err == nil {
		t.Error("an answer after the client is gone")
	}
}
