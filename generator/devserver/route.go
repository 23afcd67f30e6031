package devserver

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"embedgen/generator/site"
)

const (
	internal  = "/_embedgen/"
	demoPath  = internal + "demo/"
	agentPath = internal + "agent"
)

// knows reports whether a tenant's host is one of the server's. While no build has succeeded
// every name below localhost is, so that open tabs can say what is wrong.
func (st *state) knows(tenant string) bool {
	if st.good != nil {
		return st.good.byID[tenant] != nil
	}
	return tenant != "" && !strings.Contains(tenant, ".")
}

// route sends a request to what answers it. The order is nginx's: exact locations, then
// prefixes, then files.
func (c *call) route() {
	switch path := c.r.URL.Path; {
	case c.view.cec:
		c.simulator()
	case strings.HasPrefix(path, internal):
		c.internal(strings.TrimPrefix(path, internal))
	case c.st.good == nil:
		c.broken()
	case c.isEndpoint():
		c.serve(c.st.good.services.Endpoints)
	case c.proxy():
	case c.file():
	case path == "/":
		c.dashboard()
	case path == "/favicon.ico":
		c.w.WriteHeader(http.StatusNoContent)
	default:
		c.notFound()
	}
}

// internal answers what is the server's own.
func (c *call) internal(rest string) {
	name, rest, _ := strings.Cut(rest, "/")
	page := name == "demo" || name == "playground" || name == "requests" || name == "agent"
	allowed := c.sameOrigin(c.r) || page && c.mayOpen(c.r)
	if name != "reload.js" && name != "assets" && !allowed {
		c.text(http.StatusForbidden, "only pages of this server may ask for this")
		return
	}
	switch name {
	case "events":
		c.events()
	case "reload.js", "worker.js":
		c.asset(name)
	case "assets":
		c.asset(rest)
	case "identity":
		c.setIdentity()
	case "status.json":
		c.status()
	case "requests":
		c.requestsPage()
	case "requests.json":
		c.requestsJSON()
	case "demo":
		c.demo(rest)
	case "playground":
		c.playground(rest)
	case "agent":
		c.console()
	default:
		c.notFound()
	}
}

func (c *call) isEndpoint() bool {
	return slices.ContainsFunc(c.st.good.tenantsOf(c.view), func(t *site.Tenant) bool {
		e := t.Endpoints
		return slices.Contains([]string{e.Authorization, e.Token, e.Validation}, c.r.URL.Path)
	})
}

// serve hands a request to a service, which may be absent.
func (c *call) serve(h http.Handler) {
	if h == nil {
		c.notFound()
		return
	}
	h.ServeHTTP(c.w, c.r)
}

// simulator lets the browser talk to the simulated CEC without a proxy between them.
func (c *call) simulator() {
	if c.st.good == nil {
		c.text(http.StatusServiceUnavailable, "there was no good build yet")
		return
	}
	if c.st.good.services.CEC == nil {
		c.text(http.StatusNotFound, "no CEC is simulated")
		return
	}
	c.st.good.services.CEC.ServeHTTP(c.w, c.r)
}

func (c *call) console() {
	if c.st.good == nil {
		c.broken()
		return
	}
	if c.r.URL.Path == agentPath {
		c.redirect("./agent/")
		return
	}
	if c.st.good.services.Console == nil {
		c.notFound()
		return
	}
	http.StripPrefix(agentPath, c.st.good.services.Console).ServeHTTP(c.w, c.r)
}

// quote prints a client's text in a line of ASCII.
func quote(s string) string { return strconv.QuoteToASCII(s) }
