package chatauth

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"embedgen/generator/site"
)

// Address is a place at which browsers and CEC reach the service.
type Address struct {
	Host    string   // as requests carry it: host[:port], the scheme's default port left out
	Origin  string   // as browsers write it: scheme://host[:port]; its scheme decides about Secure cookies
	Tenants []string // ids of the tenants that are served there
}

// Addresses returns the production addresses of a site: one per distinct origin, in the order of
// the tenants. What [New] cannot use it will refuse.
func Addresses(s *site.Site) []Address {
	var list []Address
	for _, t := range s.Tenants {
		origin, host := t.Origin, ""
		if o, h, err := canonicalOrigin(t.Origin); err == nil {
			origin, host = o, h
		}
		i := slices.IndexFunc(list, func(a Address) bool { return a.Origin == origin })
		if i < 0 {
			i = len(list)
			list = append(list, Address{Host: host, Origin: origin})
		}
		list[i].Tenants = append(list[i].Tenants, t.ID)
	}
	return list
}

var defaultPort = map[string]string{"https": ":443", "http": ":80"}

// canonicalOrigin returns an origin as browsers serialize it (WHATWG HTML, "serialization of an
// origin") and its host[:port].
func canonicalOrigin(s string) (origin, host string, err error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", "", fmt.Errorf("origin %q: %w", s, err)
	}
	scheme := strings.ToLower(u.Scheme)
	port, known := defaultPort[scheme]
	bare := url.URL{Scheme: u.Scheme, Host: u.Host}
	if !known || u.Hostname() == "" || strings.TrimSuffix(s, "/") != bare.String() {
		return "", "", fmt.Errorf("origin %q: want scheme://host[:port], http or https", s)
	}
	host = strings.TrimSuffix(lowerASCII(u.Host), port)
	return scheme + "://" + host, host, nil
}

// hostNames returns every spelling of an address's Host that a request may carry, lower-case.
func (a Address) hostNames() ([]string, error) {
	origin, _, err := canonicalOrigin(a.Origin)
	switch {
	case err != nil:
		return nil, err
	case origin != a.Origin:
		return nil, fmt.Errorf("origin %q: browsers write it %q", a.Origin, origin)
	case a.Host == "":
		return nil, fmt.Errorf("origin %q: no host", a.Origin)
	}
	scheme, _, _ := strings.Cut(origin, "://")
	_, host, err := canonicalOrigin(scheme + "://" + a.Host)
	if err != nil {
		return nil, fmt.Errorf("host %q: want host[:port]", a.Host)
	}
	if hasPort(host) {
		return []string{host}, nil
	}
	return []string{host, host + defaultPort[scheme]}, nil
}

func hasPort(host string) bool {
	return strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']')
}

// lowerASCII lower-cases A to Z only: strings.ToLower turns the Kelvin sign into a k.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
