package chatauth

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// remoteAddr returns the address at the other end of the connection; the zero Addr if there is
// none, as on a Unix socket.
func remoteAddr(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func contains(prefixes []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
}

// clientAddr returns the client of a request. X-Forwarded-For is read only if the connection
// comes from a trusted proxy, from right to left: each proxy appends its own peer, and everything
// to the left of the first untrusted one is that client's own invention.
func clientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	addr := remoteAddr(r)
	chain := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(chain) - 1; i >= 0 && contains(trusted, addr); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		addr = next.Unmap().WithZone("")
	}
	return addr
}

// peer is the key of the client in limits and log lines. A client of IPv6 has a /64 to itself.
func (c *call) peer() string {
	addr := clientAddr(c.r, c.opt.TrustedProxies)
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
