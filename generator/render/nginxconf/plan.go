package nginxconf

import (
	"errors"
	"fmt"
	"strings"

	"embedgen/generator/site"
)

// plan is what a tenant needs of its web server: checked values, and nothing of nginx's syntax.
type plan struct {
	tenant     string
	names      names
	origin     origin
	contexts   []context
	endpoints  []endpoint
	pages      []page
	publicPath string // starts and ends with "/"
	webRoot    string // directory of www/<tenant>/, ends with "/"
	signer     string // host:port
	identity   identity
	settings   settings
}

// settings are the choices of channels.yaml's nginx block.
type settings struct {
	version   version
	minimum   string // the version as written
	resolver  string // "" resolves once, at start
	trustedCA string
}

// context is one path under which a CEC appears on the tenant's origin.
type context struct {
	prefix string // "" or "/globex", before /service-cloud
	cec    cec
	index  int // its place among the tenant's contexts
}

// cec is an upstream. Contexts with the same CEC share it.
type cec struct {
	origin origin
	index  int // its place among the tenant's CECs
}

const servicePath = "/service-cloud"

// path is the context path, without a slash at the end.
func (c context) path() string { return c.prefix + servicePath }

type endpointKind int

const (
	authorizationEndpoint endpointKind = iota
	tokenEndpoint
	validationEndpoint
)

// endpoint is one of the three duties of embedgen serve (DESIGN section 5).
type endpoint struct {
	kind endpointKind
	path string
}

// page is a channel's integration page and its embed script.
type page struct {
	channel string
	policy  string // Content-Security-Policy
}

// identity names the headers in which the signer takes the customer from this proxy.
type identity struct{ id, name string }

// newPlan works out what the channels need, which are some or all of the tenant's.
func newPlan(t *site.Tenant, s *site.Site, channels []*site.Channel) (*plan, error) {
	p := &plan{tenant: t.ID, names: namesOf(t.ID)}
	for _, step := range []func() error{
		func() error { return p.addTenant(t, s) },
		func() error { return p.addSettings(s.Nginx) },
		func() error { return p.addIdentity(s.Service.Identity) },
		func() error { return p.addContexts(t, channels) },
		func() error { return p.addEndpoints(t, channels) },
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("tenant %q: %w", t.ID, err)
		}
	}
	return p, nil
}

func (p *plan) addTenant(t *site.Tenant, s *site.Site) error {
	_, err1 := checked("id", t.ID, tenantPattern)
	parsed, err2 := parseOrigin("origin", t.Origin)
	public, err3 := urlPath("publicPath", t.PublicPath)
	root, err4 := filePath("nginx root", s.Nginx.Root)
	signer, err5 := hostPort("nginx signer", signerAddress(s))
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return err
	}
	if !strings.HasSuffix(public, "/") {
		return fmt.Errorf(`publicPath %q does not end with "/"`, public)
	}
	p.origin, p.publicPath, p.signer = parsed, public, signer
	p.webRoot = strings.TrimSuffix(root, "/") + "/" + t.ID + "/"
	return nil
}

func signerAddress(s *site.Site) string {
	if s.Nginx.Signer != "" {
		return s.Nginx.Signer
	}
	return s.Service.Listen
}

func (p *plan) addSettings(n site.Nginx) error {
	v, err := parseVersion(n.Version)
	if err != nil {
		return err
	}
	trusted, err := filePath("nginx trustedCA", n.TrustedCA)
	if err != nil {
		return err
	}
	p.settings = settings{version: v, minimum: n.Version, trustedCA: trusted}
	if n.Resolver != "" {
		p.settings.resolver, err = resolverAddress("nginx resolver", n.Resolver)
	}
	return err
}

// addIdentity takes the configured header names, or those that the documentation suggests: they
// must be cleared in any case.
func (p *plan) addIdentity(h site.HeaderIdentity) error {
	p.identity = identity{"X-Remote-User", "X-Remote-Name"}
	if h.ID != "" {
		p.identity.id = h.ID
	}
	if h.Name != "" {
		p.identity.name = h.Name
	}
	_, err1 := checked("identity header", p.identity.id, headerPattern)
	_, err2 := checked("identity header", p.identity.name, headerPattern)
	return errors.Join(err1, err2)
}

// addContexts finds the distinct contexts of the channels. Their numbers count over all channels
// of the tenant, so that a part of the file has the names of the whole.
func (p *plan) addContexts(t *site.Tenant, channels []*site.Channel) error {
	wanted := map[string]bool{}
	for _, c := range channels {
		wanted[c.Context.Path] = true
	}
	all, err := contextsOf(t)
	for _, c := range all {
		if wanted[c.path()] {
			p.contexts = append(p.contexts, c)
		}
	}
	return err
}

func contextsOf(t *site.Tenant) ([]context, error) {
	var all []context
	cecs := map[string]cec{}
	byPath := map[string]string{}
	for _, c := range t.Channels {
		path, address := c.Context.Path, c.Context.CEC
		if c.Context.Direct() {
			continue
		}
		if first, seen := byPath[path]; seen {
			if first != address {
				return nil, fmt.Errorf("context path %q leads to both %q and %q", path, first, address)
			}
			continue
		}
		byPath[path] = address
		next, err := newContext(path, address)
		if err != nil {
			return nil, fmt.Errorf("channel %q: %w", c.ID, err)
		}
		known, seen := cecs[next.cec.origin.String()]
		if !seen {
			known = cec{next.cec.origin, len(cecs)}
			cecs[known.origin.String()] = known
		}
		next.cec, next.index = known, len(all)
		all = append(all, next)
	}
	return all, nil
}

func newContext(path, address string) (context, error) {
	if _, err := urlPath("context path", path); err != nil {
		return context{}, err
	}
	prefix, found := strings.CutSuffix(path, servicePath)
	if !found {
		return context{}, fmt.Errorf("context path %q does not end with %q", path, servicePath)
	}
	o, err := parseOrigin("cec", address)
	if err != nil {
		return context{}, err
	}
	if o.scheme == "http" && !o.loopback() {
		return context{}, fmt.Errorf("cec %q is not https: only a CEC on this machine may do without", address)
	}
	if o.isIP() && !o.loopback() {
		return context{}, fmt.Errorf("cec %q is an IP address: nginx verifies certificates against host names only", address)
	}
	return context{prefix: prefix, cec: cec{origin: o}}, nil
}

func (p *plan) addEndpoints(t *site.Tenant, channels []*site.Channel) error {
	var authorization, token bool
	for _, c := range channels {
		authorization = authorization || c.Mode == site.Authorization
		token = token || c.Mode == site.TokenMode && len(t.Token.Keys) > 0
	}
	if authorization {
		p.endpoints = append(p.endpoints, endpoint{authorizationEndpoint, t.Endpoints.Authorization})
	}
	if token {
		p.endpoints = append(p.endpoints,
			endpoint{tokenEndpoint, t.Endpoints.Token},
			endpoint{validationEndpoint, t.Endpoints.Validation})
	}
	for _, e := range p.endpoints {
		if _, err := urlPath("endpoint", e.path); err != nil {
			return err
		}
	}
	return nil
}

// addPages records the channels' pages with their policies.
func (p *plan) addPages(channels []*site.Channel, policy func(*site.Channel) string) error {
	for _, c := range channels {
		_, err1 := checked("channel", c.ID, channelPattern)
		text, err2 := checked("policy", policy(c), policyPattern)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("tenant %q: channel %q: %w", p.tenant, c.ID, err)
		}
		p.pages = append(p.pages, page{c.ID, text})
	}
	return nil
}

// serves reports whether the plan has an endpoint of the kind.
func (p *plan) serves(kind endpointKind) bool {
	for _, e := range p.endpoints {
		if e.kind == kind {
			return true
		}
	}
	return false
}
