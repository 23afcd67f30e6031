package guide

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newMarkdown returns a Markdown compiler for templates, or for the user's pages, which also
// turn bare addresses into links.
func newMarkdown(pages bool) goldmark.Markdown {
	extensions := []goldmark.Extender{
		extension.Table,
		extension.TaskList,
	}
	if pages {
		extensions = append(extensions, extension.Linkify)
	}
	return goldmark.New(
		goldmark.WithExtensions(extensions...),
		goldmark.WithParserOptions(
			parser.WithAttribute(), // ## Heading {#id}
			parser.WithInlineParsers(
				util.Prioritized(cjkDelimiters{parser.NewEmphasisParser()}, 499),
				util.Prioritized(cjkDelimiters{extension.NewStrikethroughParser()}, 500),
			),
			parser.WithBlockParsers(util.Prioritized(actionBlockParser{}, 50)),
		),
		goldmark.WithRendererOptions(
			renderer.WithNodeRenderers(
				util.Prioritized(extension.NewStrikethroughHTMLRenderer(html.WithWriter(html.DefaultWriter)), 500),
				util.Prioritized(nodeRenderer{}, 100),
			),
		),
	)
}

// tokensKey finds the tokens of the template being parsed in a parser's context.
var tokensKey = parser.NewContextKey()

// parseMarkdown reads Markdown. t is nil for a user's page.
func parseMarkdown(md goldmark.Markdown, src []byte, t *tokens) ast.Node {
	pc := parser.NewContext()
	pc.Set(tokensKey, t)
	return md.Parser().Parse(text.NewReader(src), parser.WithContext(pc))
}

var kindAction = ast.NewNodeKind("TemplateAction")

// An actionNode is a line of block actions: {{if .Token}}.
type actionNode struct {
	ast.BaseBlock
	numbers []int
	text    string // the tokens
}

func (n *actionNode) Kind() ast.NodeKind { return kindAction }
func (n *actionNode) IsRaw() bool        { return true }
func (n *actionNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Text": n.text}, nil)
}

// actionBlockParser makes a line of block actions a block of its own, outside any paragraph.
type actionBlockParser struct{}

func (actionBlockParser) Trigger() []byte { return []byte{'z'} } // the first letter of every token

func (actionBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	t, _ := pc.Get(tokensKey).(*tokens)
	if t == nil {
		return nil, parser.NoChildren
	}
	line, _ := reader.PeekLine()
	numbers := t.blockLine(line)
	if numbers == nil || inTable(pc.LastOpenedBlock().Node, reader.Source()) {
		return nil, parser.NoChildren
	}
	node := &actionNode{numbers: numbers, text: string(bytes.TrimSpace(line))}
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

func (actionBlockParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}
func (actionBlockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (actionBlockParser) CanInterruptParagraph() bool                 { return true }
func (actionBlockParser) CanAcceptIndentedLine() bool                 { return false }

// inTable reports whether the open paragraph is becoming a table: then a line of actions is a
// row of it, which [finisher.table] turns into an action again.
func inTable(open ast.Node, src []byte) bool {
	if open == nil || open.Kind() != ast.KindParagraph || open.Lines().Len() < 2 {
		return false
	}
	row := open.Lines().At(1)
	line := row.Value(src)
	return bytes.ContainsRune(line, '-') && bytes.ContainsRune(line, '|') &&
		len(bytes.Trim(line, " |:-\r\n\t")) == 0
}
