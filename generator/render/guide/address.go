package guide

import (
	"html"
	"strings"
)

// schemes are those that a link may have.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true}

// scheme returns the scheme of an address in lower case, as a browser would find it: entities
// decoded, white space and control characters ignored. It is "" for a relative address.
func scheme(address []byte) string {
	s := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F {
			return -1
		}
		return r
	}, html.UnescapeString(string(address)))
	if i := strings.IndexAny(s, ":/?#"); i >= 0 && s[i] == ':' {
		return strings.ToLower(s[:i])
	}
	return ""
}

// safeAddress reports whether an address is relative or has an allowed scheme.
func safeAddress(address []byte) bool {
	s := scheme(address)
	return s == "" || schemes[s]
}

// isRemote reports whether an address leads to another host: a scheme of the web, or a host
// without a scheme, for which browsers take a backslash for a slash.
func isRemote(address []byte) bool {
	s := scheme(address)
	start := strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(string(address)), `\`, "/"))
	return s == "http" || s == "https" || strings.HasPrefix(start, "//")
}
