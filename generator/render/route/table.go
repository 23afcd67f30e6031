// Package route says what a web server serves for a tenant, without the words of any web server:
// which paths lead to CEC and to embedgen serve, which files lie where, what is let through and
// what is not. The packages nginxconf and caddyfile write a [Table] down.
//
// Every text of a Table matches a pattern that leaves out whatever means something to a
// configuration file: line ends, quotes, "\", "$", ";", "{" and "}". A value of the site that does
// not is an error of [New].
package route

import (
	"errors"
	"fmt"
	"strings"

	"embedgen/generator/site"
)

// Table is what a web server serves for some or all channels of a tenant.
type Table struct {
	Tenant     string
	Origin     Origin // where all this is served
	Contexts   []Context
	Endpoints  []Endpoint
	Pages      []Page
	PublicPath string // where the pages and their assets are; starts and ends with "/"
	WebRoot    string // directory of www/<tenant>/, absolute, ends with "/"
	Signer     string // host:port of embedgen serve
	Identity   Identity
	TrustedCA  string // file with the authorities that CEC's certificate may come from
}

// Page is a channel's integration page and its embed script, <channel>/index.html and
// <channel>/embed.js below PublicPath.
type Page struct {
	Channel string
	Policy  string // Content-Security-Policy of the page
}

// Identity names the headers in which embedgen serve takes the customer from the web server. They
// are never taken from a client.
type Identity struct{ ID, Name string }

// New works out what the channels need, which are some or all of the tenant's. The policy function
// gives the Content-Security-Policy of a channel's page; without one the table has no pages.
func New(t *site.Tenant, s *site.Site, channels []*site.Channel, policy func(*site.Channel) string) (*Table, error) {
	r := &Table{Tenant: t.ID}
	for _, step := range []func() error{
		func() error { return r.addTenant(t) },
		func() error { return r.addServer(t, s) },
		func() error { return r.addIdentity(s.Service.Identity) },
		func() error { return r.addContexts(t, s, channels) },
		func() error { return r.addEndpoints(t, channels) },
		func() error { return r.addPages(channels, policy) },
		r.distinct,
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("tenant %q: %w", t.ID, err)
		}
	}
	return r, nil
}

func (r *Table) addTenant(t *site.Tenant) error {
	_, err1 := checked("id", t.ID, tenantPattern)
	origin, err2 := parseOrigin("origin", t.Origin)
	public, err3 := urlPath("publicPath", t.PublicPath)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	if !strings.HasSuffix(public, "/") {
		return fmt.Errorf(`publicPath %q does not end with "/"`, public)
	}
	r.Origin, r.PublicPath = origin, public
	return nil
}

func (r *Table) addServer(t *site.Tenant, s *site.Site) error {
	root, err1 := filePath("nginx root", strings.TrimSuffix(s.Nginx.Root, "/")+"/")
	signer, err2 := HostPort("nginx signer", signerAddress(s))
	trusted, err3 := filePath("nginx trustedCA", s.Nginx.TrustedCA)
	r.WebRoot = root + t.ID + "/"
	r.Signer, r.TrustedCA = signer, trusted
	return errors.Join(err1, err2, err3)
}

func signerAddress(s *site.Site) string {
	if s.Nginx.Signer != "" {
		return s.Nginx.Signer
	}
	return s.Service.Listen
}

// addIdentity takes the configured header names, or those that the documentation suggests: they
// must be cleared in any case.
func (r *Table) addIdentity(h site.HeaderIdentity) error {
	r.Identity = Identity{"X-Remote-User", "X-Remote-Name"}
	if h.ID != "" {
		r.Identity.ID = h.ID
	}
	if h.Name != "" {
		r.Identity.Name = h.Name
	}
	_, err1 := checked("identity header", r.Identity.ID, headerPattern)
	_, err2 := checked("identity header", r.Identity.Name, headerPattern)
	return errors.Join(err1, err2)
}

// addPages records the channels' pages with their policies.
func (r *Table) addPages(channels []*site.Channel, policy func(*site.Channel) string) error {
	if policy == nil {
		return nil
	}
	for _, c := range channels {
		_, err1 := checked("channel", c.ID, channelPattern)
		text, err2 := checked("policy", policy(c), policyPattern)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("channel %q: %w", c.ID, err)
		}
		r.Pages = append(r.Pages, Page{c.ID, text})
	}
	return nil
}

// distinct refuses two meanings of one path. (That the paths of two tenants do not meet on one
// origin is for package site to see.)
func (r *Table) distinct() error {
	seen := map[string]bool{}
	for _, path := range r.paths() {
		if path = strings.TrimSuffix(path, "/"); seen[path] {
			return fmt.Errorf("path %q is served twice", path)
		}
		seen[path] = true
	}
	return nil
}

func (r *Table) paths() []string {
	var list []string
	for _, c := range r.Contexts {
		list = append(list, c.Path())
	}
	for _, e := range r.Endpoints {
		list = append(list, e.Path)
	}
	if len(r.Pages) > 0 {
		list = append(list, r.PublicPath)
	}
	for _, p := range r.Pages {
		list = append(list, r.PublicPath+p.Channel)
	}
	return list
}
