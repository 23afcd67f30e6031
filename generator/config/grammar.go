package config

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"embedgen/generator/config/rule"
)

// pattern makes a grammar of a regular expression, which must match as a whole.
func pattern(id rule.ID, expression, expected string) grammar {
	re := regexp.MustCompile(`^(?:` + expression + `)$`)
	return grammar{id, func(s string) (string, string) {
		if re.MatchString(s) {
			return "", ""
		}
		return "is not " + expected, ""
	}}
}

var (
	tenantID = reserved(pattern(rule.BadID, `[a-z][a-z0-9-]{0,39}`,
		"a tenant id: a lower-case letter, then up to 39 lower-case letters, digits or -"), "pages", "assets")
	channelID = reserved(pattern(rule.BadID, `[A-Za-z_][A-Za-z0-9_]{0,63}`,
		"a channel access code: letters, digits and _, not starting with a digit, at most 64"), "assets", "index")
	environmentID = pattern(rule.BadID, `[A-Za-z][A-Za-z0-9_-]{0,39}`, "an environment: a letter, then up to 39 letters, digits, _ or -")
	keyID         = pattern(rule.BadID, `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, "a key id: letters, digits, ., _ and -")
	numberID      = pattern(rule.BadID, `[0-9]{1,32}`, "an id of CEC: digits only")
	locale        = pattern(rule.BadLocale, `[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*`, "a locale such as zh, en or zh_CN")
	region        = grammar{rule.BadRegion, checkRegion}
	accessKey     = pattern(rule.BadSignature, `[A-Za-z0-9_-]{1,64}`, "an access key: letters, digits, _ and -")
	header        = pattern(rule.BadHeaderName, `[A-Za-z][A-Za-z0-9-]{0,63}`, "a header name: a letter, then letters, digits and -")

	displayName   = grammar{rule.BadName, checkName}
	contextPath   = grammar{rule.BadContextPath, checkContextPath}
	endpointPath  = grammar{rule.BadPath, checkEndpoint}
	publicPath    = grammar{rule.BadPath, checkPublicPath}
	absolutePath  = grammar{rule.BadPath, checkPath}
	folder        = below(rule.BadPath, "folder")
	siteOrigin    = grammar{rule.BadOrigin, checkOrigin}
	cecOrigin     = grammar{rule.BadOrigin, checkCEC}
	hostPort      = grammar{rule.BadHostPort, checkHostPort}
	resolver      = grammar{rule.BadHostPort, checkResolver}
	network       = grammar{rule.BadCIDR, checkNetwork}
	nginxVersion  = grammar{rule.BadNginxVersion, checkNginxVersion}
	windowsDevice = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
)

// reserved refuses ids whose folder would clash with one of the output's own, or with a device
// name of Windows.
func reserved(g grammar, names ...string) grammar {
	return grammar{g.rule, func(s string) (string, string) {
		for _, name := range names {
			if strings.EqualFold(s, name) {
				return "is reserved: the output has a file or folder of that name", "choose another id"
			}
		}
		if windowsDevice.MatchString(s) {
			return "is reserved: Windows has a device of that name", "choose another id"
		}
		return g.check(s)
	}}
}

// checkRegion accepts the two letters of a country, in lower case (ISO 3166-1 alpha-2).
func checkRegion(s string) (string, string) {
	hint := ""
	switch lower := strings.ToLower(s); {
	case len(s) != 2 || strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz") != "":
	case lower == s:
		return "", ""
	default:
		hint = "write " + lower
	}
	return "is not a country, expected two lower-case letters such as cn or sg", hint
}

func checkName(s string) (string, string) {
	switch {
	case strings.TrimSpace(s) == "":
		return "is empty", "give it a name that people read"
	case utf8.RuneCountInString(s) > 200:
		return "is too long, expected at most 200 characters", ""
	}
	return "", ""
}

// checkPath accepts an absolute path that means the same to a browser, to nginx and to a person.
func checkPath(s string) (string, string) {
	const expected = ", expected a path of letters, digits, /, _, ., ~ and -"
	switch {
	case !strings.HasPrefix(s, "/"):
		return "does not start with /" + expected, ""
	case len(s) > 200:
		return "is longer than 200 characters", ""
	case strings.Contains(s, "//"):
		return "has an empty segment (//)" + expected, ""
	}
	for _, c := range s {
		if !isPathRune(c) {
			return fmt.Sprintf("contains %q%s", c, expected), ""
		}
	}
	for segment := range strings.SplitSeq(s, "/") {
		if segment == "." || segment == ".." {
			return "has a dot segment" + expected, ""
		}
	}
	return "", ""
}

func isPathRune(c rune) bool {
	return c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("/_.~-", c))
}

func checkEndpoint(s string) (string, string) {
	if problem, hint := checkPath(s); problem != "" {
		return problem, hint
	}
	if strings.HasSuffix(s, "/") {
		return "ends in /, expected the path of one endpoint", ""
	}
	return "", ""
}

func checkPublicPath(s string) (string, string) {
	if problem, hint := checkPath(s); problem != "" {
		return problem, hint
	}
	if !strings.HasSuffix(s, "/") {
		return "does not end in /", "write " + s + "/"
	}
	return "", ""
}

func checkContextPath(s string) (string, string) {
	if strings.Contains(s, "://") {
		return checkContextURL(s)
	}
	if !strings.HasSuffix(s, "/service-cloud") {
		return "does not end in /service-cloud", contextHint(s)
	}
	return checkPath(s)
}

// checkContextURL accepts the address of a CEC that the browser talks to directly.
func checkContextURL(s string) (string, string) {
	scheme, rest, _ := strings.Cut(s, "://")
	host, path, _ := strings.Cut(rest, "/")
	switch problem, hint := checkCEC(scheme + "://" + host); {
	case scheme == "http" && problem != "":
		return problem, "write https://" + rest
	case problem != "":
		return problem, hint
	}
	if path = "/" + path; !strings.HasSuffix(path, "/service-cloud") {
		return "does not end in /service-cloud", contextHint(s)
	}
	return checkPath(path)
}

func contextHint(s string) string {
	meant := strings.TrimRight(s, "/")
	if !strings.Contains(meant, "://") {
		meant = "/" + strings.TrimLeft(meant, "/")
	}
	if strings.HasSuffix(meant, "/service-cloud") {
		return "write " + meant
	}
	return "CEC recognises a request only when its path contains service-cloud, for example /service-cloud or /demo/service-cloud"
}

// below accepts a slash path below the directory of channels.yaml.
func below(id rule.ID, noun string) grammar {
	return grammar{id, func(s string) (string, string) {
		if strings.HasPrefix(s, "/") || s == "" || s == "." || strings.HasSuffix(s, "/") {
			return "is not a " + noun + " below the directory of channels.yaml", "write it without leading and trailing /"
		}
		return checkPath("/" + s)
	}}
}

func checkNetwork(s string) (string, string) {
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		hint := ""
		if a, err := netip.ParseAddr(s); err == nil {
			hint = fmt.Sprintf("write %s/%d", s, a.BitLen())
		}
		return "is not a network, expected an address with a prefix length such as 127.0.0.1/32", hint
	case p != p.Masked():
		return "has bits beyond its prefix length", "write " + p.Masked().String()
	}
	return "", ""
}

func checkNginxVersion(s string) (string, string) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return "is not a version such as 1.22", ""
	}
	var numbers [3]int
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || !allDigits(p) || len(p) > 4 {
			return "is not a version such as 1.22", ""
		}
		numbers[i] = n
	}
	if numbers[0] < 1 || numbers[0] == 1 && numbers[1] < 18 {
		return "is too old, expected at least 1.18", ""
	}
	return "", ""
}
