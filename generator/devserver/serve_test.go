package devserver

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"embedgen/generator/artifact"
)

var noncePattern = regexp.MustCompile(` 'nonce-[A-Z2-7]{26}'`)

// Every output file, at every path and host where it is seen.
func TestDS15ServedBytesAreThoseOfTheBuild(t *testing.T) {
	p := startProject(t)
	result := p.build(t.Context(), Origins{Port: p.port})
	for _, f := range result.Tree.Files() {
		host := "127.0.0.1"
		if strings.HasPrefix(f.Path, "www/initech/") {
			host = "initech.localhost" // it would be redirected there
		}
		url := "/" + strings.TrimPrefix(f.Path, "www/")
		got := p.get(host, strings.TrimSuffix(url, "index.html"), asBrowser)
		if got.status != http.StatusOK {
			t.Errorf("%s: status %d", url, got.status)
			continue
		}
		wantTags := 0
		if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			wantTags = 1
		}
		if n := len(tagPattern.FindAllString(got.body, -1)); n != wantTags {
			t.Errorf("%s: %d reload clients, want %d", url, n, wantTags)
		}
		if body := tagPattern.ReplaceAllString(got.body, ""); body != string(f.Data) {
			t.Errorf("%s: got %q, want %q", url, body, f.Data)
		}
		if f.Policy != "" {
			if policy := noncePattern.ReplaceAllString(got.header.Get("Content-Security-Policy"), ""); policy != f.Policy {
				t.Errorf("%s: policy %q, want %q", url, policy, f.Policy)
			}
		}
	}
}

func TestDS15TheNonceIsTheTagsAndNeverTheSame(t *testing.T) {
	p := startProject(t)
	seen := map[string]bool{}
	for _, url := range []string{"/acme/web_support/", "/acme/web_support/", "/docs/en/", "/"} {
		got := p.get("127.0.0.1", url, asBrowser)
		nonce := tagPattern.FindStringSubmatch(got.body)[2]
		if !strings.Contains(got.header.Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
			t.Errorf("%s: the policy does not allow the tag: %s", url, got.header.Get("Content-Security-Policy"))
		}
		if seen[nonce] {
			t.Errorf("%s: nonce %s again", url, nonce)
		}
		seen[nonce] = true
	}
}

func TestDS14NothingIsStored(t *testing.T) {
	p := startProject(t)
	for _, url := range []string{
		"/", "/acme/web_support/", "/acme/web_support", "/acme/web_support/embed.js", "/docs/zh/", "/snippets/acme/web_support.html",
		"/nginx/acme/locations.conf", "/manifest.json", "/nothing", "/service-cloud/x", "/webchat/token", "/_embedgen/reload.js",
		"/_embedgen/requests", "/_embedgen/requests.json", "/_embedgen/demo/acme/web_support", "/_embedgen/agent/", "/favicon.ico",
	} {
		got := p.get("127.0.0.1", url, asBrowser)
		if cc := got.header.Values("Cache-Control"); len(cc) != 1 || cc[0] != "no-store" {
			t.Errorf("%s: Cache-Control %q", url, cc)
		}
		if ct := got.header.Values("X-Content-Type-Options"); len(ct) != 1 || ct[0] != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", url, ct)
		}
	}
}

func TestDS14ADeletedPageIsGoneAtOnce(t *testing.T) {
	p := startProject(t)
	p.edit("channels.yaml", "Support chat\n", "Support chat\nno hooli\n")
	p.awaitBuild(true)
	for _, url := range []string{"/hooli/main/", "/hooli/main/embed.js", "/snippets/hooli/main.html", "/_embedgen/demo/hooli/main"} {
		if got := p.get("127.0.0.1", url); got.status != http.StatusNotFound {
			t.Errorf("%s: status %d", url, got.status)
		}
	}
	if got := p.get("hooli.localhost", "/"); got.status != http.StatusMisdirectedRequest {
		t.Errorf("the tenant's host: status %d", got.status)
	}
}

func TestContentTypes(t *testing.T) {
	p := startProject(t)
	for url, want := range map[string]string{
		"/acme/web_support/":              "text/html; charset=utf-8",
		"/acme/web_support/embed.js":      "text/javascript; charset=utf-8",
		"/acme/assets/a.0123abcd.css":     "text/css; charset=utf-8",
		"/docs/en/":                       "text/html; charset=utf-8",
		"/snippets/acme/web_support.html": "text/plain; charset=utf-8",
		"/nginx/acme/locations.conf":      "text/plain; charset=utf-8",
		"/manifest.json":                  "application/json",
		"/_embedgen/assets/icon.svg":      "image/svg+xml",
		"/_embedgen/worker.js":            "text/javascript; charset=utf-8",
	} {
		if got := p.get("127.0.0.1", url).header.Get("Content-Type"); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

func TestFoldersWithoutSlash(t *testing.T) {
	p := startProject(t)
	for url, want := range map[string]string{
		"/acme/web_support":     "./web_support/",
		"/acme/web_support?x=1": "./web_support/?x=1",
		"/docs/en":              "./en/",
	} {
		got := p.get("127.0.0.1", url)
		if got.status != http.StatusFound || got.header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", url, got.status, got.header.Get("Location"), want)
		}
	}
}

// The simulated CEC of a channel without a proxy is another origin of the tenant's site.
func TestDirectChannelsLiveOnTheTenantsOrigin(t *testing.T) {
	p := startProject(t)
	for _, url := range []string{"/initech/main_site/?a=b", "/_embedgen/demo/initech/main_site?a=b"} {
		got := p.get("127.0.0.1", url)
		if want := fmt.Sprintf("http://initech.localhost:%d%s", p.port, url); got.header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", url, got.status, got.header.Get("Location"), want)
		}
		if got := p.get("initech.localhost", url); got.status != http.StatusOK {
			t.Errorf("%s on its own host: status %d", url, got.status)
		}
	}
	if got := p.get("cec.initech.localhost", "/service-cloud/x?y"); got.body != fmt.Sprintf("cec cec.initech.localhost:%d /service-cloud/x?y", p.port) {
		t.Errorf("simulated CEC: %q", got.body)
	}
	if c := p.build(t.Context(), Origins{Port: p.port}).Site.Tenants[3].Channels[0].Context; c.URL != fmt.Sprintf("http://cec.initech.localhost:%d/service-cloud", p.port) {
		t.Errorf("context %+v", c)
	}
}

func TestSEC22TraversalNeverLeavesTheBuild(t *testing.T) {
	p := startProject(t)
	p.write("secret.txt", "outside")
	for _, path := range []string{
		"/../secret.txt", "/acme/../../secret.txt", "/acme/%2e%2e/%2e%2e/secret.txt", "/acme/..%2f..%2fsecret.txt", "/docs/..%5c..%5csecret.txt",
		"/acme//web_support/", "//acme/web_support/", "/acme/web_support%00", "/acme/web_support/%2e/", "/acme/web_support/.", "/acme/./web_support/",
		"/acme/web_support/index.html?raw??/", "/acme%2fweb_support/", "/snippets/../channels.yaml", "/_embedgen/assets/../dashboard.html",
		"/_embedgen/assets/..%2fdashboard.html", "/_embedgen/assets/dashboard.html", "/_embedgen/demo/acme/..", "/_embedgen/demo/../acme", "/www/acme/web_support/index.html",
		"/channels.yaml", "/%", "/acme/\xff", "/service-cloud/../channels.yaml", "*", "/acme/web_support/../web_support/",
	} {
		got := p.get("127.0.0.1", path)
		allowed := got.status >= 400 || path == "/acme/web_support/index.html?raw??/" && got.status == http.StatusOK
		if !allowed || strings.Contains(got.body, "outside") {
			t.Errorf("%s: status %d, %.60q", path, got.status, got.body)
		}
	}
}

func FuzzSEC22Find(f *testing.F) {
	for _, seed := range []string{"/acme/../x", "/docs/en/", "//", "/acme/web_support/", "\x00", "/%2e%2e", "/snippets"} {
		f.Add(seed, "/service-cloud/x")
	}
	s := testSite()
	tree, err := artifact.NewTree((&project{root: f.TempDir()}).files(s))
	if err != nil {
		f.Fatal(err)
	}
	g := newGood(Result{Tree: tree, Site: s})
	f.Fuzz(func(t *testing.T, path, escaped string) {
		if file, _, ok := g.find(view{}, path); ok {
			clean := strings.TrimSuffix(strings.TrimSuffix(path, "index.html"), "/")
			if !strings.HasSuffix("/"+strings.TrimSuffix(strings.TrimSuffix(file.Path, "index.html"), "/"), clean) {
				t.Errorf("%q found %q", path, file.Path)
			}
		}
		for _, u := range g.upstreams(view{}, escaped) {
			if !strings.HasPrefix(u.path, "/service-cloud/") || hasDotSegment(u.path) {
				t.Errorf("%q goes to %q", escaped, u.path)
			}
		}
		splitHost(path)
		withNonce(path, "N")
		mask(path)
	})
}

func TestSEC5UnknownHostsAreRefused(t *testing.T) {
	p := startProject(t)
	port := fmt.Sprint(p.port)
	for host, want := range map[string]int{
		"127.0.0.1": 200, "localhost": 200, "LOCALHOST": 200, "[::1]": 200, "acme.localhost": 200, "ACME.localhost": 200,
		"evil.example": 421, "127.0.0.1:1": 421, "localhost:80": 421, "nobody.localhost": 421, "x.acme.localhost": 421,
		"acme.localhost.": 421, "acme.localhost.evil.example": 421, ".localhost": 421, "localhost.": 421, "0.0.0.0": 421, "10.0.0.1": 421,
		"127.0.0.1:" + port + ":" + port: 421, "127.0.0.1:+" + port: 421, "127.0.0.1:0" + port: 421, "a@localhost": 400, "localhoſt": 400, "\u212Aocalhost": 400,
	} {
		for _, url := range []string{"/", "/_embedgen/reload.js", "/acme/web_support/embed.js"} {
			got := p.get(host, url, "Origin: http://"+p.at(host))
			if got.status != want {
				t.Errorf("Host %q, %s: status %d, want %d", host, url, got.status, want)
			}
		}
	}
}

// A tunnel or a proxy with TLS in front brings its own name, without the server's port.
func TestDS12FurtherHostsAreAccepted(t *testing.T) {
	p := newProject(t).start(func(o *Options) { o.Hosts = []string{"dev.tunnel.example", "dev.tunnel.example:9"} })
	for _, origin := range []string{"http://dev.tunnel.example:9", "https://dev.tunnel.example:9"} {
		if got := p.get("dev.tunnel.example:9", "/_embedgen/status.json", "Origin: "+origin); got.status != http.StatusOK {
			t.Errorf("Origin %s: status %d", origin, got.status)
		}
	}
	page := p.get("dev.tunnel.example:9", "/", asBrowser).body
	if !strings.Contains(page, `href="/acme/web_support/"`) || strings.Contains(page, `href="http://acme.localhost`) {
		t.Error("the dashboard links to names that only this machine resolves")
	}
	if got := p.get("other.tunnel.example:9", "/"); got.status != http.StatusMisdirectedRequest {
		t.Errorf("another name: status %d", got.status)
	}
}
