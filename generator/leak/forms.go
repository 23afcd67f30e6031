package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"iter"
	"net/url"
	"strings"
	"text/template"
	"unicode/utf16"
)

// forms yields the ways of writing a text, by name. What only some encoders escape is there in
// each variant; so is everything escaped.
func forms(text string) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		_ = yield("as it is", []string{text}) &&
			yield("hexadecimal", bothCases(hex.EncodeToString([]byte(text)))) &&
			yield("base64", append(base64Forms(base64.RawStdEncoding, text), base64Forms(base64.RawURLEncoding, text)...)) &&
			yield("percent-encoding", percentForms(text)) &&
			yield("a JavaScript escape", scriptForms(text)) &&
			yield("an HTML escape", markupForms(text))
	}
}

func bothCases(s string) []string { return []string{s, strings.ToUpper(s)} }

// base64Forms encodes a text at each of the three places that it can have in a longer one, and
// drops the characters that depend on what is before and after.
func base64Forms(e *base64.Encoding, text string) []string {
	var list []string
	for before, dependent := range []int{0, 2, 3} {
		s := e.EncodeToString(append(make([]byte, before), text...))
		if (before+len(text))%3 != 0 {
			s = s[:len(s)-1]
		}
		list = append(list, s[dependent:])
	}
	return list
}

// percentForms escapes as URL encoders do: all but unreserved characters (RFC 3986), as
// JavaScript's encodeURIComponent and encodeURI, as in a path, as in a form, and everything.
func percentForms(text string) []string {
	const component = "-_.~!'()*"
	list := []string{url.QueryEscape(text)}
	for _, kept := range []string{"-_.~", component, component + ";/?:@&=+$,#", "-_.~$&+=:@"} {
		list = append(list, bothEscapes(text, "%%%02x", "%%%02X", func(b byte) bool { return isLetterOrDigit(b) || strings.IndexByte(kept, b) >= 0 })...)
	}
	return append(list, bothEscapes(text, "%%%02x", "%%%02X", func(byte) bool { return false })...)
}

// bothEscapes writes each byte that is not kept in two formats.
func bothEscapes(text, lower, upper string, keep func(byte) bool) []string {
	var list []string
	for _, format := range []string{lower, upper} {
		var b strings.Builder
		for _, c := range []byte(text) {
			if keep(c) {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, format, c)
			}
		}
		list = append(list, b.String())
	}
	return list
}

func isLetterOrDigit(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// scriptForms escapes as the encoders of JSON and of script strings do, and everything as \x and \u.
func scriptForms(text string) []string {
	list := []string{template.JSEscapeString(text), strings.NewReplacer(`\`, `\\`, `'`, `\'`, `/`, `\/`).Replace(text)}
	for _, escapeHTML := range []bool{true, false} {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(escapeHTML)
		if e.Encode(text) == nil {
			quoted := strings.TrimSuffix(b.String(), "\n")
			list = append(list, quoted[1:len(quoted)-1])
		}
	}
	list = append(list, bothEscapes(text, `\x%02x`, `\x%02X`, func(byte) bool { return false })...)
	for _, format := range []string{`\u%04x`, `\u%04X`} {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(text)) {
			fmt.Fprintf(&b, format, unit)
		}
		list = append(list, b.String())
	}
	return list
}

// markupForms escapes as html/template and other encoders of HTML and XML do.
func markupForms(text string) []string {
	escaped := html.EscapeString(text)
	return []string{escaped, strings.ReplaceAll(escaped, "+", "&#43;"), strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(escaped)}
}
