package nginxconf

import (
	"fmt"
	"regexp"
	"strconv"

	"embedgen/generator/render/route"
	"embedgen/generator/site"
)

// plan is what a tenant needs, and how nginx is to do it.
type plan struct {
	*route.Table
	names    names
	version  version
	minimum  string // the version as written
	resolver string // "" resolves once, at start

	// standsFor is the tenant's origin when nginx serves it at another one; else nil.
	standsFor *route.Origin
}

// newPlan works out what the channels need, which are some or all of the tenant's. Without a policy
// function it has no pages.
func newPlan(t *site.Tenant, s *site.Site, channels []*site.Channel, policy func(*site.Channel) string) (*plan, error) {
	table, err := route.New(t, s, channels, policy)
	if err != nil {
		return nil, err
	}
	p := &plan{Table: table, names: namesOf(t.ID), minimum: s.Nginx.Version, resolver: s.Nginx.Resolver}
	if p.version, err = parseVersion(p.minimum); err == nil && p.resolver != "" {
		err = checkResolver(p.resolver)
	}
	if err != nil {
		return nil, fmt.Errorf("tenant %q: %w", t.ID, err)
	}
	return p, nil
}

// checkResolver takes the address of a DNS server: a host with or without a port.
func checkResolver(text string) error {
	if _, err := route.HostPort("nginx resolver", text); err == nil {
		return nil
	}
	_, err := route.HostPort("nginx resolver", text+":53")
	return err
}

// version is an nginx version, comparable as an array.
type version [3]int

var versionPattern = regexp.MustCompile(`^([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?$`)

func parseVersion(text string) (version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return version{}, fmt.Errorf("nginx version %q is not of the form 1.22 or 1.22.1", text)
	}
	var v version
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+1]) // the pattern has digits only; no third number is 0
	}
	return v, nil
}

func (v version) before(w version) bool {
	for i := range v {
		if v[i] != w[i] {
			return v[i] < w[i]
		}
	}
	return false
}
