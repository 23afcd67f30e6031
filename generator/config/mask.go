package config

import (
	"regexp"
	"strings"

	"embedgen/generator/diag"
)

const mask = "***"

// What names a secret is taken widely on purpose: a misspelt or broken secretKey must not print
// its literal. So all of this works on the text, whether it parses or not.
var (
	// The last word before a colon, whatever it is made of.
	lastWord = regexp.MustCompile(`([^\s,{}\["']+)["'\s]*$`)
	// A word that names a secret.
	secretWord = regexp.MustCompile(`(?i)secret|passw|privat|credential|apikey|^(token|key|value)$`)
	// A line that begins with a key, or with an item of a list.
	entry = regexp.MustCompile(`^[ \t-]*["']?[\w-]+["']?[ \t]*:(?:[ \t]|$)|^[ \t]*-[ \t]`)
	// A reference, in braces or on a line of its own.
	reference = regexp.MustCompile(`^[ \t-]*\{?[ \t]*["']?(?:env|file)["']?[ \t]*:(?:[ \t]*"[A-Za-z0-9/_.~-]*"|[ \t]*'[A-Za-z0-9/_.~-]*'|[ \t]+[A-Za-z0-9/_.~-]*)?[ \t]*(?:[,}#].*)?$`)
	// The key of a reference on a line of its own.
	referenceKey = regexp.MustCompile(`^[ \t-]*["']?(?:env|file|exec)["']?[ \t]*:`)
	// An item of a list.
	item = regexp.MustCompile(`^[ \t]*-[ \t]`)
	// A password in an address.
	userInfo = regexp.MustCompile(`://[^/\s@"']*@`)
	// Token keys that are no list of mappings.
	keyList = regexp.MustCompile(`(?:^|[\s{,])["']?keys["']?[ \t]*:[ \t]+(?:\[[ \t]*)?([^\s{}\[\]&*#].*)`)
	// What belongs below token and token.keys.
	tokenPart = regexp.MustCompile(`^[ \t-]*\{?[ \t]*(?:lifetime|keys|id|until|secret)[ \t]*:`)
)

// maskSecrets returns line as it may be printed: what follows a name of a secret is replaced
// unless it is a reference. previous is the line before.
func maskSecrets(previous, line string) string {
	line = userInfo.ReplaceAllString(line, "://"+mask+"@")
	if continuesSecret(previous, line) {
		return indentation(line) + mask
	}
	if start, found := literalAt(line); found {
		return line[:start] + mask
	}
	return line
}

// maskText returns a value as a message may quote it. It may be lines that YAML folded into one.
func maskText(s string) string { return maskSecrets("", s) }

// holdsSecrets reports whether what stands in a mapping or list may be a secret, whatever its key.
func holdsSecrets(what string) bool {
	return what == "token" || what == "token.keys" || what == "a token key"
}

// literalAt finds where on a line the value of a secret begins that is no reference.
func literalAt(line string) (start int, found bool) {
	for i := range len(line) {
		before := line[max(0, i-80):i]
		separated := (line[i] == ':' || line[i] == '=') && namesSecret(before) ||
			line[i] == ' ' && isSecretKey(onlyLetters(lastWord.FindString(before))) // the colon is missing
		if !separated {
			continue
		}
		value := strings.TrimLeft(line[i+1:], " \t:=")
		if isLiteral(before, value) {
			start, found = len(line)-len(value), true
			break
		}
	}
	if m := keyList.FindStringSubmatchIndex(line); m != nil && (!found || m[2] < start) {
		return m[2], true
	}
	return start, found
}

// namesSecret reports whether the text before a colon ends in the name of a secret, or in
// something very like secretKey.
func namesSecret(before string) bool {
	if m := lastWord.FindStringSubmatch(before); m != nil && secretWord.MatchString(onlyLetters(m[1])) {
		return true
	}
	letters := onlyLetters(before)
	for n := len(secretKey) - 2; n <= len(secretKey)+2 && n <= len(letters); n++ {
		if isSecretKey(letters[len(letters)-n:]) {
			return true
		}
	}
	return false
}

const secretKey = "secretkey"

// isSecretKey reports whether a word is secretKey but for two slips.
func isSecretKey(letters string) bool { return diag.Distance(letters, secretKey, 3) < 3 }

func onlyLetters(s string) string {
	return strings.Map(func(c rune) rune {
		if c |= 0x20; c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, s)
}

// isLiteral reports whether the value after the name of a secret would show one.
func isLiteral(before, value string) bool {
	switch {
	case value == "" || value == "#" || strings.HasPrefix(value, "# "):
		return false
	case value[0] == '{':
		return strings.TrimSpace(value) != "{" && !isHarmless(value)
	case strings.HasSuffix(strings.TrimRight(before, `"' `), "token"): // endpoints.token is a path
		return !strings.HasPrefix(strings.Trim(value, `"'`), "/")
	}
	return true
}

// isHarmless reports whether a text, in or below the name of a secret, shows none.
func isHarmless(text string) bool {
	return reference.MatchString(text) || tokenPart.MatchString(text)
}

// continuesSecret reports whether a line may go on with the secret of the line before.
func continuesSecret(previous, line string) bool {
	if start, literal := literalAt(previous); literal {
		open := strings.IndexByte("{[", previous[start]) >= 0 && !strings.ContainsAny(previous[start:], "]}")
		return open || !entry.MatchString(line)
	}
	if strings.HasPrefix(strings.TrimSpace(line), ":") {
		previous += ":"
	}
	colon := strings.LastIndexByte(previous, ':')
	if colon < 0 || !opensBlock(previous[colon+1:]) || isHarmless(line) {
		return false
	}
	name, rest := previous[:colon], strings.TrimSpace(previous[colon+1:])
	switch word := onlyLetters(lastWord.FindString(name)); {
	case word == "env" || word == "file":
		return true
	case word == "exec":
		return !item.MatchString(line)
	case word == "keys":
		return item.MatchString(line) || len(indentation(line)) > len(indentation(previous))
	case !namesSecret(name[max(0, len(name)-80):]):
		return false
	}
	sibling := entry.MatchString(line) && !referenceKey.MatchString(line) && len(indentation(line)) <= len(indentation(previous))
	return !sibling || rest == "{"
}

// opensBlock reports whether the value of a key continues on the next line.
func opensBlock(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || strings.IndexByte("#|>", rest[0]) >= 0 || rest == "{" || rest == "["
}

func indentation(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
