package route

import (
	"fmt"
	"strings"

	"embedgen/generator/site"
)

// ServicePath is what every path of CEC's own starts with (cec-contract section 7).
const ServicePath = "/service-cloud"

// Context is one path under which a CEC appears on the tenant's origin: Prefix + ServicePath + "/…"
// is ServicePath + "/…" of the CEC, and nothing else of the CEC is reachable.
type Context struct {
	Prefix string // "" or "/globex"
	CEC    CEC
	Index  int // its place among all contexts of the tenant
	// Narrow says that there are other contexts below Prefix on the same origin, so that a
	// cookie for all of CEC must not become one for all of Prefix.
	Narrow bool
}

// CEC is where a context leads. Contexts with the same CEC share it.
type CEC struct {
	Origin
	Index int // its place among all CECs of the tenant
}

// Path is the context path, without a slash at the end.
func (c Context) Path() string { return c.Prefix + ServicePath }

// addContexts finds the distinct contexts of the channels. Their numbers count over all channels
// of the tenant, so that a part of a file has the names of the whole.
func (r *Table) addContexts(t *site.Tenant, s *site.Site, channels []*site.Channel) error {
	wanted := map[string]bool{}
	for _, c := range channels {
		wanted[c.Context.Path] = true
	}
	all, err := contextsOf(t)
	for _, c := range all {
		c.Narrow = hasOthersBelow(c.Prefix, t.Origin, s)
		if wanted[c.Path()] {
			r.Contexts = append(r.Contexts, c)
		}
	}
	return err
}

// hasOthersBelow reports whether an origin has a context with a longer prefix.
func hasOthersBelow(prefix, origin string, s *site.Site) bool {
	for _, t := range s.Tenants {
		for _, c := range t.Channels {
			other, proxied := strings.CutSuffix(c.Context.Path, ServicePath)
			if proxied && t.Origin == origin && strings.HasPrefix(other, prefix+"/") {
				return true
			}
		}
	}
	return false
}

func contextsOf(t *site.Tenant) ([]Context, error) {
	var all []Context
	cecs := map[string]CEC{}
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
		known, seen := cecs[next.CEC.String()]
		if !seen {
			known = CEC{next.CEC.Origin, len(cecs)}
			cecs[known.String()] = known
		}
		next.CEC, next.Index = known, len(all)
		all = append(all, next)
	}
	return all, nil
}

func newContext(path, address string) (Context, error) {
	if _, err := urlPath("context path", path); err != nil {
		return Context{}, err
	}
	prefix, found := strings.CutSuffix(path, ServicePath)
	if !found {
		return Context{}, fmt.Errorf("context path %q does not end with %q", path, ServicePath)
	}
	o, err := parseOrigin("cec", address)
	if err != nil {
		return Context{}, err
	}
	if o.Scheme == "http" && !o.loopback() {
		return Context{}, fmt.Errorf("cec %q is not https: only a CEC on this machine may do without", address)
	}
	if o.isIP() && !o.loopback() {
		return Context{}, fmt.Errorf("cec %q is an IP address: nginx verifies certificates against host names only", address)
	}
	return Context{Prefix: prefix, CEC: CEC{Origin: o}}, nil
}
