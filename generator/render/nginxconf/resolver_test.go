package nginxconf

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"embedgen/generator/internal/lab"
)

// resolverStage is a stage whose CECs are found through a fake DNS server, and the second CEC to
// which the name can move.
func resolverStage(t *testing.T) (*stage, *lab.DNS, *lab.CEC) {
	st := newStage(t)
	dns := lab.NewDNS(t)
	cert := st.ca.Issue(t, lab.Leaf{Hosts: []string{"cec.test"}})
	st.acme = lab.NewCEC(t, lab.CECOptions{Cert: &cert})
	moved := lab.NewCEC(t, lab.CECOptions{Cert: &cert, Addr: "127.0.0.2:" + st.acme.Port})
	moved.Answer(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "moved") })
	st.globex = lab.NewCEC(t, lab.CECOptions{Cert: &cert})
	dns.Set("cec.test", "127.0.0.1")
	st.site.Nginx.Resolver = dns.Addr
	st.setCEC(0, "https://cec.test:"+st.acme.Port)
	st.setCEC(1, "https://cec.test:"+st.globex.Port)
	return st.open(t), dns, moved
}

func TestNG17FollowsAddress(t *testing.T) {
	st, dns, _ := resolverStage(t)
	if r := st.nginx.Get(t, "/service-cloud/x"); string(r.Body) != "cec" {
		t.Fatalf("%d %q\n%s", r.Status, r.Body, st.nginx.ErrorLog())
	}
	if got := st.acme.One(t); got.SNI != "cec.test" || got.Host != "cec.test:"+st.acme.Port {
		t.Errorf("SNI %q, Host %q", got.SNI, got.Host)
	}
	dns.Set("cec.test", "127.0.0.2")
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if r := st.nginx.Get(t, "/service-cloud/x"); string(r.Body) == "moved" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("the new address is not used without a reload")
}

// With a resolver, too, only clean paths below /service-cloud/ reach a CEC. They are not decoded
// in this form, so "%2F" arrives as it was sent, and dot segments are refused, not resolved.
func TestNG17Mapping(t *testing.T) {
	st, _, _ := resolverStage(t)
	for _, c := range append(mapped[:0:0], mapped...) {
		for prefix, cec := range map[string]*lab.CEC{"": st.acme, "/globex": st.globex} {
			target := prefix + c.target
			if strings.Contains(strings.SplitN(target, "?", 2)[0], "/%2e/") && prefix != "" {
				continue // leaves the prefix
			}
			r := st.nginx.Get(t, target)
			seen := cec.Requests()
			if path, _, _ := strings.Cut(c.target, "?"); hasDots(path) {
				if r.Status != 500 || len(seen) != 0 {
					t.Errorf("%s: %d, want a refusal", target, r.Status)
				}
				continue
			}
			want := strings.TrimPrefix(strings.Replace(c.target, "//service-cloud", "/service-cloud", 1), prefix)
			want = strings.Replace(want, "/service-cloud//", "/service-cloud/", 1)
			if len(seen) != 1 || seen[0].Target != want {
				t.Errorf("%s: %d, arrives as %+v, want %s", target, r.Status, seen, want)
			}
		}
	}
	st.nginx.Get(t, "/globex/service-cloud/a%2Fb?c=%2F")
	if got := st.globex.One(t).Target; got != "/service-cloud/a%2Fb?c=%2F" {
		t.Errorf("an encoded slash arrives as %s", got)
	}
}

func hasDots(path string) bool {
	for _, dots := range []string{"/./", "/../", "/..%2f", "/%2e"} {
		if strings.Contains(path, dots) {
			return true
		}
	}
	return false
}

func TestNG17NothingElse(t *testing.T) {
	st, _, _ := resolverStage(t)
	more := []string{"/service-cloud/..;/admin", "/service-cloud/x/..;a/admin", "/service-cloud/x/%2E%2e%3b/admin",
		"/service-cloud/..\\admin", "/service-cloud/a%2f..", "/service-cloud/%2e", "/glob%65x/service-cloud/x"}
	for _, target := range append(more, unmapped...) {
		if r := st.nginx.Get(t, target); string(r.Body) == "cec" {
			t.Errorf("%s is answered by a CEC", target)
		}
		st.quiet(t)
	}
}
