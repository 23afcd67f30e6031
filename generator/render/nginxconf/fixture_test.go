package nginxconf

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"embedgen/generator/internal/hostile"
	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

const (
	authPath   = hostile.SignPath
	tokenPath  = hostile.TokenPath
	checkPath  = hostile.CheckPath
	acmePolicy = "default-src 'self'; script-src 'strict-dynamic' 'sha256-AbC+/123='; img-src data:"
)

func exampleSite() *site.Site { return hostile.Site() }

func policyOf(*site.Channel) string { return acmePolicy }

// stage is a site with its two CECs, its signer and its web root, behind real nginx.
type stage struct {
	site         *site.Site
	acme, globex *lab.CEC
	signer       *lab.CEC
	ca           *lab.CA
	nginx        *lab.Nginx
	server       string // more of the operator's server block
}

// newStage makes everything but nginx; the test may change the site before open.
func newStage(t *testing.T) *stage {
	t.Helper()
	lab.NginxPath(t)
	st := &stage{site: exampleSite(), ca: lab.NewCA(t)}
	cert := st.ca.Issue(t, lab.Leaf{Hosts: []string{"localhost"}})
	st.acme = lab.NewCEC(t, lab.CECOptions{Cert: &cert})
	st.globex = lab.NewCEC(t, lab.CECOptions{Cert: &cert})
	st.signer = lab.NewCEC(t, lab.CECOptions{})
	st.site.Nginx.TrustedCA = st.ca.File(t)
	st.site.Nginx.Signer = st.signer.Addr
	st.site.Nginx.Root = webRoot(t)
	st.setCEC(0, "https://localhost:"+st.acme.Port)
	st.setCEC(1, "https://localhost:"+st.globex.Port)
	return st
}

func (st *stage) setCEC(tenant int, address string) {
	for _, c := range st.site.Tenants[tenant].Channels {
		c.Context.CEC = address
	}
}

func (st *stage) open(t *testing.T) *stage {
	t.Helper()
	st.nginx = lab.StartNginx(t, st.conf(t))
	return st
}

// openTLS is open with the site itself on https.
func (st *stage) openTLS(t *testing.T) *stage {
	t.Helper()
	conf := st.conf(t)
	cert := st.ca.Issue(t, lab.Leaf{Hosts: []string{"www.acme.example"}})
	conf.Cert = &cert
	st.nginx = lab.StartNginx(t, conf)
	return st
}

// usualSite is what an operator's server block has anyway, and what must not get in the way: headers,
// expiry, error pages, and regular-expression locations (NG-4).
const usualSite = `
        add_header Strict-Transport-Security "max-age=31536000" always;
        add_header X-Frame-Options SAMEORIGIN always;
        add_header Permissions-Policy "microphone=()" always;
        expires 1h;
        error_page 404 /404.html;
        error_page 413 429 500 502 503 504 /50x.html;
        proxy_set_header X-Site site;
        location / { return 200 "site $uri"; }
        location = /404.html { internal; return 200 "site 404"; }
        location = /50x.html { internal; return 200 "site 50x"; }
        location ~* \.(js|css|png|html)$ { return 418 "regex"; }
        location ~ ^/(rest|webchat|service-cloud|acme)/ { return 418 "regex"; }
`

func (st *stage) conf(t *testing.T) lab.Conf {
	t.Helper()
	conf := lab.Conf{Server: usualSite + st.server}
	for _, tenant := range st.site.Tenants {
		conf.HTTP += string(mustHTTP(t, tenant, st.site))
		conf.Server += string(mustLocations(t, tenant, st.site))
	}
	return conf
}

// quiet fails if either CEC was asked anything.
func (st *stage) quiet(t *testing.T) {
	t.Helper()
	if asked := append(st.acme.Requests(), st.globex.Requests()...); len(asked) != 0 {
		t.Errorf("a CEC was asked for %s", asked[0].Target)
	}
}

func mustHTTP(t testing.TB, tenant *site.Tenant, s *site.Site) []byte {
	t.Helper()
	out, err := HTTP(tenant, s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mustLocations(t testing.TB, tenant *site.Tenant, s *site.Site) []byte {
	t.Helper()
	out, err := Locations(tenant, s, policyOf)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// webRoot makes a deployed www directory, and next to it a file that nobody may read.
func webRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{
		"www/acme/web_support/index.html":        "<!doctype html><p>page",
		"www/acme/web_support/embed.js":          "void 0",
		"www/acme/assets/icon.0123abcd.svg":      "<svg/>",
		"www/acme/assets/style.0123abcd.css":     "p{}",
		"www/acme/assets/jquery.0123abcd.js":     "void 0",
		"www/acme/assets/photo.0123abcd.png":     "png",
		"www/acme/assets/font.0123abcd.woff2":    "font",
		"www/acme/assets/map.0123abcd.json":      "{}",
		"www/acme/assets/strange.0123abcd.weird": "?",
		"www/globex/shop_help/index.html":        "<!doctype html><p>shop",
		"secret.txt":                             "secret",
	} {
		file := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(root, "www")
}

// header joins all values of a header, so that a header sent twice is seen.
func header(r lab.Response, name string) string { return strings.Join(r.Header.Values(name), " | ") }
