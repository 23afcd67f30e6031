package e2e

import (
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"embedgen/generator/internal/lab"
)

// startNginx runs what an operator would write: one server per tenant with a login, the emitted
// files, and a site of its own whose regular expressions compete with them.
func (s *stage) startNginx(cert tls.Certificate) {
	s.t.Helper()
	site := filepath.Join(s.dir, "site")
	writeFile(s.t, filepath.Join(site, "index.html"), "<!doctype html><title>Site</title>")
	certFile, keyFile := lab.Files(s.t, cert)
	var http strings.Builder
	http.WriteString("ssl_certificate " + certFile + ";\nssl_certificate_key " + keyFile + ";\n")
	http.WriteString(sessions())
	for _, host := range s.hosts() {
		tenant := s.tenantOf(host)
		fmt.Fprintf(&http, "include %s;\n", s.emitted(tenant, "http.conf"))
		fmt.Fprintf(&http, server, s.addr, host, tenant, s.emitted(tenant, "locations.conf"), site)
	}
	s.nginx = lab.StartNginx(s.t, lab.Conf{HTTP: http.String(), Name: "unused.example"})
}

// server is one tenant's site. It has a session cookie, a password that its users may send, and
// locations that would take CEC's files if they could.
const server = `server {
    listen %[1]s ssl;
    server_name %[2]s;
    set $embedgen_%[3]s_user_id $site_user;
    set $embedgen_%[3]s_user_name $site_name;
    include %[4]s;
    root %[5]s;
    charset utf-8;
    types { text/html html; }
    location / { }
    location = /favicon.ico { return 204; }
    location ~* \.(js|css|svg|html)$ { add_header X-Site regex; }
}
`

// sessions maps the site's session cookie to a customer.
func sessions() string {
	var ids, names strings.Builder
	for _, c := range customers {
		fmt.Fprintf(&ids, "    %s '%s';\n", c.session, c.id)
		fmt.Fprintf(&names, "    %s '%s';\n", c.session, c.name)
	}
	const form = "map $cookie_session $site_user {\n    default '';\n%s}\nmap $cookie_session $site_name {\n    default '';\n%s}\n"
	return fmt.Sprintf(form, ids.String(), names.String())
}

func (s *stage) emitted(tenant, name string) string {
	return filepath.Join(s.dir, "out", "nginx", tenant, name)
}

func (s *stage) tenantOf(host string) string {
	for _, ch := range s.channels {
		if ch.origin == "https://"+host || strings.HasPrefix(ch.origin, "https://"+host+":") {
			return ch.tenant
		}
	}
	return ""
}

// copyLibraries puts jQuery and axios beside channels.yaml, if they are installed (test.sh does).
func (s *stage) copyLibraries() bool {
	modules := filepath.Join(repository, "generator/internal/lab/npm/node_modules")
	for _, path := range []string{"jquery/dist/jquery.min.js", "axios/dist/axios.min.js"} {
		from := filepath.Join(modules, path)
		if _, err := os.Stat(from); err != nil {
			if os.Getenv("CI") != "" {
				s.t.Fatalf("npm packages are missing: %v", err)
			}
			return false
		}
		copyFile(s.t, from, filepath.Join(s.dir, "vendor", filepath.Base(path)))
	}
	return true
}
