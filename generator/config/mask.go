package config

import (
	"regexp"
	"strings"
)

const mask = "***"

// What names a secret is taken widely on purpose: a misspelt secretKey must not print its literal.
var (
	// A key that names a secret, with its colon.
	secretName = regexp.MustCompile(`(?i)["']?([\w-]*(?:secret|passw|privat|credential|api[_-]?key|token)[\w-]*)["']?[ \t]*:`)
	// A line whose key has lost its colon.
	bareSecret = regexp.MustCompile(`(?i)^([ \t-]*(?:secret|passw)[\w-]*[ \t]*[^\w \t:-]?[ \t]+)[^:\s{]`)
	// A reference, in braces or on a line of its own.
	reference = regexp.MustCompile(`^[ \t-]*\{?[ \t]*["']?(?:env|file)["']?[ \t]*:[ \t]*["']?[A-Za-z0-9/_.~-]*["']?[ \t]*(?:[,}#].*)?$`)
	// What belongs below token and token.keys.
	tokenPart = regexp.MustCompile(`^[ \t-]*\{?[ \t]*(?:lifetime|keys|id|until|secret)[ \t]*:`)
)

// maskSecrets returns line as it may be printed: what follows a key that names a secret is
// replaced unless it is a reference. It works on the text, so that it holds where YAML does
// not parse and where keys are misspelt. previous is the line before.
func maskSecrets(previous, line string) string {
	if m := secretName.FindStringIndex(previous); m != nil && opensBlock(previous[m[1]:]) && !isHarmless(line) {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		return line[:indent] + mask
	}
	if m := bareSecret.FindStringSubmatchIndex(line); m != nil {
		return line[:m[3]] + mask
	}
	for from := 0; ; {
		m := secretName.FindStringSubmatchIndex(line[from:])
		if m == nil {
			return line
		}
		name, end := line[from+m[2]:from+m[3]], from+m[1]
		if value := strings.TrimLeft(line[end:], " \t"); isLiteral(name, value) {
			return line[:len(line)-len(value)] + mask
		}
		from = end
	}
}

// opensBlock reports whether the value of a key continues on the next line.
func opensBlock(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || strings.IndexByte("#|>", rest[0]) >= 0 || rest == "{" || rest == "["
}

// isHarmless reports whether a text, in or below a key that names a secret, shows none.
func isHarmless(text string) bool {
	return reference.MatchString(text) || tokenPart.MatchString(text)
}

// isLiteral reports whether the value after a key that names a secret would show one.
func isLiteral(name, value string) bool {
	switch {
	case value == "" || value[0] == '#':
		return false
	case value[0] == '{':
		return strings.TrimSpace(value) != "{" && !isHarmless(value)
	case name == "token": // endpoints.token is a path
		return !strings.HasPrefix(strings.Trim(value, `"'`), "/")
	}
	return true
}
