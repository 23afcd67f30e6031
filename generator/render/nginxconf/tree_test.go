package nginxconf

import (
	"strings"
	"testing"
)

// node is a directive as read back from a file.
type node struct {
	words []string
	block nodes
}

type nodes []node

// tree reads a file by the lexer's rules.
func tree(t testing.TB, conf []byte) nodes {
	t.Helper()
	r := &reader{rest: conf}
	out, closed := readNodes(r)
	if r.err != nil || closed {
		t.Fatalf("the file does not parse: %v", r.err)
	}
	return out
}

// readNodes reads directives up to the end of the block, or of the file, and says which.
func readNodes(r *reader) (out nodes, closed bool) {
	var current node
	for {
		tok, more := r.next()
		switch {
		case !more:
			return out, false
		case tok.kind == wordToken:
			current.words = append(current.words, tok.text())
		case tok.kind == openToken:
			current.block, _ = readNodes(r)
			out, current = append(out, current), node{}
		case tok.kind == endToken:
			out, current = append(out, current), node{}
		case tok.kind == closeToken:
			return out, true
		}
	}
}

// walk visits every directive with the name of its block.
func (ns nodes) walk(visit func(parent string, n node)) { ns.walkIn("", visit) }

func (ns nodes) walkIn(parent string, visit func(string, node)) {
	for _, n := range ns {
		visit(parent, n)
		n.block.walkIn(n.words[0], visit)
	}
}

// has reports whether a directive has exactly these words, one space apart.
func (ns nodes) has(words string) bool {
	found := false
	ns.walk(func(_ string, n node) { found = found || strings.Join(n.words, " ") == words })
	return found
}

// count returns how many directives have the name.
func (ns nodes) count(name string) int {
	total := 0
	ns.walk(func(parent string, n node) {
		if n.words[0] == name && !keyed(parent) {
			total++
		}
	})
	return total
}

// shape is the tree without its values: names, numbers of words, and blocks.
func (ns nodes) shape() string {
	var b strings.Builder
	for _, n := range ns {
		b.WriteString(n.words[0] + "/" + strings.Repeat("w", len(n.words)))
		if n.block != nil {
			b.WriteString("{" + n.block.shape() + "}")
		}
		b.WriteString(";")
	}
	return b.String()
}
