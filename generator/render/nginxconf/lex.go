package nginxconf

import (
	"bytes"
	"fmt"
	"strings"
)

type tokenKind int

const (
	spaceToken   tokenKind = iota // white space
	commentToken                  // "#" up to, not including, the line's end
	wordToken                     // bare or quoted
	openToken                     // "{"
	closeToken                    // "}"
	endToken                      // ";"
)

type token struct {
	kind tokenKind
	raw  []byte
}

// nextToken reads the token at the start of conf by nginx's own rules: quotes, "#" and "}" are
// special only where a word would start, and "{" after a "$" belongs to the word.
func nextToken(conf []byte) (token, error) {
	switch c := conf[0]; c {
	case ' ', '\t', '\r', '\n':
		rest := bytes.TrimLeft(conf, " \t\r\n")
		return token{spaceToken, conf[:len(conf)-len(rest)]}, nil
	case '#':
		end := bytes.IndexByte(conf, '\n')
		if end < 0 {
			end = len(conf)
		}
		return token{commentToken, conf[:end]}, nil
	case '{':
		return token{openToken, conf[:1]}, nil
	case '}':
		return token{closeToken, conf[:1]}, nil
	case ';':
		return token{endToken, conf[:1]}, nil
	case '"', '\'':
		return quotedToken(conf, c)
	}
	return bareToken(conf), nil
}

func quotedToken(conf []byte, quote byte) (token, error) {
	for i := 1; i < len(conf); i++ {
		switch conf[i] {
		case '\\':
			i++
		case quote:
			if i+1 < len(conf) && strings.IndexByte(" \t\r\n;{)", conf[i+1]) < 0 {
				return token{}, fmt.Errorf("unexpected %q after a quoted word", conf[i+1])
			}
			return token{wordToken, conf[:i+1]}, nil
		}
	}
	return token{}, fmt.Errorf("a quoted word does not end")
}

func bareToken(conf []byte) token {
	for i := 0; i < len(conf); i++ {
		switch conf[i] {
		case '\\':
			i++
		case '{':
			if i > 0 && conf[i-1] == '$' {
				continue
			}
			return token{wordToken, conf[:i]}
		case ' ', '\t', '\r', '\n', ';':
			return token{wordToken, conf[:i]}
		}
	}
	return token{wordToken, conf}
}

// quoted reports whether a word is in quotes.
func (t token) quoted() bool { return t.raw[0] == '"' || t.raw[0] == '\'' }

// text is the token as nginx has it after reading.
func (t token) text() string {
	raw := t.raw
	if t.kind == wordToken && t.quoted() {
		raw = raw[1 : len(raw)-1]
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	return unquoter.Replace(string(raw))
}

// nginx turns \t, \r and \n into control characters; other pairs than these keep their backslash.
var unquoter = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\t`, "\t", `\r`, "\r", `\n`, "\n")
