package chatauth

import (
	"fmt"
	"slices"

	"embedgen/generator/site"
)

// The endpoints of DESIGN section 5, by the names that events and log lines give them.
const (
	forGuests    = "authorization"
	forCustomers = "token"
	forCEC       = "validation"
)

// host is what one value of the Host header leads to.
type host struct {
	name   string
	routes map[string]*route // by path
}

// route is one endpoint at one path of a host, for one tenant or several.
type route struct {
	endpoint string
	members  []*member
}

// member is a tenant at one host.
type member struct {
	*tenant
	origin string // the host's own, as this tenant's pages see it
}

// newHosts builds the routing tables and completes the tenants' lists of origins.
func newHosts(addresses []Address, tenants map[string]*tenant) (map[string]*host, error) {
	hosts := make(map[string]*host)
	for _, a := range addresses {
		names, err := a.hostNames()
		if err != nil {
			return nil, err
		}
		for _, id := range a.Tenants {
			t := tenants[id]
			if t == nil {
				return nil, fmt.Errorf("address %s: unknown tenant %q", a.Host, id)
			}
			t.origins[a.Origin] = true
			for _, name := range names {
				if err := addMember(hosts, name, &member{t, a.Origin}); err != nil {
					return nil, err
				}
			}
		}
	}
	return hosts, nil
}

func addMember(hosts map[string]*host, name string, m *member) error {
	h := hosts[name]
	if h == nil {
		h = &host{name, make(map[string]*route)}
		hosts[name] = h
	}
	paths := m.site.Endpoints
	for _, e := range []struct{ endpoint, path string }{
		{forGuests, paths.Authorization}, {forCustomers, paths.Token}, {forCEC, paths.Validation},
	} {
		if err := h.add(e.endpoint, e.path, m); err != nil {
			return err
		}
	}
	return nil
}

func (h *host) add(endpoint, path string, m *member) error {
	r := h.routes[path]
	if r == nil {
		r = &route{endpoint: endpoint}
		h.routes[path] = r
	}
	if r.endpoint != endpoint {
		return fmt.Errorf("%s%s is the %s and the %s endpoint", h.name, path, r.endpoint, endpoint)
	}
	if slices.ContainsFunc(r.members, func(o *member) bool { return o.tenant == m.tenant }) {
		return fmt.Errorf("tenant %q has host %s twice", m.site.ID, h.name)
	}
	r.members = append(r.members, m)
	return nil
}

// selection is the configured channel that a request names.
type selection struct {
	member  *member
	channel *channel
	form    fields
}

// find returns the channel of the mode that the body names. Channels may share one id of CEC and
// differ in language: then the body's locale picks, else the first in the file.
func (r *route) find(mode site.Mode, form fields) (*selection, error) {
	var found *selection
	for _, m := range r.members {
		for _, ch := range m.channels {
			if !ch.is(mode, form) {
				continue
			}
			if found == nil || ch.Locale == form["locale"] && found.channel.Locale != form["locale"] {
				found = &selection{m, ch, form}
			}
		}
	}
	if found == nil {
		return nil, errUnknownChannel
	}
	return found, nil
}
