package guide

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// A nodeRenderer writes the nodes whose HTML differs from goldmark's: no style attributes, no raw
// HTML, labelled scrolling tables, highlighted code, links checked by scheme.
type nodeRenderer struct{}

func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindAction, r.action)
	reg.Register(ast.KindText, r.text)
	reg.Register(ast.KindHeading, r.heading)
	reg.Register(ast.KindFencedCodeBlock, r.code)
	reg.Register(ast.KindCodeBlock, r.code)
	reg.Register(ast.KindHTMLBlock, r.htmlBlock)
	reg.Register(ast.KindRawHTML, r.rawHTML)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindAutoLink, r.autoLink)
	reg.Register(ast.KindImage, r.image)
	reg.Register(east.KindTable, r.table)
	reg.Register(east.KindTableHeader, r.tableHeader)
	reg.Register(east.KindTableRow, r.tableRow)
	reg.Register(east.KindTableCell, r.tableCell)
	reg.Register(east.KindTaskCheckBox, r.taskBox)
}

func (nodeRenderer) action(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		fmt.Fprintln(w, n.(*actionNode).text)
	}
	return ast.WalkContinue, nil
}

// text writes running text. A line break between two wide characters vanishes, since Chinese has no
// spaces between words (goldmark's EastAsianLineBreaksSimple, which loses the break before markup).
func (nodeRenderer) text(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := n.(*ast.Text)
	value := t.Segment.Value(src)
	if t.IsRaw() {
		rendererhtml.DefaultWriter.RawWrite(w, value)
		return ast.WalkContinue, nil
	}
	rendererhtml.DefaultWriter.Write(w, value)
	switch {
	case t.HardLineBreak():
		fmt.Fprint(w, "<br>\n")
	case t.SoftLineBreak() && !betweenCJK(src, t.Segment.Stop):
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// betweenCJK reports whether wide characters stand on both sides of an offset, not counting white
// space and the marks of Markdown.
func betweenCJK(src []byte, offset int) bool {
	const marks = " \t\r\n*_~`[]"
	before, _ := utf8.DecodeLastRune(bytes.TrimRight(src[:offset], marks))
	after, _ := utf8.DecodeRune(bytes.TrimLeft(src[offset:], marks+">"))
	return isCJK(before) && isCJK(after)
}

// heading links a heading to itself, unless it holds a link already.
func (nodeRenderer) heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	level := n.(*ast.Heading).Level
	id, _ := explicitID(n)
	self := level > 1 && !containsLink(n)
	switch {
	case entering && self:
		fmt.Fprintf(w, `<h%d id="%s"><a class="self" href="#%s">`, level, html.EscapeString(id), util.URLEscape([]byte(id), false))
	case entering:
		fmt.Fprintf(w, `<h%d id="%s">`, level, html.EscapeString(id))
	case self:
		fmt.Fprintf(w, "</a></h%d>\n", level)
	default:
		fmt.Fprintf(w, "</h%d>\n", level)
	}
	return ast.WalkContinue, nil
}

func containsLink(n ast.Node) bool {
	found := false
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if k := n.Kind(); k == ast.KindLink || k == ast.KindAutoLink {
			found = true
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

// code writes a code block; the info string is a language and, after it, an optional file name.
func (nodeRenderer) code(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var text bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		text.Write(line.Value(src))
	}
	var lang, name string
	if f, ok := n.(*ast.FencedCodeBlock); ok && f.Info != nil {
		lang, name, _ = strings.Cut(strings.TrimSpace(string(f.Info.Value(src))), " ")
	}
	writeCode(w, highlightStatic(name, lang, text.String()))
	return ast.WalkSkipChildren, nil
}

// htmlBlock shows raw HTML as the text it is; comments vanish.
func (nodeRenderer) htmlBlock(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	b := n.(*ast.HTMLBlock)
	var text bytes.Buffer
	for i := range b.Lines().Len() {
		line := b.Lines().At(i)
		text.Write(line.Value(src))
	}
	if b.HasClosure() {
		text.Write(b.ClosureLine.Value(src))
	}
	if s := strings.TrimSpace(withoutComments(text.String())); s != "" {
		fmt.Fprintf(w, "<p>%s</p>\n", html.EscapeString(s))
	}
	return ast.WalkSkipChildren, nil
}

func (nodeRenderer) rawHTML(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var text bytes.Buffer
	segments := n.(*ast.RawHTML).Segments
	for i := range segments.Len() {
		s := segments.At(i)
		text.Write(s.Value(src))
	}
	fmt.Fprint(w, html.EscapeString(withoutComments(text.String())))
	return ast.WalkSkipChildren, nil
}

// withoutComments cuts HTML comments.
func withoutComments(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<!--")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(rest, "-->")
	}
}

// link writes a link whose address is safe, and only the text of any other.
func (nodeRenderer) link(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	link := n.(*ast.Link)
	address := util.URLEscape(link.Destination, true)
	if !safeAddress(address) {
		return ast.WalkContinue, nil
	}
	if !entering {
		fmt.Fprint(w, "</a>")
		return ast.WalkContinue, nil
	}
	openLink(w, address)
	if len(link.Title) > 0 {
		fmt.Fprintf(w, ` title="%s"`, html.EscapeString(html.UnescapeString(string(link.Title))))
	}
	fmt.Fprint(w, ">")
	return ast.WalkContinue, nil
}

func (nodeRenderer) autoLink(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	label := util.EscapeHTML(link.Label(src))
	address := util.URLEscape(link.URL(src), false)
	if link.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(address), []byte("mailto:")) {
		address = append([]byte("mailto:"), address...)
	}
	if !safeAddress(address) {
		_, _ = w.Write(label)
		return ast.WalkContinue, nil
	}
	openLink(w, address)
	fmt.Fprintf(w, ">%s</a>", label)
	return ast.WalkContinue, nil
}

// openLink writes <a without its closing bracket. The address of a tenant's documentation is
// nobody's business, so a link elsewhere sends no referrer.
func openLink(w util.BufWriter, address []byte) {
	fmt.Fprintf(w, `<a href="%s"`, util.EscapeHTML(address))
	if isRemote(address) {
		fmt.Fprint(w, ` rel="noreferrer"`)
	}
}

// image writes an image of the site itself; one from elsewhere, which the pages' security policy
// would block, becomes a link.
func (nodeRenderer) image(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	image := n.(*ast.Image)
	address := util.URLEscape(image.Destination, true)
	switch {
	case !safeAddress(address):
		return ast.WalkContinue, nil
	case isRemote(address):
		if entering {
			openLink(w, address)
			fmt.Fprint(w, ">")
		} else {
			fmt.Fprint(w, "</a>")
		}
		return ast.WalkContinue, nil
	case !entering:
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, `<img src="%s" alt="%s" loading="lazy">`, util.EscapeHTML(address), html.EscapeString(plainText(n, src)))
	return ast.WalkSkipChildren, nil
}

// plainText returns the text of a node and its children without markup.
func plainText(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.ResolveEntityNames(util.UnescapePunctuations(n.Segment.Value(src))))
			if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(src))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func (nodeRenderer) table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		fmt.Fprint(w, "</tbody>\n</table></div>\n")
		return ast.WalkContinue, nil
	}
	fmt.Fprint(w, `<div class="table" role="group" tabindex="0"`)
	if section, ok := n.AttributeString("section"); ok {
		fmt.Fprintf(w, ` aria-labelledby="%s"`, html.EscapeString(section.(string)))
	}
	fmt.Fprint(w, "><table>\n")
	return ast.WalkContinue, nil
}

func (nodeRenderer) tableHeader(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		fmt.Fprint(w, "<thead><tr>")
	} else {
		fmt.Fprint(w, "</tr></thead>\n<tbody>\n")
	}
	return ast.WalkContinue, nil
}

func (nodeRenderer) tableRow(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		fmt.Fprint(w, "<tr>")
	} else {
		fmt.Fprint(w, "</tr>\n")
	}
	return ast.WalkContinue, nil
}

func (nodeRenderer) tableCell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	cell := n.(*east.TableCell)
	tag, attributes := "td", ""
	if n.Parent().Kind() == east.KindTableHeader {
		tag, attributes = "th", ` scope="col"`
	}
	if cell.Alignment == east.AlignRight || cell.Alignment == east.AlignCenter {
		attributes += ` class="` + cell.Alignment.String() + `"`
	}
	if entering {
		fmt.Fprintf(w, "<%s%s>", tag, attributes)
	} else {
		fmt.Fprintf(w, "</%s>", tag)
	}
	return ast.WalkContinue, nil
}

func (nodeRenderer) taskBox(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		box := "☐ "
		if n.(*east.TaskCheckBox).IsChecked {
			box = "☑ "
		}
		fmt.Fprint(w, box)
	}
	return ast.WalkContinue, nil
}
