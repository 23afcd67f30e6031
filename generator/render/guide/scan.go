package guide

import (
	"strings"
)

// HTML highlights the text of an emitted snippet.
//
// It is a small scanner, not chroma: snippets differ from channel to channel, and a build
// highlights thousands of them. (nginxconf.Highlight does the same for nginx files.)
func HTML(name, text string) Code {
	text = strings.TrimSuffix(text, "\n")
	var b spans
	scanHTML(&b, text)
	return Code{Name: name, Lang: "html", Size: len(text), HTML: b.html("")}
}

// JavaScript highlights the text of an emitted script, as [HTML] does a snippet.
func JavaScript(name, text string) Code {
	text = strings.TrimSuffix(text, "\n")
	var b spans
	scanScript(&b, text)
	return Code{Name: name, Lang: "js", Size: len(text), HTML: b.html("")}
}

func scanHTML(b *spans, s string) {
	for s != "" {
		switch {
		case strings.HasPrefix(s, "<!--"):
			n := until(s, "-->")
			n = min(n+len("-->"), len(s))
			b.add("c", s[:n])
			s = s[n:]
		case s[0] == '<':
			script := strings.HasPrefix(strings.ToLower(s), "<script")
			s = scanTag(b, s)
			if script {
				n := until(strings.ToLower(s), "</script")
				scanScript(b, s[:n])
				s = s[n:]
			}
		default:
			n := until(s, "<")
			b.add("", s[:n])
			s = s[n:]
		}
	}
}

// scanTag highlights one tag and returns what follows it.
func scanTag(b *spans, s string) string {
	n := 1
	if strings.HasPrefix(s, "</") {
		n = 2
	}
	n += wordLength(s[n:])
	b.add("k", s[:n])
	s = s[n:]
	for s != "" {
		n, class := 1, ""
		switch c := s[0]; {
		case c == '>':
			b.add("k", ">")
			return s[1:]
		case c == '"' || c == '\'':
			n, class = quoted(s), "s"
		case wordLength(s) > 0:
			n, class = wordLength(s), "a"
		}
		b.add(class, s[:n])
		s = s[n:]
	}
	return ""
}

// scriptWords are the JavaScript words that a snippet may use.
var scriptWords = map[string]bool{
	"var": true, "let": true, "const": true, "function": true, "return": true, "new": true,
	"if": true, "else": true, "window": true, "document": true, "this": true, "for": true, "of": true, "null": true,
	"import": true, "from": true, "export": true, "void": true,
}

func scanScript(b *spans, s string) {
	for s != "" {
		n, class := 1, ""
		switch c := s[0]; {
		case strings.HasPrefix(s, "//"):
			n, class = until(s, "\n"), "c"
		case strings.HasPrefix(s, "/*"):
			n, class = min(until(s, "*/")+2, len(s)), "c"
		case c == '"' || c == '\'' || c == '`':
			n, class = quoted(s), "s"
		case wordLength(s) > 0:
			n = wordLength(s)
			if scriptWords[s[:n]] {
				class = "k"
			}
		}
		b.add(class, s[:n])
		s = s[n:]
	}
}

// until returns the offset of mark in s, or the length of s.
func until(s, mark string) int {
	if n := strings.Index(s, mark); n >= 0 {
		return n
	}
	return len(s)
}

// quoted returns the length of the quoted string that s begins with; a backslash escapes.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}

// wordLength returns the length of the run of letters, digits, _ and - that s begins with.
func wordLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		return !(r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
	if n < 0 {
		return len(s)
	}
	return n
}
