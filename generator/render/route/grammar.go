package route

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Each field of the site that reaches a file has a pattern of its own. (The policy alone has ";" and
// single quotes; it is always written between double quotes.)
var (
	tenantPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	channelPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	hostPattern    = regexp.MustCompile(`^(?i)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	originPattern  = regexp.MustCompile(`^(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)
	pathPattern    = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+/?$`)
	filePattern    = regexp.MustCompile(`^(/[A-Za-z0-9._~@+, -]+)+/?$`)
	headerPattern  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
	policyPattern  = regexp.MustCompile(`^[A-Za-z0-9 ;:/.,'*=_+?&%@~-]+$`)
)

// checked returns the text if it matches the pattern of its field.
func checked(field, text string, p *regexp.Regexp) (string, error) {
	if !p.MatchString(text) {
		return "", fmt.Errorf("%s %q does not match %s", field, text, p)
	}
	return text, nil
}

// urlPath checks a path of the tenant's origin: servers match paths when they are decoded and
// cleaned, so one with "%", "//" or a dot segment would never match.
func urlPath(field, path string) (string, error) {
	if path == "/" {
		return path, nil
	}
	if strings.Contains(path+"/", "/./") || strings.Contains(path+"/", "/../") {
		return "", fmt.Errorf("%s %q has a dot segment", field, path)
	}
	return checked(field, path, pathPattern)
}

// filePath checks an absolute path of the machine that runs the web server.
func filePath(field, path string) (string, error) {
	if strings.Contains(path+"/", "/../") {
		return "", fmt.Errorf("%s %q has a dot segment", field, path)
	}
	if path == "/" {
		return path, nil
	}
	return checked(field, path, filePattern)
}

// Origin is scheme://host[:port], taken apart.
type Origin struct {
	Scheme string // http or https
	Host   string // lower case; an IPv6 address has its brackets
	Port   string // "" is the scheme's own
}

func parseOrigin(field, text string) (Origin, error) {
	m := originPattern.FindStringSubmatch(text)
	if m == nil {
		return Origin{}, fmt.Errorf("%s %q is not scheme://host[:port]", field, text)
	}
	o := Origin{m[1], strings.ToLower(m[2]), strings.TrimPrefix(m[3], ":")}
	if !validHost(o.Host) || o.Port != "" && !validPort(o.Port) {
		return Origin{}, fmt.Errorf("%s %q has no valid host and port", field, text)
	}
	if o.Port == o.defaultPort() {
		o.Port = ""
	}
	return o, nil
}

// String is the origin as browsers write it.
func (o Origin) String() string { return o.Scheme + "://" + o.HostPort() }

// HostPort is the value of a Host header: without the scheme's own port.
func (o Origin) HostPort() string {
	if o.Port == "" {
		return o.Host
	}
	return o.Host + ":" + o.Port
}

// Address is host:port, always with a port.
func (o Origin) Address() string {
	if o.Port == "" {
		return o.Host + ":" + o.defaultPort()
	}
	return o.HostPort()
}

// Dial is the address to connect to. Names below localhost mean this machine whether or not its
// resolver knows them (RFC 6761, section 6.3).
func (o Origin) Dial() string {
	if strings.HasSuffix(o.Host, ".localhost") {
		return "127.0.0.1" + strings.TrimPrefix(o.Address(), o.Host)
	}
	return o.Address()
}

func (o Origin) defaultPort() string {
	if o.Scheme == "http" {
		return "80"
	}
	return "443"
}

// loopback reports whether the host is this machine by its name or address.
func (o Origin) loopback() bool {
	ip, err := netip.ParseAddr(strings.Trim(o.Host, "[]"))
	return o.Host == "localhost" || strings.HasSuffix(o.Host, ".localhost") || err == nil && ip.IsLoopback()
}

func (o Origin) isIP() bool {
	_, err := netip.ParseAddr(strings.Trim(o.Host, "[]"))
	return err == nil
}

// HostPort checks host:port, where the host may be an IP address.
func HostPort(field, text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil || !validPort(port) || !validHost(bracketed(host)) {
		return "", fmt.Errorf("%s %q is not host:port", field, text)
	}
	return text, nil
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
