package nginxconf

import "fmt"

// readsBackAs reads the bytes as nginx does and compares words and blocks with the tree's.
func readsBackAs(conf []byte, tree []directive) error {
	r := reader{rest: conf}
	r.directives(tree)
	if tok, more := r.next(); more {
		r.fail(tok.raw)
	}
	if r.err != nil {
		return fmt.Errorf("the encoded file does not read back: %w", r.err)
	}
	return nil
}

// reader consumes the tokens that a tree should have become. After the first difference it
// consumes nothing more.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) directives(list []directive) {
	for _, d := range list {
		for _, word := range d.words {
			r.expect(wordToken, word.plain())
		}
		switch {
		case d.isBlock:
			r.expect(openToken, "{")
			r.directives(d.block)
			r.expect(closeToken, "}")
		case len(d.words) > 0:
			r.expect(endToken, ";")
		}
	}
}

func (r *reader) expect(kind tokenKind, text string) {
	if tok, more := r.next(); !more || tok.kind != kind || tok.text() != text {
		r.fail(tok.raw)
	}
}

// next is the next token that is neither space nor comment.
func (r *reader) next() (token, bool) {
	for r.err == nil && len(r.rest) > 0 {
		tok, err := nextToken(r.rest)
		if err != nil {
			r.err = err
			break
		}
		r.rest = r.rest[len(tok.raw):]
		if tok.kind != spaceToken && tok.kind != commentToken {
			return tok, true
		}
	}
	return token{}, false
}

func (r *reader) fail(got []byte) {
	if r.err == nil {
		r.err = fmt.Errorf("%q where the tree has something else", got)
	}
}
