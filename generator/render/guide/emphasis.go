package guide

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// cjkDelimiters wraps a stock parser of delimiter runs so that ** and ~~ work next to Chinese,
// Japanese and Korean text.
//
// CommonMark decides by white space and punctuation whether a run may open or close. Scripts
// without spaces defeat that: in **“保存”**按钮 the closing run follows punctuation and precedes
// a letter, so it may not close (commonmark-spec issue 650). Here a neighbour of such a script
// lifts the condition on punctuation; the one on white space stays.
type cjkDelimiters struct{ parser.InlineParser }

func (p cjkDelimiters) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	node := p.InlineParser.Parse(parent, block, pc)
	run, ok := node.(*parser.Delimiter)
	if !ok || run.Char == '_' {
		return node
	}
	after := ' '
	if line, _ := block.PeekLine(); len(line) > 0 {
		after, _ = utf8.DecodeRune(line)
	}
	if isCJK(before) || isCJK(after) {
		run.CanOpen = run.CanOpen || !util.IsSpaceRune(after)
		run.CanClose = run.CanClose || !util.IsSpaceRune(before)
	}
	return node
}

// fullWidth holds the East Asian wide and full-width characters that unicode.Han and its kin
// leave out: punctuation, enclosed letters, full-width forms.
var fullWidth = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x2E80, 0x303E, 1},
		{0x3105, 0x312F, 1},
		{0x3190, 0x33FF, 1},
		{0xFE30, 0xFE6F, 1},
		{0xFF01, 0xFF60, 1},
		{0xFFE0, 0xFFE6, 1},
	},
}

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, fullWidth)
}
