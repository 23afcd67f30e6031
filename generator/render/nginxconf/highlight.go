package nginxconf

import (
	"bytes"
	"html"
)

// Highlight turns an nginx file into HTML for a <pre>: text escaped, comments, directive names,
// quoted words and variables in spans of the classes ngx-comment, ngx-name, ngx-string and
// ngx-variable. It never fails: from where a file is malformed on, the text is only escaped.
func Highlight(conf []byte) []byte {
	var h highlighter
	h.out.Grow(2 * len(conf))
	h.nameNext = true
	for len(conf) > 0 {
		tok, err := nextToken(conf)
		if err != nil {
			h.text(conf)
			break
		}
		h.token(tok)
		conf = conf[max(len(tok.raw), 1):]
	}
	return h.out.Bytes()
}

type highlighter struct {
	out      bytes.Buffer
	nameNext bool // the next word is a directive's name
}

func (h *highlighter) token(t token) {
	switch t.kind {
	case commentToken:
		h.span("ngx-comment", t.raw)
	case openToken, closeToken, endToken:
		h.nameNext = true
		h.text(t.raw)
	case wordToken:
		h.word(t)
	default:
		h.text(t.raw)
	}
}

func (h *highlighter) word(t token) {
	name := h.nameNext
	h.nameNext = false
	switch {
	case t.quoted():
		h.span("ngx-string", t.raw)
	case name:
		h.span("ngx-name", t.raw)
	case bytes.IndexByte(t.raw, '$') >= 0:
		h.span("ngx-variable", t.raw)
	default:
		h.text(t.raw)
	}
}

func (h *highlighter) span(class string, text []byte) {
	h.out.WriteString(`<span class="` + class + `">`)
	h.text(text)
	h.out.WriteString(`</span>`)
}

func (h *highlighter) text(text []byte) {
	if bytes.ContainsAny(text, `<>&"'`) {
		h.out.WriteString(html.EscapeString(string(text)))
		return
	}
	h.out.Write(text)
}
