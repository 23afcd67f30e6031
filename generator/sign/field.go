package sign

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FieldError says that a field cannot be signed. Its text holds no secret and no whole user datum.
type FieldError struct {
	Field   string // userName, userId, tenantSpaceId, channelConfigId, accessKey, secretKey, time, order or length
	Problem string // what is wrong, e.g. "has U+002F '/' at byte 3"
	Want    string // what was expected
}

func (e *FieldError) Error() string {
	return e.Field + " " + e.Problem + ": want " + e.Want
}

// pattern is the rule of one field: how many characters, and which.
type pattern struct {
	field string
	max   int             // characters; the least is always 1
	legal func(rune) bool // of each character
	want  string          // the rule in words, after the number of characters
}

var (
	userNamePattern  = pattern{"userName", 256, isText, "without control characters, U+2028 or U+2029"}
	userIDPattern    = pattern{"userId", 32, isID, `that print, without space, "/", ";" or "\"`}
	tenantPattern    = pattern{"tenantSpaceId", 32, isDigit, "of 0-9"}
	configPattern    = pattern{"channelConfigId", 32, isDigit, "of 0-9"}
	accessKeyPattern = pattern{"accessKey", 64, isKey, "of A-Z, a-z, 0-9, _ and -"}
	secretKeyPattern = pattern{"secretKey", 43, isAlnum, "of A-Z, a-z and 0-9"}
)

// check returns the first field that cannot be signed as a [*FieldError].
func (r Request) check(secretKey string) error {
	for _, f := range [...]struct {
		pattern *pattern
		value   string
	}{
		{&userNamePattern, r.UserName}, {&userIDPattern, r.UserID},
		{&tenantPattern, r.TenantSpaceID}, {&configPattern, r.ChannelConfigID},
		{&accessKeyPattern, r.AccessKey},
	} {
		if problem := f.pattern.problem(f.value); problem != "" {
			return f.pattern.refuse(problem)
		}
	}
	if secretKeyPattern.problem(secretKey) != "" { // a text that may quote from the key
		return secretKeyPattern.refuse("is off its pattern")
	}
	return r.checkSettings()
}

func (r Request) checkSettings() error {
	switch {
	case r.Time.IsZero():
		return &FieldError{"time", "is not set", "the time of signing"}
	case !timeFits(r.Time):
		return &FieldError{"time", fmt.Sprintf("is in the year %d", r.Time.UTC().Year()), "a year from 1 to 9999"}
	case members[r.Order] == nil:
		return &FieldError{"order", fmt.Sprintf("is %.40q", r.Order), "doc, hash or sorted"}
	case !slices.Contains(Lengths(), r.Length):
		return &FieldError{"length", fmt.Sprintf("is %.40q", r.Length), "bytes or chars"}
	}
	return nil
}

// problem says what is wrong with value; "" means nothing.
func (p *pattern) problem(value string) string {
	if value == "" {
		return "is empty"
	}
	count := 0
	for i, r := range value {
		if r == utf8.RuneError && !strings.HasPrefix(value[i:], "\uFFFD") {
			return fmt.Sprintf("is not valid UTF-8 at byte %d", i)
		}
		if !p.legal(r) {
			return fmt.Sprintf("has %#U at byte %d", r, i)
		}
		count++
	}
	if count > p.max {
		return fmt.Sprintf("has %d characters", count)
	}
	return ""
}

func (p *pattern) refuse(problem string) *FieldError {
	return &FieldError{p.field, problem, fmt.Sprintf("1 to %d characters %s", p.max, p.want)}
}

func isText(r rune) bool {
	return !unicode.IsControl(r) && r != '\u2028' && r != '\u2029'
}

func isID(r rune) bool {
	return unicode.IsPrint(r) && r != ' ' && r != '/' && r != ';' && r != '\\'
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isAlnum(r rune) bool {
	return isDigit(r) || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func isKey(r rune) bool { return isAlnum(r) || r == '_' || r == '-' }

func timeFits(t time.Time) bool {
	year := t.UTC().Year()
	return 1 <= year && year <= 9999
}
