package devserver

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// view is what a request's Host lets it see: everything, one tenant, or one tenant's CEC.
type view struct {
	tenant string // id; "" sees all tenants
	cec    bool   // the simulated CEC of the tenant
}

// viewOf returns what the request's Host stands for. A Host that the server does not own is
// refused whatever its Origin: a foreign name that resolves to this machine must see nothing.
func (s *server) viewOf(r *http.Request, known func(tenant string) bool) (view, bool) {
	if slices.Contains(s.origins.hosts, r.Host) {
		return view{}, true
	}
	name, port := splitHost(r.Host)
	if port != s.origins.Port {
		return view{}, false
	}
	switch name {
	case "localhost", "127.0.0.1", "[::1]":
		return view{}, true
	}
	if label, ok := strings.CutSuffix(name, ".localhost"); ok {
		id, cec := strings.CutPrefix(label, "cec.")
		return view{id, cec}, known(id)
	}
	return view{}, false
}

// splitHost parts a Host header into a lower-case name and a port, 80 if there is none and 0 if
// it is malformed. The name keeps the brackets of an IPv6 address.
func splitHost(host string) (name string, port int) {
	name, digits := host, "80"
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		name, digits = host[:i], host[i+1:]
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 5 {
		return "", 0
	}
	port, _ = strconv.Atoi(digits)
	return lowerASCII(name), port
}

// lowerASCII folds A to Z only: Unicode folds other letters into ASCII ones.
func lowerASCII(s string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}

// sameOrigin reports whether a request may read or change what only this server's pages should:
// it comes from a page of the same origin, or it is no browser's. Browsers say so in Origin or
// Sec-Fetch-Site; anything else they say is refused.
func (s *server) sameOrigin(r *http.Request) bool {
	if from, there := r.Header["Origin"]; there {
		return len(from) == 1 && s.isOrigin(from[0], r.Host)
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return false
}

// mayOpen reports whether a request may open a page: from anywhere, but in a tab of its own.
func (s *server) mayOpen(r *http.Request) bool {
	navigation := r.Method == http.MethodGet &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	return navigation || s.sameOrigin(r)
}

func (s *server) isOrigin(origin, host string) bool {
	if origin == "http://"+host {
		return true
	}
	return slices.Contains(s.origins.hosts, host) && origin == "https://"+host
}
