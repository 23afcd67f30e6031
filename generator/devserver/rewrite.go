package devserver

import (
	"net/url"
	"strings"
)

// cookie makes a Set-Cookie line of CEC's one of this host: no Domain, a Path below the prefix,
// SameSite=Lax. Secure goes, since browsers other than Chromium and Firefox drop such cookies on
// plain http; a name that demands it keeps it.
func (u upstream) cookie(line string) string {
	parts := strings.Split(line, ";")
	kept := parts[:1]
	demandsSecure := strings.HasPrefix(strings.TrimSpace(parts[0]), "__")
	for _, p := range parts[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "domain", "samesite", "":
			continue
		case "secure", "partitioned":
			if !demandsSecure {
				continue
			}
		case "path":
			p = " Path=" + u.cookiePath(strings.TrimSpace(value))
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, ";") + "; SameSite=Lax"
}

// cookiePath brings a path of CEC's below the prefix, and a cookie for all of CEC below the
// context path if others share the prefix.
func (u upstream) cookiePath(path string) string {
	if path == "/" && u.narrow {
		return u.prefix + servicePath + "/"
	}
	if strings.HasPrefix(path, "/") {
		return u.prefix + path
	}
	return path
}

// location brings a redirect within CEC back under the context path, without scheme and host.
// Other redirects stay.
func (u upstream) location(to string) string {
	at, err := url.Parse(to)
	if err != nil || at.Host != "" && !sameHost(at, u.cec) || at.Path != servicePath && !strings.HasPrefix(at.Path, servicePath+"/") {
		return to
	}
	if at.Host != "" {
		to = to[strings.Index(to, "//")+2:]
		to = to[strings.IndexByte(to, '/'):]
	}
	return u.prefix + to
}

// sameHost compares without regard to the scheme, since a TLS terminator of CEC's own may make
// CEC believe that it speaks http.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && (a.Port() == b.Port() || a.Port() == "" || b.Port() == "")
}
