package caddyfile

import (
	"testing"

	"embedgen/generator/internal/hostile"
	"embedgen/generator/internal/lab"
)

// Package agree tests the routes themselves; here is what an operator may say around them.

// start runs the first tenant's routes, with more of the site block before them.
func start(t *testing.T, before, after string) (*lab.Caddy, *lab.CEC, *lab.CEC) {
	t.Helper()
	lab.CaddyPath(t)
	cec, signer := lab.NewCEC(t, lab.CECOptions{}), lab.NewCEC(t, lab.CECOptions{})
	s := hostile.Site()
	hostile.SetCECs(s, "http://"+cec.Addr)
	s.Nginx.Signer = signer.Addr
	s.Tenants[0].Origin = "http://www.acme.example"
	c := lab.StartCaddy(t, lab.CaddyConf{Site: before + mustRender(t, s, policyText) + after})
	return c, cec, signer
}

// The switch of NG-9.
func TestNG9Switch(t *testing.T) {
	c, cec, _ := start(t, "\tvars embedgen_pass all\n", "")
	c.Get(t, "/service-cloud/x", "Host: www.acme.example:"+c.Port(), "Cookie: session=site; ccmessaging-token=v", "Authorization: Basic x")
	got := cec.One(t).Header
	if got.Get("Cookie") != "session=site; ccmessaging-token=v" || got.Get("Authorization") != "Basic x" {
		t.Errorf("Cookie %q, Authorization %q", got.Get("Cookie"), got.Get("Authorization"))
	}
}

// Who is signed in is what the operator's site block says, and only at the token endpoint.
func TestNG12Identity(t *testing.T) {
	const login = `
	route {
		request_header -X-User
		request_header X-User c-17
		vars embedgen_acme_user_id {header.X-User}
		vars embedgen_acme_user_name "Li Na"
`
	c, _, signer := start(t, login, "\t}\n")
	for _, path := range []string{hostile.SignPath, hostile.TokenPath, hostile.CheckPath} {
		c.Do(t, "POST", path, "{}", "Host: www.acme.example:"+c.Port(), "X-Remote-User: admin", "X-Remote-Name: Admin", "X-User: admin")
		id, name := "", ""
		if path == hostile.TokenPath {
			id, name = "c-17", "Li Na"
		}
		got := signer.One(t).Header
		if got.Get("X-Remote-User") != id || got.Get("X-Remote-Name") != name {
			t.Errorf("%s: customer %q %q, want %q %q", path, got.Values("X-Remote-User"), got.Values("X-Remote-Name"), id, name)
		}
	}
}

// A site's rewrite outside of a handle block changes the request before these routes see it: the
// chat does not work then, and nothing else reaches CEC.
func TestNG2Rewritten(t *testing.T) {
	c, cec, _ := start(t, "\trewrite /app/* /service-cloud/admin\n\trewrite /service-cloud/x /index.html\n", "\trespond site\n")
	for _, target := range []string{"/app/x", "/service-cloud/x"} {
		if r := c.Get(t, target, "Host: www.acme.example:"+c.Port()); string(r.Body) != "site" {
			t.Errorf("%s: %d %q", target, r.Status, r.Body)
		}
		if asked := cec.Requests(); len(asked) != 0 {
			t.Errorf("%s: CEC was asked for %s", target, asked[0].Target)
		}
	}
}
