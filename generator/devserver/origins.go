package devserver

import (
	"net"
	"strconv"

	"embedgen/generator/site"
)

// Origins are the origins at which a server answers. Browsers resolve every name below localhost
// to the loopback address (RFC 6761, section 6.3).
type Origins struct {
	Port  int
	hosts []string // further names, as in Options.Hosts
}

// Address is a host of the server, the origin that browsers write for it, and the ids of the
// tenants that are served there. It converts to chatauth.Address.
type Address struct {
	Host    string
	Origin  string
	Tenants []string
}

// Plain is the origin of the dashboard, on which all tenants lie.
func (o Origins) Plain() string { return "http://" + o.host("127.0.0.1") }

// Tenant is the origin that stands for a tenant's own.
func (o Origins) Tenant(id string) string { return "http://" + o.host(id+".localhost") }

// CEC is the origin of the simulated CEC for the tenant's channels that have no proxy.
func (o Origins) CEC(id string) string { return "http://" + o.host("cec."+id+".localhost") }

func (o Origins) host(name string) string {
	if o.Port == 80 {
		return name
	}
	return net.JoinHostPort(name, strconv.Itoa(o.Port))
}

// Adjust points the channels that have no proxy at the simulated CEC. It is the only difference
// between the site of the development server and that of a build.
func (o Origins) Adjust(s *site.Site) {
	for _, t := range s.Tenants {
		for _, c := range t.Channels {
			if c.Context.Direct() {
				c.Context.URL = o.CEC(t.ID) + servicePath
				c.Context.CEC = o.CEC(t.ID)
			}
		}
	}
}

// Addresses lists every host on which the endpoints of tenants answer.
func (o Origins) Addresses(s *site.Site) []Address {
	var all []string
	for _, t := range s.Tenants {
		all = append(all, t.ID)
	}
	var list []Address
	for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
		host := net.JoinHostPort(name, strconv.Itoa(o.Port))
		if o.Port == 80 {
			host = bracketed(name)
		}
		list = append(list, Address{host, "http://" + host, all})
	}
	for _, host := range o.hosts {
		list = append(list, Address{host, "http://" + host, all}, Address{host, "https://" + host, all})
	}
	for _, id := range all {
		host := o.host(id + ".localhost")
		list = append(list, Address{host, "http://" + host, []string{id}})
	}
	return list
}

func bracketed(name string) string {
	if name == "::1" {
		return "[::1]"
	}
	return name
}
