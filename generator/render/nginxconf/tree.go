package nginxconf

import "strings"

// directive is one nginx directive. In map and types blocks it is an entry, whose first word is a
// key instead of a name.
type directive struct {
	comment []string // lines above it, without "# "
	words   []value  // its name and arguments; none is a comment that stands alone
	block   []directive
	isBlock bool
}

// value is one argument: the concatenation of its parts.
type value []part

type part struct {
	kind partKind
	text string
}

type partKind int

const (
	literalPart  partKind = iota // text that nginx takes as it is; has no "$"
	variablePart                 // the name of a variable
	patternPart                  // a regular expression of a map; its "$" is an anchor
)

// lit is text from anywhere.
func lit(s string) value { return value{{literalPart, s}} }

// ref is a variable. Its name is a constant of this package or a tenant's name of [names].
func ref(name string) value { return value{{variablePart, name}} }

// pattern is a regular expression of a map, where nginx expands no variables.
func pattern(s string) value { return value{{patternPart, s}} }

// concat joins values into one argument.
func concat(values ...value) value {
	var all value
	for _, v := range values {
		all = append(all, v...)
	}
	return all
}

// line is a simple directive.
func line(name string, args ...value) directive {
	return directive{words: append([]value{lit(name)}, args...)}
}

// lits is a simple directive with literal arguments.
func lits(name string, args ...string) directive {
	d := directive{words: []value{lit(name)}}
	for _, arg := range args {
		d.words = append(d.words, lit(arg))
	}
	return d
}

// entry is an entry of a map or types block.
func entry(words ...value) directive { return directive{words: words} }

// block is a directive with a block.
func block(body []directive, name string, args ...value) directive {
	d := line(name, args...)
	d.block, d.isBlock = body, true
	return d
}

// about puts a comment above a directive.
func (d directive) about(lines ...string) directive {
	d.comment = lines
	return d
}

// note is a comment that belongs to no directive.
func note(lines ...string) directive { return directive{comment: lines} }

// plain is the argument as nginx has it after reading: the text between the quotes.
func (v value) plain() string {
	if len(v) == 1 && v[0].kind != variablePart {
		return v[0].text
	}
	var b strings.Builder
	for i, p := range v {
		if p.kind != variablePart {
			b.WriteString(p.text)
			continue
		}
		if v.needsBraces(i) {
			b.WriteString("${" + p.text + "}")
		} else {
			b.WriteString("$" + p.text)
		}
	}
	return b.String()
}

// needsBraces reports whether the variable at i would swallow the text that follows it.
func (v value) needsBraces(i int) bool {
	return i+1 < len(v) && v[i+1].kind == literalPart && v[i+1].text != "" && isWordByte(v[i+1].text[0])
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
