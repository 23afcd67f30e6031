package caddyfile

// directive is one line of a Caddyfile, with the block that it may open. In a map block it is an
// entry.
type directive struct {
	comment []string // lines above it, without "# "
	words   []value  // its name and arguments; none is a comment that stands alone
	block   []directive
	isBlock bool
}

// value is one word.
type value struct {
	kind valueKind
	text string
}

type valueKind int

const (
	literalValue     valueKind = iota // text that Caddy takes as it is
	placeholderValue                  // the name of a placeholder
	sourceValue                       // a regular expression, expression or replacement of this package
)

// lit is text from anywhere.
func lit(s string) value { return value{literalValue, s} }

// ph is a placeholder; its name is a constant of this package, or has a tenant's id in it.
func ph(name string) value { return value{placeholderValue, name} }

// src is a regular expression, a CEL expression or a replacement: what is of the site in it is
// quoted by [regexp.QuoteMeta] or has none of its special characters.
func src(s string) value { return value{sourceValue, s} }

// line is a directive of literals.
func line(words ...string) directive {
	var d directive
	for _, w := range words {
		d.words = append(d.words, lit(w))
	}
	return d
}

// with appends arguments of any kind.
func (d directive) with(args ...value) directive {
	d.words = append(d.words[:len(d.words):len(d.words)], args...)
	return d
}

// holding gives a directive its block.
func (d directive) holding(body ...directive) directive {
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
