package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
)

const fallbackLimit = 2000 // bytes

var fallbackAddress = grammar{rule.BadFallback, checkFallback}

// fallback reads where a visitor goes who cannot chat; "" is nowhere, written false. Whatever YAML
// takes the rest for, it is an address as it is written or none.
func (r *reader) fallback(n *yaml.Node) Value[string] {
	n, v := r.scalar(n, "fallback")
	if n == nil || n.Tag == "!!bool" && strings.EqualFold(n.Value, "false") {
		return v
	}
	v = r.conform(n, v, "fallback", fallbackAddress)
	r.warnInsecure(n, "fallback", v.V)
	return v
}

// checkFallback accepts what a link may lead to, in the characters of RFC 3986 but for the
// apostrophe: nothing in it can end an attribute, and no scheme runs a script.
func checkFallback(s string) (string, string) {
	if len(s) > fallbackLimit {
		return fmt.Sprintf("has %d bytes, expected at most %d", len(s), fallbackLimit), "name a shorter address that leads there"
	}
	scheme, rest, found := strings.Cut(s, ":")
	switch known := fallbackSchemes[strings.ToLower(scheme)]; {
	case strings.HasPrefix(s, "/"):
		return checkSitePath(s)
	case !found || known == nil:
		return "is neither an https, mailto or tel address nor a path of the site such as /contact", fallbackHint(s)
	case strings.ToLower(scheme) != scheme:
		return "has its scheme in capitals", "write " + strings.ToLower(scheme) + ":" + rest
	default:
		return known(s)
	}
}

var fallbackSchemes = map[string]func(string) (string, string){"https": checkWeb, "http": checkWeb, "mailto": checkMail, "tel": checkPhone}

// fallbackHint guesses what was meant by a text that is no address.
func fallbackHint(s string) string {
	number := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
	switch host, _, _ := strings.Cut(s, "/"); {
	case s == "" || isBoolean(s):
		return "write the address itself, or false, without quotes, to have none"
	case allowed(checkPhone("tel:" + number)):
		return "write tel:" + number
	case allowed(checkMail("mailto:" + s)):
		return "write mailto:" + s
	case strings.Contains(host, ".") && allowed(checkWeb("https://"+s)):
		hint := "write https://" + s
		if !strings.ContainsAny(s, "/:") {
			hint += ", or /" + s + " for a page of the site"
		}
		return hint
	case !strings.Contains(host, ":") && allowed(checkSitePath("/"+s)):
		return "write /" + s
	}
	return "name the page that says how to reach you, such as /contact"
}

func isBoolean(s string) bool {
	_, boolean := oldBooleans[strings.ToLower(s)]
	return boolean
}

func allowed(problem, _ string) bool { return problem == "" }

// checkSitePath accepts a path with query and fragment that stays on the origin however often it
// is resolved and written out again: no empty segment but a last one, no dot segment.
func checkSitePath(s string) (string, string) {
	const expected = ", expected a path of the site such as /contact"
	if strings.HasPrefix(s, "//") {
		hint := ""
		if allowed(checkWeb("https:" + s)) {
			hint = "write https:" + s
		}
		return "starts with //, which leads to another site" + expected, hint
	}
	if problem, hint := checkCharacters(s, s); problem != "" {
		return problem, hint
	}
	path := s[:endOf(s, "?#")]
	if strings.Contains(path, "//") {
		return "has an empty segment (//)" + expected, ""
	}
	for segment := range strings.SplitSeq(path, "/") {
		if dots := encodedDot.ReplaceAllString(segment, "."); dots == "." || dots == ".." {
			return "has a dot segment" + expected, ""
		}
	}
	return "", ""
}

var encodedDot = regexp.MustCompile(`(?i)%2e`) // to a browser it is a dot

// checkWeb accepts an http or https address. That http is fit for this machine only is a warning
// of its own.
func checkWeb(s string) (string, string) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found {
		scheme, rest, _ = strings.Cut(s, ":")
		return "lacks // after " + scheme + ":", "write " + scheme + "://" + strings.TrimLeft(rest, `/\`)
	}
	authority := rest[:endOf(rest, `/?#\`)]
	if strings.Contains(authority, "@") {
		return "has a user in it", ""
	}
	if problem, hint := checkOrigin(scheme + "://" + authority); problem != "" {
		return problem, hint
	}
	return checkCharacters(rest[len(authority):], s)
}

var mailbox = regexp.MustCompile(`^(?:[A-Za-z0-9._~!$*+-]|%[0-9A-Fa-f]{2})+@(.+)$`)

// checkMail accepts the mailto addresses of RFC 6068 that name somebody.
func checkMail(s string) (string, string) {
	to := strings.TrimPrefix(s, "mailto:")
	end := endOf(to, "?")
	for one := range strings.SplitSeq(to[:end], ",") {
		if m := mailbox.FindStringSubmatch(one); m == nil || !hostName.MatchString(m[1]) {
			return "does not name an e-mail address, expected for example mailto:help@acme.example", ""
		}
	}
	if strings.Contains(to[end:], "#") {
		return "has a fragment (#), which a mailto address has not", "write %23 where # is meant"
	}
	return checkCharacters(to[end:], s)
}

var phone = regexp.MustCompile(`^\+?[().-]*[0-9][0-9().-]*(?:;[A-Za-z0-9-]+(?:=[A-Za-z0-9.+-]+)?)*$`)

// checkPhone accepts the tel addresses of RFC 3966, and short numbers without their context.
func checkPhone(s string) (string, string) {
	number := strings.TrimPrefix(s, "tel:")
	if phone.MatchString(number) {
		return "", ""
	}
	hint := ""
	if bare := strings.ReplaceAll(number, " ", ""); phone.MatchString(bare) {
		hint = "write tel:" + bare
	}
	return "is not a telephone number, expected for example tel:+1-201-555-0123", hint
}

// checkCharacters refuses what does not stand for itself in the path, query or fragment of an
// address; whole is that address, for the hint.
func checkCharacters(part, whole string) (string, string) {
	fragment := false
	for i, c := range part {
		switch {
		case c == '\\':
			return `contains '\\', which browsers take for /`, "write / where it is meant"
		case c == '%' && !encodedByte.MatchString(part[i:]):
			return "has a % that is not followed by two hexadecimal digits", "write %25 where % is meant"
		case c == '#' && fragment, c != '%' && c != '#' && !isAddressRune(c):
			return fmt.Sprintf("contains %s, which does not stand for itself in an address", strconv.QuoteRune(c)), "write " + encoded(whole, part)
		}
		fragment = fragment || c == '#'
	}
	return "", ""
}

var encodedByte = regexp.MustCompile(`^%[0-9A-Fa-f]{2}`)

func isAddressRune(c rune) bool {
	return c < unicode.MaxASCII && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-._~!$&()*+,;=:@/?", c))
}

// encoded writes the characters of an address's last part that must be encoded as %XX.
func encoded(whole, part string) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(whole, part))
	fragment := false
	for _, c := range part {
		if isAddressRune(c) || c == '%' || c == '#' && !fragment {
			b.WriteRune(c)
		} else {
			for _, octet := range []byte(string(c)) {
				fmt.Fprintf(&b, "%%%02X", octet)
			}
		}
		fragment = fragment || c == '#'
	}
	return b.String()
}

// endOf returns where the first of some characters stands, or the length.
func endOf(s, characters string) int {
	if i := strings.IndexAny(s, characters); i >= 0 {
		return i
	}
	return len(s)
}
