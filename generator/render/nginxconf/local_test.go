package nginxconf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embedgen/generator/internal/lab"
)

// laptop runs the complete configuration for a tenant of a stage, on plain http to its CEC.
func laptop(t *testing.T, st *stage, user, name string) (*lab.Nginx, *lab.CEC) {
	t.Helper()
	cec := lab.NewCEC(t, lab.CECOptions{})
	st.setCEC(0, "http://cec.acme.localhost:"+cec.Port)
	n := lab.NginxFor(t)
	n.TLS = true
	conf, err := Local(st.site.Tenants[0], st.site, Laptop{n.Addr, user, name}, policyOf)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := lab.Files(t, st.ca.Issue(t, lab.Leaf{Hosts: []string{"localhost"}}))
	for path, from := range map[string]string{LocalCert: cert, LocalKey: key, "www/acme/web_support/index.html": st.site.Nginx.Root + "/acme/web_support/index.html"} {
		copyFile(t, from, filepath.Join(n.Prefix(), path))
	}
	n.Start(t, conf)
	return n, cec
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNG18Local(t *testing.T) {
	st := newStage(t)
	n, cec := laptop(t, st, "c-1", "张三")
	host := "Host: localhost:" + n.Port()
	if r := n.Get(t, "/acme/web_support/", host); r.Status != 200 || header(r, "Content-Security-Policy") != acmePolicy {
		t.Errorf("page: %d", r.Status)
	}
	if r := n.Get(t, "/", host); r.Status != 302 || header(r, "Location") != "/acme/web_support/" {
		t.Errorf("/: %d, Location %q", r.Status, header(r, "Location"))
	}
	n.Get(t, "/service-cloud/x?y", host)
	if got := cec.One(t); got.Target != "/service-cloud/x?y" || got.Host != "cec.acme.localhost:"+cec.Port {
		t.Errorf("the chat reaches %s as %s", got.Host, got.Target)
	}
	n.Do(t, "POST", tokenPath, "{}", host, "Origin: https://localhost:"+n.Port())
	got := st.signer.One(t)
	for name, want := range map[string]string{
		"Origin": "https://www.acme.example", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "www.acme.example",
		"X-Remote-User": "c-1", "X-Remote-Name": "张三",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s %q reaches the signer, want %q", name, got.Header.Get(name), want)
		}
	}
	if got.Host != "www.acme.example" {
		t.Errorf("Host %q reaches the signer", got.Host)
	}
}

// Pages of other sites are other sites to the signer, and a name that only resolves to this machine
// is refused.
func TestNG18Strangers(t *testing.T) {
	st := newStage(t)
	n, cec := laptop(t, st, "", "")
	host := "Host: localhost:" + n.Port()
	for _, origin := range []string{"https://evil.example", "http://localhost:" + n.Port(), "https://localhost", "null"} {
		n.Do(t, "POST", authPath, "{}", host, "Origin: "+origin)
		if got := st.signer.One(t).Header.Get("Origin"); got != origin {
			t.Errorf("Origin %q becomes %q", origin, got)
		}
	}
	for _, target := range []string{"/service-cloud/x", authPath, "/acme/web_support/", "/"} {
		if r := n.Get(t, target, "Host: evil.example"); r.Status != 421 {
			t.Errorf("%s for a foreign host: %d", target, r.Status)
		}
	}
	if len(cec.Requests())+len(st.signer.Requests()) != 0 {
		t.Error("a request for a foreign host passed")
	}
}

func TestNG18PlainHTTP(t *testing.T) {
	st := newStage(t)
	n, _ := laptop(t, st, "", "")
	n.TLS = false
	r := n.Get(t, "/acme/web_support/?a=b", "Host: localhost:"+n.Port())
	if want := "https://localhost:" + n.Port() + "/acme/web_support/?a=b"; r.Status != 308 || header(r, "Location") != want {
		t.Errorf("%d, Location %q, want %q", r.Status, header(r, "Location"), want)
	}
}

// Who reaches the laptop's nginx is its customer, so nobody else may.
func TestNG18Loopback(t *testing.T) {
	st := &stage{site: exampleSite()}
	for listen, ok := range map[string]bool{
		"127.0.0.1:8443": true, "[::1]:8443": true, "127.1.2.3:1": true,
		"0.0.0.0:8443": false, "[::]:8443": false, "192.0.2.1:8443": false, "localhost:8443": false,
		":8443": false, "8443": false, "127.0.0.1:0": false, "127.0.0.1": false, "127.0.0.1:8443;": false, "": false,
	} {
		_, err := Local(st.site.Tenants[0], st.site, Laptop{Listen: listen}, policyOf)
		if (err == nil) != ok {
			t.Errorf("%q: %v", listen, err)
		}
		if err != nil && !strings.Contains(err.Error(), "loopback") {
			t.Errorf("%q: %v", listen, err)
		}
	}
}
