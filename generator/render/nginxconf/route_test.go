package nginxconf

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// mapped are targets that reach a CEC, and as what.
var mapped = []struct{ target, want string }{
	{"/service-cloud/", "/service-cloud/"},
	{"/service-cloud/webclient/chat_client/js/thirdPartyClient.js?t=1700000000000", "/service-cloud/webclient/chat_client/js/thirdPartyClient.js?t=1700000000000"},
	{"/service-cloud/resource.root/a.css", "/service-cloud/resource.root/a.css"},
	{"/service-cloud/logo.png", "/service-cloud/logo.png"},
	{"/service-cloud/page.html", "/service-cloud/page.html"},
	{"/service-cloud/x?a=%2F%41&b=%zz&c=a%20b+c&&=&d=/../x?y=%E4//z", "/service-cloud/x?a=%2F%41&b=%zz&c=a%20b+c&&=&d=/../x?y=%E4//z"},
	{"/service-cloud/x?", "/service-cloud/x"}, // nginx drops the mark of an empty query
	{"/service-cloud/a%20b%3Fc%25d", "/service-cloud/a%20b%3Fc%25d"},
	{"/service-cloud/%E5%AE%A2%E6%9C%8D", "/service-cloud/%E5%AE%A2%E6%9C%8D"},
	{"//service-cloud/x?q=//", "/service-cloud/x?q=//"},
	{"/service-cloud//x", "/service-cloud/x"},
	{"/service-cloud/%252e%252e/x", "/service-cloud/%252e%252e/x"},
	// Dot segments that stay inside arrive resolved: CEC never sees one.
	{"/service-cloud/a/../b", "/service-cloud/b"},
	{"/service-cloud/./b", "/service-cloud/b"},
	{"/admin/../service-cloud/b", "/service-cloud/b"},
	{"/admin/..%2fservice-cloud/b", "/service-cloud/b"},
	{"/%2e/service-cloud/%2e%2e/service-cloud/b", "/service-cloud/b"},
}

func TestNG1Mapping(t *testing.T) {
	st := newStage(t).open(t)
	for _, c := range mapped {
		if r := st.nginx.Get(t, c.target); r.Status != 200 || string(r.Body) != "cec" {
			t.Errorf("%s: %d %q", c.target, r.Status, r.Body)
			continue
		}
		if got := st.acme.One(t); got.Target != c.want {
			t.Errorf("%s arrives as %s, want %s", c.target, got.Target, c.want)
		}
	}
	st.quiet(t)
}

func TestNG1Prefix(t *testing.T) {
	st := newStage(t).open(t)
	for _, c := range mapped {
		for _, prefix := range []string{"/globex", "//globex"} {
			if strings.Contains(c.target, "%2e/") {
				continue // leaves the prefix
			}
			target := prefix + c.target
			st.nginx.Get(t, target)
			if got := st.globex.One(t); got.Target != c.want {
				t.Errorf("%s arrives as %s, want %s", target, got.Target, c.want)
			}
		}
	}
	st.quiet(t)
}

// unmapped are targets that no CEC may see, for either tenant.
var unmapped = []string{
	"/", "/admin", "/service-cloudX", "/service-cloudX/x", "/service-cloud.js", "/Service-Cloud/x",
	"/globex2/service-cloud/x", "/globex/admin", "/globex/service-cloudX/x", "/globexservice-cloud/x",
	"/x/service-cloud/x", "/service-cloud%00/x",
	"/service-cloud/../admin", "/service-cloud/a/../../admin", "/service-cloud/%2e%2e/admin",
	"/service-cloud/.%2e/admin", "/service-cloud/%2E./admin", "/service-cloud/..%2fadmin",
	"/service-cloud/%2e%2e%2fadmin", "/service-cloud%2f..%2fadmin", "/service-cloud/..", "/service-cloud/%2e%2e",
	"/globex/service-cloud/../admin", "/globex/service-cloud/%2e%2e/admin", "/globex/service-cloud/..%2f..%2fadmin",
	"/globex/service-cloud/../../admin", "/globex/../admin",
	"/acme/../admin", "http://www.acme.example/admin", "http://localhost/admin?/service-cloud/",
}

func TestNG2NothingElse(t *testing.T) {
	st := newStage(t).open(t)
	for _, target := range unmapped {
		r := st.nginx.Get(t, target)
		if string(r.Body) == "cec" {
			t.Errorf("%s is answered by a CEC", target)
		}
		st.quiet(t)
	}
}

// TestNG2Enumerated tries every short combination of the pieces that path confusion is made of. A
// CEC may only ever see clean paths below /service-cloud/.
func TestNG2Enumerated(t *testing.T) {
	st := newStage(t).open(t)
	pieces := []string{"/", "/..", "/.", "/%2e%2e", "%2f", "/service-cloud", "/globex", "/x", "%00", "\\"}
	var targets []string
	for _, a := range pieces {
		for _, b := range pieces {
			for _, c := range pieces {
				targets = append(targets, "/service-cloud"+a+b+c+"/r", a+b+"/service-cloud"+c+"/r")
			}
		}
	}
	for _, target := range targets {
		if strings.HasPrefix(target, "/") {
			st.nginx.Get(t, target)
		}
	}
	for _, got := range append(st.acme.Requests(), st.globex.Requests()...) {
		path, _, _ := strings.Cut(got.Target, "?")
		if !strings.HasPrefix(path, "/service-cloud/") || strings.Contains(path+"/", "/../") ||
			strings.Contains(path+"/", "/./") || strings.Contains(path, "//") || strings.Contains(strings.ToLower(path), "%2") {
			t.Errorf("a CEC was asked for %s", got.Target)
		}
	}
}

func TestNG3BarePrefix(t *testing.T) {
	st := newStage(t).open(t)
	for _, target := range []string{"/service-cloud", "/globex/service-cloud", "/globex/service-cloud?x"} {
		if r := st.nginx.Get(t, target); r.Status != 404 || header(r, "Location") != "" {
			t.Errorf("%s: %d, Location %q, want 404", target, r.Status, header(r, "Location"))
		}
	}
	for _, target := range []string{"/globex", "/acme"} {
		if r := st.nginx.Get(t, target); header(r, "Location") != "" {
			t.Errorf("%s: Location %q", target, header(r, "Location"))
		}
	}
	st.quiet(t)
}

// NG-4 holds because every other test runs beside the regular expressions of usualSite; this one
// says that they are alive.
func TestNG4RegexLocations(t *testing.T) {
	st := newStage(t).open(t)
	for target, want := range map[string]int{
		"/other/x.js": 418, "/rest/other": 418,
		"/service-cloud/x.js": 200, "/globex/service-cloud/x.png": 200, authPath: 200, checkPath: 200,
		"/acme/web_support/embed.js": 200, "/acme/web_support/": 200, "/acme/assets/style.0123abcd.css": 200,
	} {
		if r := st.nginx.Get(t, target); r.Status != want {
			t.Errorf("%s: %d, want %d", target, r.Status, want)
		}
	}
}

func TestNG5Connection(t *testing.T) {
	st := newStage(t).open(t)
	for range 20 {
		st.nginx.Get(t, "/service-cloud/x")
	}
	all := st.acme.Requests()
	for _, got := range all {
		if want := "localhost:" + st.acme.Port; got.Host != want || got.SNI != "localhost" || got.Proto != "HTTP/1.1" {
			t.Fatalf("Host %q, SNI %q, %s; want %q, localhost, HTTP/1.1", got.Host, got.SNI, got.Proto, want)
		}
		if len(got.Header["Connection"]) != 0 || len(got.Header["Upgrade"]) != 0 {
			t.Errorf("Connection %q, Upgrade %q on a plain request", got.Header["Connection"], got.Header["Upgrade"])
		}
		if got.TLS < tls.VersionTLS12 {
			t.Errorf("TLS version %x", got.TLS)
		}
	}
	if last := all[len(all)-1].Conn; last != 1 {
		t.Errorf("%d requests took %d connections, want 1", len(all), last)
	}
}

// Host and SNI of a CEC on the scheme's own port carry no port.
func TestNG5DefaultPort(t *testing.T) {
	s := exampleSite()
	s.Tenants[0].Channels[0].Context.CEC = "https://cec.example"
	s.Tenants[0].Channels[1].Context.CEC = "https://cec.example:443"
	s.Tenants[0].Channels[1].Context.Path = "/b/service-cloud"
	locations, http := tree(t, mustLocations(t, s.Tenants[0], s)), tree(t, mustHTTP(t, s.Tenants[0], s))
	if !locations.has("proxy_ssl_name cec.example") || !http.has("default cec.example") {
		t.Error("no Host or SNI of cec.example alone")
	}
	if !http.has("server cec.example:443") || http.count("upstream") != 2 { // CEC and signer
		t.Errorf("want one upstream for both spellings of the CEC:\n%s", mustHTTP(t, s.Tenants[0], s))
	}
}

func TestNG5WebSocket(t *testing.T) {
	st := newStage(t).open(t)
	conn := st.nginx.Dial(t)
	defer conn.Close()
	fmt.Fprintf(conn, "GET /service-cloud/ws HTTP/1.1\r\nHost: www.acme.example\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n")
	r := bufio.NewReader(conn)
	answer, err := http.ReadResponse(r, nil)
	if err != nil || answer.StatusCode != 101 {
		t.Fatalf("%v %v, want 101", answer, err)
	}
	for _, text := range []string{"one\n", "two\n"} {
		io.WriteString(conn, text)
		if got, err := r.ReadString('\n'); got != text {
			t.Fatalf("echo %q %v, want %q", got, err, text)
		}
	}
}

// An upgrade to plain-text HTTP/2 would tunnel requests past this proxy.
func TestNG5NoOtherUpgrade(t *testing.T) {
	st := newStage(t).open(t)
	st.nginx.Get(t, "/service-cloud/x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
	got := st.acme.One(t)
	if len(got.Header["Upgrade"]) != 0 || len(got.Header["Connection"]) != 0 {
		t.Errorf("Upgrade %q, Connection %q reached the CEC", got.Header["Upgrade"], got.Header["Connection"])
	}
}

func TestNG6Certificates(t *testing.T) {
	root, stranger := lab.NewCA(t), lab.NewCA(t)
	for _, c := range []struct {
		name   string
		ca     *lab.CA
		leaf   lab.Leaf
		tls13  bool
		status int
	}{
		{"good", root, lab.Leaf{Hosts: []string{"localhost"}}, false, 200},
		{"two intermediates", root, lab.Leaf{Hosts: []string{"localhost"}, Intermediates: 2}, false, 200},
		{"TLS 1.3 only", root, lab.Leaf{Hosts: []string{"localhost"}}, true, 200},
		{"expired", root, lab.Leaf{Hosts: []string{"localhost"}, NotAfter: time.Now().Add(-time.Hour)}, false, 502},
		{"untrusted", stranger, lab.Leaf{Hosts: []string{"localhost"}}, false, 502},
		{"wrong name", root, lab.Leaf{Hosts: []string{"other.example"}}, false, 502},
		{"address", root, lab.Leaf{Hosts: []string{"127.0.0.1"}}, false, 502},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := newStage(t)
			cert := c.ca.Issue(t, c.leaf)
			cec := lab.NewCEC(t, lab.CECOptions{Cert: &cert, TLS13: c.tls13})
			st.setCEC(0, "https://localhost:"+cec.Port)
			st.site.Nginx.TrustedCA = root.File(t)
			r := st.open(t).nginx.Get(t, "/service-cloud/x")
			if seen := len(cec.Requests()); r.Status != c.status || (seen == 1) != (c.status == 200) {
				t.Errorf("status %d with %d requests seen, want %d", r.Status, seen, c.status)
			}
		})
	}
}
