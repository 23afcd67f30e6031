package schema

import (
	"strings"
	"unicode"
)

// The patterns use what ECMA-262 (with and without its u flag), Python and RE2 read alike: no
// look-around, no classes such as \d, no needless escapes. They follow the grammars of package config.
const (
	label = `[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?`
	host  = label + `(?:\.` + label + `)*`
	port  = `0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])`
	octet = `(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
	ipv4  = octet + `(?:\.` + octet + `){3}`
	ipv6  = `[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*`
	// loopback is a host on this machine.
	loopback = `(?:(?:` + label + `\.)*[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127(?:\.` + octet + `){3})`
	// address begins an origin whose host is an IPv4 address of another machine.
	address = `^https?://(?:25[0-5]|2[0-4][0-9]|1[013-9][0-9]|12[0-689]|[1-9]?[0-9])(?:\.` + octet + `){3}(?::[0-9]+)?(?:[/?#]|$)`

	// What an address may have, encoded or not; a mailbox and a step of a path have less.
	octets  = `%[0-9A-Fa-f]{2}`
	more    = `(?:[?](?:[A-Za-z0-9._~!$&()*+,;=:@/?-]|` + octets + `)*)?`
	anchor  = `(?:#(?:[A-Za-z0-9._~!$&()*+,;=:@/?-]|` + octets + `)*)?`
	step    = `(?:[A-Za-z0-9._~!$&()*+,;=:@-]|` + octets + `)`
	mailbox = `(?:[A-Za-z0-9._~!$*+-]|` + octets + `)+@` + host
	// dotSegment begins a path that has one.
	dotSegment = `^/(?:[^?#]*/)?(?:\.|%2[Ee]){1,2}(?:[/?#]|$)`

	segment   = `(?:[A-Za-z0-9_~-]|\.[A-Za-z0-9_~-]|\.\.[A-Za-z0-9_.~-])[A-Za-z0-9_.~-]*` // neither empty nor . nor ..
	atSegment = `(?:[A-Za-z0-9_~@-]|\.[A-Za-z0-9_~@-]|\.\.[A-Za-z0-9_.~@-])[A-Za-z0-9_.~@-]*`
	steps     = `(?:/` + segment + `)*`

	cecPart = `(?:https://` + host + `|http://` + loopback + `)(?::` + port + `)?`

	originPattern       = `^https?://` + host + `(?::` + port + `)?$`
	cecPattern          = `^` + cecPart + `$`
	contextPattern      = `^(?:` + cecPart + `)?` + steps + `/service-cloud$`
	endpointPattern     = `^/` + segment + steps + `$`
	publicPathPattern   = `^` + steps + `/$`
	absolutePathPattern = `^(?:/|` + `/` + segment + steps + `/?)$`
	folderPattern       = `^` + segment + steps + `$`
	scriptPattern       = `^https://` + host + `(?::` + port + `)?/` + atSegment + `(?:/` + atSegment + `)*/?$`
	fallbackPattern     = `^(?:https?://` + host + `(?::` + port + `)?(?:/(?:` + step + `|/)*)?` + more + anchor + `|/(?:` + step + `+(?:/` + step + `+)*/?)?` + more + anchor +
		`|mailto:` + mailbox + `(?:,` + mailbox + `)*` + more + `|tel:[+]?[().-]*[0-9][0-9().-]*(?:;[A-Za-z0-9-]+(?:=[A-Za-z0-9.+-]+)?)*)$`
	hostPortPattern = `^(?:` + host + `|\[` + ipv6 + `\]):` + port + `$`
	resolverPattern = `^(?:` + host + `(?::` + port + `)?|\[` + ipv6 + `\](?::` + port + `)?)$`
	networkPattern  = `^(?:` + ipv4 + `/(?:[0-9]|[12][0-9]|3[0-2])|` + ipv6 + `/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))$`

	tenantIDPattern    = `^[a-z][a-z0-9-]{0,39}$`
	channelIDPattern   = `^[A-Za-z_][A-Za-z0-9_]{0,63}$`
	keyIDPattern       = `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`
	numberPattern      = `^[0-9]{1,32}$`
	localePattern      = `^[A-Za-z]{2,8}(?:[_-][A-Za-z0-9]{1,8})*$`
	accessKeyPattern   = `^[A-Za-z0-9_-]{1,64}$`
	headerPattern      = `^[A-Za-z][A-Za-z0-9-]{0,63}$`
	environmentPattern = `^[A-Za-z_][A-Za-z0-9_]{0,127}$`
	secretFilePattern  = `^[A-Za-z0-9/_.~-]{1,200}$`
	integrityPattern   = `^(?:sha256-[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=|sha384-[A-Za-z0-9+/]{64}|sha512-[A-Za-z0-9+/]{85}[AQgw]==)$`
	durationPattern    = `^[+]?(?:(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$`
	timePattern        = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$`
	// nginxPattern accepts 1.18 and newer, as major.minor or major.minor.patch.
	nginxPattern = `^(?:0*1[.]0*(?:1[89]|[2-9][0-9]|[1-9][0-9]{2,3})|0*(?:[2-9]|[1-9][0-9]{1,3})[.][0-9]{1,4})(?:[.][0-9]{1,4})?$`
)

// includePattern accepts a path or glob without drive, backslash or "..", and not from the root.
var includePattern = func() string {
	const some, more = `[^/\\:.][^/\\:]*`, `[^/\\:]*`
	segment := `(?:` + some + `|\.|\.[^/\\:.]` + more + `|\.\.[^/\\:]` + more + `)`
	return `^` + segment + `(?:/` + segment + `?)*$`
}()

const (
	// unsafe are the characters that no text may have: controls, line and paragraph separators,
	// and those that reorder text on screen.
	unsafe = `\x00-\x1f\x7f-\x9f` + "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"

	argumentPattern = `^[^` + unsafe + `]*$`
)

// namePattern accepts a name that is not blank and safe.
var namePattern = func() string {
	var blank strings.Builder // written out: engines differ about \s
	for c := rune(' '); c < 0x10000; c++ {
		if unicode.IsSpace(c) && !strings.ContainsRune("\u0085\u2028\u2029", c) {
			blank.WriteRune(c)
		}
	}
	return `^[^` + unsafe + `]*[^` + blank.String() + unsafe + `][^` + unsafe + `]*$`
}()

// folded returns a pattern of words in upper or lower case.
func folded(words ...string) string {
	var b strings.Builder
	b.WriteString(`^(?:`)
	for i, w := range words {
		if i > 0 {
			b.WriteByte('|')
		}
		for _, c := range w {
			if unicode.IsLetter(c) {
				b.WriteString("[" + strings.ToUpper(string(c)) + string(c) + "]")
			} else {
				b.WriteRune(c)
			}
		}
	}
	b.WriteString(`)$`)
	return b.String()
}

// devices are file names that Windows keeps for itself.
var devices = func() []string {
	list := []string{"con", "prn", "aux", "nul"}
	for n := '0'; n <= '9'; n++ {
		list = append(list, "com"+string(n), "lpt"+string(n))
	}
	return list
}()
