package nginxconf

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

var endpointPaths = []string{authPath, tokenPath, checkPath}

// private fails unless an answer says exactly once that it must not be stored.
func private(t *testing.T, path string, r lab.Response) {
	t.Helper()
	if header(r, "Cache-Control") != "no-store" || header(r, "X-Content-Type-Options") != "nosniff" || header(r, "Expires") != "" {
		t.Errorf("%s, status %d: Cache-Control %q, X-Content-Type-Options %q, Expires %q", path, r.Status,
			header(r, "Cache-Control"), header(r, "X-Content-Type-Options"), header(r, "Expires"))
	}
}

func TestNG12Exact(t *testing.T) {
	st := newStage(t).open(t)
	for _, path := range endpointPaths {
		if r := st.nginx.Do(t, "POST", path+"?q=%2F", "{}"); r.Status != 200 {
			t.Errorf("%s: %d", path, r.Status)
		}
		if got := st.signer.One(t); got.Method != "POST" || got.Target != path+"?q=%2F" || string(got.Body) != "{}" || got.Proto != "HTTP/1.1" {
			t.Errorf("%s arrives as %s %s %q", path, got.Method, got.Target, got.Body)
		}
		for _, near := range []string{path + "/", path + "/x", path + "x", path + "%2f..%2fadmin", "/webchat/", "/webchat"} {
			st.nginx.Do(t, "POST", near, "{}")
			if seen := st.signer.Requests(); len(seen) != 0 {
				t.Errorf("%s reaches the signer as %s", near, seen[0].Target)
			}
		}
		st.nginx.Do(t, "POST", "/x/..//"+path, "{}")
		if got := st.signer.One(t); got.Target != path {
			t.Errorf("an uncleaned path reaches the signer: %s", got.Target)
		}
	}
	st.quiet(t)
}

func TestNG12NoStore(t *testing.T) {
	st := newStage(t).open(t)
	for _, path := range endpointPaths {
		for _, status := range []int{200, 400, 401, 403, 405, 429, 500, 503} {
			st.signer.Answer(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("X-Content-Type-Options", "nosniff")
				w.WriteHeader(status)
				io.WriteString(w, "signer")
			})
			r := st.nginx.Do(t, "POST", path, "{}")
			if r.Status != status || string(r.Body) != "signer" {
				t.Errorf("%s: %d %q, want the signer's own %d", path, r.Status, r.Body, status)
			}
			private(t, path, r)
		}
	}
}

func TestNG12Oversize(t *testing.T) {
	st := newStage(t).open(t)
	for _, path := range endpointPaths {
		r := st.nginx.Do(t, "POST", path, strings.Repeat("x", 8<<10+1))
		if r.Status != 413 || string(r.Body) != "refused" {
			t.Errorf("%s: %d %q, want 413", path, r.Status, r.Body)
		}
		private(t, path, r)
		chunk := "2001\r\n" + strings.Repeat("x", 0x2001) + "\r\n0\r\n\r\n"
		r = st.nginx.Do(t, "POST", path, chunk, "Transfer-Encoding: chunked")
		if r.Status != 413 {
			t.Errorf("%s, chunked: %d, want 413", path, r.Status)
		}
		private(t, path, r)
		if seen := st.signer.Requests(); len(seen) != 0 {
			t.Errorf("%s: the signer saw it", path)
		}
		if r := st.nginx.Do(t, "POST", path, strings.Repeat("x", 8<<10)); r.Status != 200 {
			t.Errorf("%s: %d for 8 KiB", path, r.Status)
		}
		st.signer.One(t)
	}
}

func TestNG12SignerDown(t *testing.T) {
	st := newStage(t)
	st.site.Nginx.Signer = "127.0.0.1:1"
	st.open(t)
	for _, path := range endpointPaths {
		r := st.nginx.Do(t, "POST", path, "{}")
		if r.Status != 502 || string(r.Body) != "refused" {
			t.Errorf("%s: %d %q, want 502", path, r.Status, r.Body)
		}
		private(t, path, r)
	}
}

func TestNG12Burst(t *testing.T) {
	for _, path := range endpointPaths {
		t.Run(path, func(t *testing.T) {
			st := newStage(t).open(t)
			answers := burst(t, st.nginx, path, 70)
			answers = append(answers, burst(t, st.nginx, path, 10)...) // no sooner over than refused again
			var refused int
			for _, r := range answers {
				switch r.Status {
				case 429:
					refused++
					if string(r.Body) != "refused" {
						t.Errorf("body %q", r.Body)
					}
					private(t, path, r)
				case 200:
				default:
					t.Fatalf("status %d", r.Status)
				}
			}
			if refused == 0 || refused == len(answers) {
				t.Errorf("%d of %d refused", refused, len(answers))
			}
			if last := answers[70:]; !slices.ContainsFunc(last, func(r lab.Response) bool { return r.Status == 429 }) {
				t.Error("the rate is no limit")
			}
			for range 30 { // the chat has no part in it
				if r := st.nginx.Get(t, "/service-cloud/x"); r.Status != 200 {
					t.Fatalf("the chat is refused: %d", r.Status)
				}
			}
		})
	}
}

func burst(t *testing.T, n *lab.Nginx, path string, count int) []lab.Response {
	out := make([]lab.Response, count)
	var wait sync.WaitGroup
	for i := range out {
		wait.Go(func() { out[i] = n.Do(t, "POST", path, "{}") })
	}
	wait.Wait()
	return out
}

func TestNG12PeerHeaders(t *testing.T) {
	st := newStage(t).openTLS(t)
	for _, path := range endpointPaths {
		st.nginx.Do(t, "POST", path, "{}",
			"X-Real-IP: 6.6.6.6", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example",
			"Forwarded: host=evil.example", "X-Remote-User: admin", "X-Remote-Name: Admin", "x-remote-user: again",
			"Cookie: __Host-embedgen-guest-acme=1; a=b", "Origin: https://www.acme.example")
		got := st.signer.One(t)
		if got.Host != "www.acme.example" {
			t.Errorf("%s: Host %q", path, got.Host)
		}
		for name, want := range map[string]string{
			"X-Real-IP": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https",
			"X-Forwarded-Host": "www.acme.example", "Forwarded": "", "X-Remote-User": "", "X-Remote-Name": "", "Connection": "",
			"Cookie": "__Host-embedgen-guest-acme=1; a=b", "Origin": "https://www.acme.example",
		} {
			if all := strings.Join(got.Header.Values(name), " | "); all != want {
				t.Errorf("%s: %s %q, want %q", path, name, all, want)
			}
		}
	}
}

// The signer refuses a host that is no tenant's, so it must learn the host that was asked for.
func TestSEC5HostReachesSigner(t *testing.T) {
	st := newStage(t)
	for _, tenant := range st.site.Tenants {
		tenant.Origin = "https://www.acme.example:8443"
	}
	st.open(t)
	for host, want := range map[string]string{
		"www.acme.example:8443": "www.acme.example:8443",
		"WWW.acme.example":      "www.acme.example:8443",
		"www.acme.example.":     "www.acme.example:8443",
		"www.acme.example.:443": "www.acme.example:8443",
		"evil.example":          "evil.example:8443",
	} {
		st.nginx.Do(t, "POST", authPath, "{}", "Host: "+host)
		if got := st.signer.One(t).Host; got != want {
			t.Errorf("Host %q arrives as %q, want %q", host, got, want)
		}
	}
}

// Who is signed in is what the operator's server block says, and only at the token endpoint.
func TestNG12Identity(t *testing.T) {
	st := newStage(t)
	st.site.Service.Identity = site.HeaderIdentity{ID: "X-Bank-Customer", Name: "X-Bank-Name"}
	st.server = `set $embedgen_acme_user_id "c-17"; set $embedgen_acme_user_name "Li Na";`
	st.open(t)
	for _, path := range append(slices.Clone(endpointPaths), "/globex"+tokenPath) {
		st.nginx.Do(t, "POST", path, "{}", "X-Bank-Customer: admin", "X-Bank-Name: Admin")
		id, name := "", ""
		if path == tokenPath {
			id, name = "c-17", "Li Na"
		}
		got := st.signer.One(t).Header
		if got.Get("X-Bank-Customer") != id || got.Get("X-Bank-Name") != name {
			t.Errorf("%s: customer %q %q, want %q %q", path, got.Values("X-Bank-Customer"), got.Values("X-Bank-Name"), id, name)
		}
	}
}

// The example for the operator works as it is printed, but for the address.
func TestNG12IdentityExample(t *testing.T) {
	st := newStage(t)
	sessions := lab.NewCEC(t, lab.CECOptions{})
	sessions.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") == "session=ann" {
			w.Header().Set("X-User-Id", "c-17")
			w.Header().Set("X-User-Name", "Ann")
		}
		w.WriteHeader(http.StatusNoContent)
	})
	example, err := Identity(st.site.Tenants[0], st.site)
	if err != nil {
		t.Fatal(err)
	}
	st.server = strings.Replace(string(example), "127.0.0.1:3000", sessions.Addr, 1)
	st.open(t)
	for cookie, want := range map[string]string{"session=ann": "c-17 Ann", "session=other": " "} {
		st.nginx.Do(t, "POST", tokenPath, "{}", "Cookie: "+cookie, "X-Remote-User: admin", "X-User-Id: admin")
		got := st.signer.One(t).Header
		if user := got.Get("X-Remote-User") + " " + got.Get("X-Remote-Name"); user != want {
			t.Errorf("%s: the signer hears of %q, want %q", cookie, user, want)
		}
	}
	if r := st.nginx.Get(t, "/service-cloud/x"); r.Status != 200 {
		t.Errorf("the chat of others: %d", r.Status)
	}
	st.site.Tenants[0].Token.Keys = nil
	if example, err := Identity(st.site.Tenants[0], st.site); err != nil || example != nil {
		t.Errorf("an example without a token endpoint: %v %s", err, example)
	}
}

func TestNG12OnlyWhatIsNeeded(t *testing.T) {
	for _, c := range []struct {
		name  string
		modes []site.Mode
		keys  bool
		want  []string
	}{
		{"guests", []site.Mode{site.Authorization}, true, []string{authPath}},
		{"customers", []site.Mode{site.TokenMode}, true, []string{tokenPath, checkPath}},
		{"both", []site.Mode{site.Authorization, site.TokenMode}, true, endpointPaths},
		{"own tokens", []site.Mode{site.TokenMode}, false, nil},
	} {
		s := exampleSite()
		tenant := s.Tenants[0]
		tenant.Channels = tenant.Channels[:len(c.modes)]
		for i, mode := range c.modes {
			tenant.Channels[i].Mode = mode
		}
		if !c.keys {
			tenant.Token.Keys = nil
		}
		conf, http := tree(t, mustLocations(t, tenant, s)), tree(t, mustHTTP(t, tenant, s))
		for _, path := range endpointPaths {
			if got := conf.has("location = " + path); got != slices.Contains(c.want, path) {
				t.Errorf("%s: %s served: %t", c.name, path, got)
			}
		}
		if got := http.has("upstream embedgen_acme_signer"); got != (c.want != nil) {
			t.Errorf("%s: signer upstream: %t", c.name, got)
		}
	}
}
