package nginxconf

import (
	"fmt"
	"net"
	"net/netip"
	"strings"

	"embedgen/generator/render/route"
	"embedgen/generator/site"
)

// Laptop says how a laptop stands for the tenant's origin.
type Laptop struct {
	Listen string // host:port; the host is a loopback address
	// UserID and UserName are the customer who is signed in, for the token endpoint. Empty is
	// nobody.
	UserID, UserName string
}

// Files that a laptop's configuration names, relative to its directory.
const (
	LocalConf = "nginx.conf"
	LocalRoot = "www" // has the folder of the tenant
	LocalCert = "tls/cert.pem"
	LocalKey  = "tls/key.pem"
)

// Local is a complete nginx.conf with which a laptop stands for the tenant's site: the vendor's test
// setup (its guide, sections 1.6 and 2.6). nginx reads and writes only below its prefix directory,
// but for the authorities of the CEC's certificate. To embedgen serve the laptop looks like the
// tenant's origin.
func Local(t *site.Tenant, s *site.Site, l Laptop, policy func(*site.Channel) string) ([]byte, error) {
	here, err := l.Origin()
	if err != nil {
		return nil, err
	}
	p, err := newPlan(t, s, t.Channels, policy)
	if err != nil {
		return nil, err
	}
	production := p.Origin
	p.Origin, p.standsFor = here, &production
	p.WebRoot = LocalRoot + "/" + t.ID + "/"
	http := append(p.localHTTP(), p.http()...)
	return p.render([]directive{
		note(p.localHeader()...),
		lits("master_process", "off").about("One process, that of the user who starts it, who can read this directory."),
		lits("pid", "nginx.pid"),
		lits("error_log", "error.log"),
		block([]directive{lits("worker_connections", "256")}, "events"),
		block(append(http, p.strangers(l), p.localServer(l)), "http"),
	})
}

// Origin is what a browser on the laptop asks for. It is an error if Listen is not a loopback
// address with a port: anybody who reaches it is the signed-in customer.
func (l Laptop) Origin() (route.Origin, error) {
	host, port, err := net.SplitHostPort(l.Listen)
	if err == nil {
		_, err = route.HostPort("listen", l.Listen)
	}
	ip, notIP := netip.ParseAddr(host)
	if err != nil || notIP != nil || !ip.IsLoopback() {
		return route.Origin{}, fmt.Errorf("listen %q is not a loopback address with a port, such as 127.0.0.1:8443", l.Listen)
	}
	return route.Origin{Scheme: "https", Host: "localhost", Port: port}, nil
}

func (p *plan) localHeader() []string {
	return []string{
		"embedgen: " + p.standsFor.String() + " (tenant " + p.Tenant + ") on a laptop. Not for production.",
		"Generated from channels.yaml; do not edit, the next run overwrites it.",
		"",
		"In this directory, start it, and stop it:",
		"",
		"    nginx -p . -c " + LocalConf + " -e stderr",
		"    nginx -p . -c " + LocalConf + " -e stderr -s stop",
		"",
		"The channels' pages are below " + p.Origin.String() + p.PublicPath,
	}
}

// localHTTP is what an operator's http block has before the tenant's part.
func (p *plan) localHTTP() []directive {
	out := []directive{
		lits("access_log", "access.log"),
		lits("ssl_certificate", LocalCert),
		lits("ssl_certificate_key", LocalKey),
	}
	for _, module := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		out = append(out, lits(module+"_temp_path", module))
	}
	return append(out, block([]directive{
		line("default", ref("http_origin")),
		entry(lit(p.Origin.String()), lit(p.standsFor.String())),
	}, "map", ref("http_origin"), ref(originVariable)).about(
		"To embedgen serve the laptop's pages are those of the site."))
}

// strangers refuses a foreign name that resolves to this machine.
func (p *plan) strangers(l Laptop) directive {
	return block([]directive{
		lits("listen", l.Listen, "ssl", "default_server"),
		lits("server_name", "_"),
		lits("return", "421"),
	}, "server")
}

func (p *plan) localServer(l Laptop) directive {
	host, _, _ := net.SplitHostPort(l.Listen)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	server := []directive{
		lits("listen", l.Listen, "ssl"),
		lits("server_name", "localhost", host),
		lits("absolute_redirect", "off"),
		line("error_page", lit("497"), lit("=308"), concat(lit(p.Origin.String()), ref("request_uri"))).about(
			"For who types http://"),
	}
	if len(p.Pages) > 0 {
		first := p.PublicPath + p.Pages[0].Channel + "/"
		server = append(server, block([]directive{lits("return", "302", first)}, "location", lit("="), lit("/")))
	}
	if p.Serves(route.Token) {
		server = append(server,
			line("set", ref(p.names.of(userIDThing)), lit(l.UserID)).about("The customer who is signed in."),
			line("set", ref(p.names.of(userNameThing)), lit(l.UserName)))
	}
	return block(append(server, p.locations()...), "server")
}
