package agree

import (
	"bytes"
	"context"
	"crypto/tls"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"
	"time"

	"embedgen/generator"
	"embedgen/generator/artifact"
	"embedgen/generator/devserver"
	"embedgen/generator/internal/lab"
	"embedgen/generator/render/nginxconf"
	"embedgen/generator/site"
	"embedgen/templates"
)

// channels has two tenants on one origin: acme without a prefix, globex below /globex.
const channels = `version: 1
defaults: {mode: authorization, cec: "https://{{.Host}}:{{.Acme}}"}
tenants:
  - id: acme
    name: Acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    token: {keys: [{id: k1, secret: {env: KEY}}]}
    channels:
      - {id: web_support, name: Main, channelConfigId: "202102193196869708", secretKey: {env: KEY}}
      - {id: web_private, name: Private, channelConfigId: "202102193196869709", mode: token}
  - id: globex
    name: Globex
    tenantSpaceId: "202103184417"
    origin: https://www.acme.example
    contextPath: /globex/service-cloud
    cec: https://{{.Host}}:{{.Globex}}
    endpoints:
      authorization: /globex/webchat/authorizationService
      token: /globex/webchat/token
      validation: /globex/webchat/validate
    channels:
      - {id: shop_help, name: Help, channelConfigId: "202104022750184403", secretKey: {env: KEY}}
nginx: {{"{"}}root: {{.Root}}, trustedCA: {{.CA}}, signer: {{.Signer}}{{with .Resolver}}, resolver: "{{.}}"{{end}}{{"}"}}
`

// stage is a site with two CECs and a signer.
type stage struct {
	acme, globex, signer *lab.CEC
	ca                   *lab.CA
	config               map[string]string // values for channels
	built                generator.Result
}

// newStage makes a site. With a resolver its CECs have a name that only a DNS server knows.
func newStage(t *testing.T, resolver bool) *stage {
	t.Helper()
	ca := lab.NewCA(t)
	cert := ca.Issue(t, lab.Leaf{Hosts: []string{hostOf(resolver)}})
	return newStageFor(t, ca, resolver, lab.CECOptions{Cert: &cert})
}

func hostOf(resolver bool) string {
	if resolver {
		return "cec.test"
	}
	return "localhost"
}

func newStageFor(t *testing.T, ca *lab.CA, resolver bool, options lab.CECOptions) *stage {
	t.Helper()
	st := &stage{ca: ca, signer: lab.NewCEC(t, lab.CECOptions{})}
	st.acme, st.globex = lab.NewCEC(t, options), lab.NewCEC(t, options)
	root := t.TempDir()
	st.config = map[string]string{
		"Host": hostOf(resolver), "Acme": st.acme.Port, "Globex": st.globex.Port, "Signer": st.signer.Addr,
		"Root": filepath.Join(root, "www"), "CA": st.ca.File(t), "Resolver": "",
	}
	if resolver {
		dns := lab.NewDNS(t)
		dns.Set(hostOf(resolver), "127.0.0.1")
		st.config["Resolver"] = dns.Addr
	}
	st.built = st.build(t)
	if _, err := artifact.Write(st.built.Tree, root); err != nil {
		t.Fatal(err)
	}
	return st
}

func (st *stage) build(t *testing.T) generator.Result {
	t.Helper()
	var config bytes.Buffer
	if err := template.Must(template.New("").Parse(channels)).Execute(&config, st.config); err != nil {
		t.Fatal(err)
	}
	root := fstest.MapFS{"channels.yaml": {Data: config.Bytes()}}
	r, err := new(generator.Generator).Build(t.Context(), generator.Input{Root: root, Config: "channels.yaml"})
	if err != nil || r.Tree == nil {
		t.Fatalf("%v %+v\n%s", err, r.Diagnostics, config.String())
	}
	return r
}

// emitted is the text of an output file.
func (st *stage) emitted(t *testing.T, path string) string {
	t.Helper()
	f, ok := st.built.Tree.Lookup(path)
	if !ok {
		t.Fatalf("no %s", path)
	}
	return string(f.Data)
}

func (st *stage) policy(c *site.Channel) string {
	f, _ := st.built.Tree.Lookup("www/" + c.Tenant.ID + "/" + c.ID + "/index.html")
	return f.Policy
}

// server is something that stands between a browser and the CECs of its stage.
type server struct {
	*lab.Server
	*stage
	t    *testing.T
	host string // that a browser asks for
	// What the servers may do differently.
	resolves bool // dot segments that stay below the context path; else it refuses them
	keeps    bool // doubled slashes after the context path
	limits   bool // passes the endpoints on to the signer, and limits rates
	scheme   string
}

func (s *server) get(target string, lines ...string) lab.Response {
	s.t.Helper()
	return s.send("GET", target, "", lines...)
}

func (s *server) send(method, target, body string, lines ...string) lab.Response {
	s.t.Helper()
	for _, line := range lines {
		if strings.HasPrefix(line, "Host:") {
			return s.Do(s.t, method, target, body, lines...)
		}
	}
	return s.Do(s.t, method, target, body, append([]string{"Host: " + s.host}, lines...)...)
}

// cec is the CEC behind a prefix.
func (s *server) cec(prefix string) *lab.CEC {
	if prefix == "" {
		return s.acme
	}
	return s.globex
}

// both sets what the two CECs answer.
func (s *server) both(h http.HandlerFunc) {
	s.acme.Answer(h)
	s.globex.Answer(h)
}

// quiet fails if a CEC was asked anything.
func (s *server) quiet(what string) {
	s.t.Helper()
	for _, seen := range append(s.acme.Requests(), s.globex.Requests()...) {
		s.t.Errorf("%s: a CEC was asked for %s", what, seen.Target)
	}
}

// prefixes of the two tenants.
var prefixes = []string{"", "/globex"}

// usualNginx and usualCaddy are what an operator's site has anyway. nginx inherits every setting of
// the site that a location does not make itself, so that of nginx has all that could hurt.
const usualNginx = `
        add_header X-Frame-Options SAMEORIGIN always;
        expires 1h;
        error_page 404 413 502 /error.html;
        proxy_cookie_path / "/; Secure; HttpOnly; SameSite=Strict";
        proxy_cookie_domain ~.* site.example;
        proxy_cookie_flags ~ nosecure httponly samesite=strict;
        proxy_redirect / /site/;
        proxy_set_header X-Real-IP site;
        proxy_hide_header X-Cec;
        proxy_intercept_errors on;
        proxy_http_version 1.0;
        proxy_connect_timeout 1ms;
        proxy_read_timeout 1s;
        proxy_send_timeout 1s;
        proxy_buffering on;
        proxy_request_buffering on;
        proxy_buffer_size 4k;
        proxy_ssl_verify off;
        proxy_ssl_server_name off;
        proxy_ssl_protocols TLSv1.2;
        proxy_cache site;
        proxy_cache_valid any 1h;
        proxy_ignore_headers Cache-Control Set-Cookie;
        client_max_body_size 1k;
        limit_req_status 503;
        absolute_redirect on;
        autoindex on;
        index other.html;
        etag off;
        charset koi8-r;
        default_type text/x-site;
        types { text/x-site js css html png; }
        location / { return 200 "site"; }
        location = /error.html { internal; return 200 "site error"; }
        location ~* \.(js|css|png|html)$ { return 418 "regex"; }
`

const usualCaddy = `
	header X-Frame-Options SAMEORIGIN
	header Permissions-Policy microphone=()
	handle /api/* {
		respond "api"
	}
	handle {
		try_files {path} /index.html
		respond "site"
	}
`

func startNginx(t *testing.T, st *stage) *server {
	t.Helper()
	lab.NginxPath(t)
	cert := st.ca.Issue(t, lab.Leaf{Hosts: []string{"www.acme.example"}})
	conf := lab.Conf{HTTP: "    proxy_cache_path cache keys_zone=site:1m;\n", Server: usualNginx, Cert: &cert}
	for _, tenant := range []string{"acme", "globex"} {
		conf.HTTP += st.emitted(t, "nginx/"+tenant+"/http.conf")
		conf.Server += st.emitted(t, "nginx/"+tenant+"/locations.conf")
	}
	n := lab.StartNginx(t, conf)
	once := st.config["Resolver"] == ""
	return &server{
		Server: &n.Server, stage: st, t: t, host: "www.acme.example", scheme: "https",
		resolves: once, keeps: !once, limits: true,
	}
}

func startCaddy(t *testing.T, st *stage) *server {
	t.Helper()
	lab.CaddyPath(t)
	cert := st.ca.Issue(t, lab.Leaf{Hosts: []string{"www.acme.example"}})
	conf := lab.CaddyConf{Cert: &cert, Site: usualCaddy}
	for _, tenant := range []string{"acme", "globex"} {
		conf.Site += st.emitted(t, "caddy/"+tenant+"/Caddyfile")
	}
	c := lab.StartCaddy(t, conf)
	s := &server{Server: &c.Server, stage: st, t: t, host: "www.acme.example:" + c.Port(), scheme: "https"}
	t.Cleanup(func() {
		if t.Failed() && testing.Verbose() {
			t.Log(c.Log())
		}
	})
	return s
}

// startDev serves the same build from memory; its one port has both tenants, as the origin has.
func startDev(t *testing.T, st *stage) *server {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- devserver.Run(ctx, devserver.Options{
			Root: t.TempDir(), Addr: "127.0.0.1:0", Templates: templates.Overlay(nil), Now: time.Now, Poll: true,
			Build: func(context.Context, devserver.Origins) devserver.Result {
				return devserver.Result{Tree: st.built.Tree, Site: st.built.Site}
			},
			Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: st.ca.Pool()}},
			Ready:     func(url string) { ready <- url },
		})
	}()
	t.Cleanup(func() { stop(); <-ended })
	select {
	case url := <-ready:
		addr := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")
		return &server{Server: &lab.Server{Addr: addr}, stage: st, t: t, host: addr, scheme: "http"}
	case err := <-ended:
		ended <- err
		t.Fatalf("the development server ended: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("the development server is not ready")
	}
	return nil
}

// startLaptop runs the complete configuration that embedgen nginx --local writes.
func startLaptop(t *testing.T, st *stage) *server {
	t.Helper()
	n := lab.NginxFor(t)
	n.TLS = true
	tenant := st.built.Site.Tenants[0]
	conf, err := nginxconf.Local(tenant, st.built.Site, nginxconf.Laptop{Listen: n.Addr}, st.policy)
	if err != nil {
		t.Fatal(err)
	}
	n.Put(t, nginxconf.LocalCert, nginxconf.LocalKey, st.ca.Issue(t, lab.Leaf{Hosts: []string{"localhost"}}))
	n.Start(t, conf)
	return &server{Server: &n.Server, stage: st, t: t, host: "localhost:" + n.Port(), scheme: "https", resolves: true, limits: true}
}

// starters start each server on a stage. Each fails or skips first if its program is missing.
var starters = []starter{
	{"nginx", false, true, true, startNginx},
	{"nginx with resolver", true, true, true, startNginx},
	{"laptop", false, false, true, startLaptop},
	{"caddy", false, true, true, startCaddy},
	{"dev", false, false, false, startDev},
}

type starter struct {
	name     string
	resolver bool
	files    bool // serves www as production does, in a site of the operator's
	signer   bool // passes the endpoints on; else answers them itself
	start    func(*testing.T, *stage) *server
}

func anyServer(starter) bool    { return true }
func withFiles(k starter) bool  { return k.files }
func withSigner(k starter) bool { return k.signer }

// through runs a test with every server, each on a stage of its own.
func through(t *testing.T, test func(*testing.T, *server)) { throughThose(t, anyServer, test) }

// throughThose runs a test with the servers that fit.
func throughThose(t *testing.T, fits func(starter) bool, test func(*testing.T, *server)) {
	for _, k := range starters {
		if !fits(k) {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			test(t, k.start(t, newStage(t, k.resolver)))
		})
	}
}

// tenants are the prefixes that a server has.
func (s *server) tenants() []string {
	if strings.HasPrefix(s.host, "localhost") {
		return prefixes[:1]
	}
	return prefixes
}

func join(r lab.Response, name string) string { return strings.Join(r.Header.Values(name), " | ") }
