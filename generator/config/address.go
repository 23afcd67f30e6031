package config

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var hostName = regexp.MustCompile(`^(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?))*$`)

// checkOrigin accepts scheme://host[:port]. That http is fit for this machine only is a warning
// of its own.
func checkOrigin(s string) (string, string) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || scheme != "https" && scheme != "http" {
		return "is not an origin, expected https://host[:port]", originHint(s)
	}
	host, port, hasPort := strings.Cut(rest, ":")
	switch i := strings.IndexAny(rest, "/?#"); {
	case strings.ContainsRune(rest, '@'):
		return "has a user in it", "leave the user out, and replace the password, for it has been written down"
	case i >= 0:
		hint := "write " + scheme + "://" + rest[:i]
		if problem, _ := checkOrigin(scheme + "://" + rest[:i]); problem != "" {
			hint = ""
		}
		return "has more than scheme, host and port", hint
	case strings.HasPrefix(rest, "["):
		return byAddress, ""
	}
	if problem, hint := checkHost(host); problem != "" {
		return problem, hint
	}
	if hasPort && !isPort(port) {
		return "has a bad port, expected a number from 1 to 65535", ""
	}
	return "", ""
}

// checkCEC accepts CEC's own origin, which speaks https; http is for a CEC on this machine.
func checkCEC(s string) (string, string) {
	if problem, hint := checkOrigin(s); problem != "" {
		return problem, hint
	}
	if rest, insecure := strings.CutPrefix(s, "http://"); insecure && !isLoopback(s) {
		return "is not https", "write https://" + rest
	}
	return "", ""
}

func originHint(s string) string {
	if host, _, _ := strings.Cut(s, "/"); hostName.MatchString(host) {
		return "write https://" + host
	}
	return ""
}

const byAddress = "names its host by address, expected a name: certificates and origins are checked by name"

func checkHost(host string) (string, string) {
	if address, err := netip.ParseAddr(host); err == nil {
		if address.IsLoopback() {
			return "", ""
		}
		return byAddress, ""
	}
	switch {
	case host == "":
		return "has no host", ""
	case !isASCII(host):
		return "has a host that is not ASCII", "write the host in its ASCII form, which starts with xn--"
	case len(host) > 253 || !hostName.MatchString(host):
		return fmt.Sprintf("has the bad host %q, expected letters, digits, - and .", host), ""
	}
	return "", ""
}

// NormalOrigin writes an origin as browsers do: in lower case, without the default port and
// without zeros before another one.
func NormalOrigin(s string) string {
	s = strings.ToLower(s)
	scheme, rest, _ := strings.Cut(s, "://")
	host, port, found := strings.Cut(rest, ":")
	if !found {
		return s
	}
	port = strings.TrimLeft(port, "0")
	if scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return scheme + "://" + host
	}
	return scheme + "://" + host + ":" + port
}

// isLoopback reports whether an origin is on this machine.
func isLoopback(origin string) bool {
	_, rest, _ := strings.Cut(origin, "://")
	host, _, _ := strings.Cut(rest, ":")
	if host = strings.ToLower(host); host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && allDigits(s) && n >= 1 && n <= 65535
}

// checkHostPort accepts host:port, with a name or an address.
func checkHostPort(s string) (string, string) {
	const expected = "is not host:port, expected for example 127.0.0.1:8480"
	if strings.HasPrefix(s, "[") {
		if address, err := netip.ParseAddrPort(s); err != nil || address.Port() == 0 || address.Addr().Zone() != "" {
			return expected, ""
		}
		return "", ""
	}
	host, port, found := strings.Cut(s, ":")
	if !found || !isPort(port) || !hostName.MatchString(host) {
		return expected, ""
	}
	return "", ""
}

// checkResolver accepts the address of a DNS server, with or without port.
func checkResolver(s string) (string, string) {
	host := s
	if bracketed, found := strings.CutPrefix(s, "["); found {
		address, rest, closed := strings.Cut(bracketed, "]")
		port, colon := strings.CutPrefix(rest, ":")
		a, err := netip.ParseAddr(address)
		if closed && err == nil && a.Is6() && a.Zone() == "" && (rest == "" || colon && isPort(port)) {
			return "", ""
		}
	} else if name, port, found := strings.Cut(s, ":"); found && isPort(port) {
		host = name
	}
	if hostName.MatchString(host) {
		return "", ""
	}
	return "is not the address of a resolver, expected for example 10.0.0.2 or [fd00::2]:53", ""
}
