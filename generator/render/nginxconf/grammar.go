package nginxconf

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Each field of the site that reaches a file has a pattern of its own. The patterns leave out
// everything that means something to nginx: line ends, quotes, "\", "$", ";", "{" and "}". (The
// policy alone has ";" and single quotes; it is always written between double quotes.)
var (
	tenantPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	channelPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	hostPattern    = regexp.MustCompile(`^(?i)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	originPattern  = regexp.MustCompile(`^(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	pathPattern    = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+/?$`)
	filePattern    = regexp.MustCompile(`^(/[A-Za-z0-9._~@+, -]+)+/?$`)
	headerPattern  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
	policyPattern  = regexp.MustCompile(`^[A-Za-z0-9 ;:/.,'*=_+?&%@~-]+$`)
	versionPattern = regexp.MustCompile(`^([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?$`)
)

// checked returns the text if it matches the pattern of its field.
func checked(field, text string, p *regexp.Regexp) (string, error) {
	if !p.MatchString(text) {
		return "", fmt.Errorf("%s %q does not match %s", field, text, p)
	}
	return text, nil
}

// urlPath checks a path of the tenant's origin: nginx matches locations against decoded and
// cleaned paths, so one with "%", "//" or a dot segment would never match.
func urlPath(field, path string) (string, error) {
	if path == "/" {
		return path, nil
	}
	if strings.Contains(path+"/", "/./") || strings.Contains(path+"/", "/../") {
		return "", fmt.Errorf("%s %q has a dot segment", field, path)
	}
	return checked(field, path, pathPattern)
}

// filePath checks an absolute path of the machine that runs nginx.
func filePath(field, path string) (string, error) {
	if strings.Contains(path+"/", "/../") {
		return "", fmt.Errorf("%s %q has a dot segment", field, path)
	}
	if path == "/" {
		return path, nil
	}
	return checked(field, path, filePattern)
}

// origin is scheme://host[:port], taken apart.
type origin struct {
	scheme string
	host   string
	port   string // "" is the scheme's own
}

func parseOrigin(field, text string) (origin, error) {
	m := originPattern.FindStringSubmatch(text)
	if m == nil {
		return origin{}, fmt.Errorf("%s %q is not scheme://host[:port]", field, text)
	}
	o := origin{m[1], strings.ToLower(m[2]), strings.TrimPrefix(m[3], ":")}
	if !validHost(o.host) || o.port != "" && !validPort(o.port) {
		return origin{}, fmt.Errorf("%s %q has no valid host and port", field, text)
	}
	if o.port == o.defaultPort() {
		o.port = ""
	}
	return o, nil
}

func (o origin) String() string { return o.scheme + "://" + o.hostport() }

// hostport is the value of a Host header: without the scheme's own port.
func (o origin) hostport() string {
	if o.port == "" {
		return o.host
	}
	return o.host + ":" + o.port
}

// address is host:port, always with a port.
func (o origin) address() string {
	if o.port == "" {
		return o.host + ":" + o.defaultPort()
	}
	return o.hostport()
}

func (o origin) defaultPort() string {
	if o.scheme == "http" {
		return "80"
	}
	return "443"
}

// loopback reports whether the host is this machine by its name or address.
func (o origin) loopback() bool {
	ip, err := netip.ParseAddr(strings.Trim(o.host, "[]"))
	return o.host == "localhost" || strings.HasSuffix(o.host, ".localhost") || err == nil && ip.IsLoopback()
}

func (o origin) isIP() bool {
	_, err := netip.ParseAddr(strings.Trim(o.host, "[]"))
	return err == nil
}

// hostPort checks host:port, where the host may be an IP address.
func hostPort(field, text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil || !validPort(port) || !validHost(bracketed(host)) {
		return "", fmt.Errorf("%s %q is not host:port", field, text)
	}
	return text, nil
}

// resolverAddress checks the address of a DNS server: a host with or without a port.
func resolverAddress(field, text string) (string, error) {
	if validHost(text) {
		return text, nil
	}
	return hostPort(field, text)
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

func validHost(host string) bool {
	if inner, found := strings.CutPrefix(host, "["); found {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && ip.Is6() && ip.Zone() == "" && strings.HasSuffix(inner, "]")
	}
	return len(host) <= 253 && hostPattern.MatchString(host)
}

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// version is an nginx version, comparable as an array.
type version [3]int

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
