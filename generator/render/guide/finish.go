package guide

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"embedgen/generator/diag"
)

// A finisher completes a parsed document before it is rendered: it gives headings their ids,
// makes alerts of quotes and labels tables, and notes what a table of contents needs.
type finisher struct {
	md     goldmark.Markdown
	src    []byte // what was parsed: offsets of nodes count here
	tokens *tokens
	labels map[string]string // titles of alerts by kind: note, tip, …
	report func(offset int, rule, message, hint string)

	ids     map[string]bool
	section string // id of the heading above
	title   string // text of the first heading of level 1, escaped for HTML, tokens included
	outline []outlineItem
}

// An outlineItem is a heading or a line of actions around headings.
type outlineItem struct {
	level   int // 0 for actions
	id      string
	html    string // the text, escaped
	actions []int  // numbers of tokens
}

// chromeIDs are the ids that the layout uses itself.
var chromeIDs = []string{"content", "site-nav", "page-toc"}

func (f *finisher) run(doc ast.Node) {
	f.ids = make(map[string]bool)
	for _, id := range chromeIDs {
		f.ids[id] = true
	}
	f.reserveIDs(doc)
	if f.tokens != nil {
		f.mergeLists(doc)
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			f.heading(n)
		case *ast.Blockquote:
			f.alert(n)
		case *east.Table:
			f.table(n)
		case *actionNode:
			f.outline = append(f.outline, outlineItem{actions: n.numbers})
		}
		return ast.WalkContinue, nil
	})
}

// reserveIDs notes the ids that the author chose, so that none of ours collides with one.
func (f *finisher) reserveIDs(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		id, ok := explicitID(n)
		if !entering || !ok {
			return ast.WalkContinue, nil
		}
		if f.ids[id] {
			f.report(n.Pos(), "duplicate-id", fmt.Sprintf("the heading id %q is used twice on this page", id),
				"give one of the headings another {#id}")
		}
		f.ids[id] = true
		return ast.WalkSkipChildren, nil
	})
}

func explicitID(n ast.Node) (string, bool) {
	if n.Kind() != ast.KindHeading {
		return "", false
	}
	v, ok := n.AttributeString("id")
	if !ok {
		return "", false
	}
	switch v := v.(type) {
	case []byte:
		return string(v), true
	case string:
		return v, true
	}
	return "", false
}

func (f *finisher) heading(n *ast.Heading) {
	text := f.inlineText(n)
	id, ok := explicitID(n)
	if !ok {
		id = f.newID(html.UnescapeString(text))
	}
	n.SetAttributeString("id", []byte(id))
	if n.Level == 1 {
		if f.title == "" {
			f.title = text
		}
		return
	}
	f.section = id
	f.outline = append(f.outline, outlineItem{level: n.Level, id: id, html: text})
}

var tags = regexp.MustCompile(`<[^>]*>`)

// inlineText returns the text of a node's children, escaped for HTML.
func (f *finisher) inlineText(n ast.Node) string {
	var b bytes.Buffer
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		_ = f.md.Renderer().Render(&b, f.src, c) // a bytes.Buffer takes every write
	}
	return strings.TrimSpace(tags.ReplaceAllString(b.String(), ""))
}

// newID makes an id of a heading's text: letters of every script and digits in lower case, one
// hyphen for each run of anything else. 安装 nginx becomes 安装-nginx.
func (f *finisher) newID(text string) string {
	if f.tokens != nil {
		text = f.withoutTokens(text)
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	base := strings.Join(words, "-")
	if base == "" {
		base = "section"
	}
	id := base
	for i := 2; f.ids[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
	}
	f.ids[id] = true
	return id
}

func (f *finisher) withoutTokens(s string) string {
	var b strings.Builder
	for {
		at, _, length := f.tokens.next(s)
		if at < 0 {
			return b.String() + s
		}
		b.WriteString(s[:at])
		s = s[at+length:]
	}
}

// alertMark matches the first line of GitHub's alerts.
var alertMark = regexp.MustCompile(`^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$`)

// alert marks a quote that begins with a line such as [!NOTE] and replaces that line by a title
// in the language of the page.
func (f *finisher) alert(quote *ast.Blockquote) {
	first := quote.FirstChild()
	if first == nil || first.Kind() != ast.KindParagraph || first.Lines().Len() == 0 {
		return
	}
	line := first.Lines().At(0)
	m := alertMark.FindSubmatch(line.Value(f.src))
	if m == nil {
		return
	}
	kind := strings.ToLower(string(m[1]))
	for c := first.FirstChild(); c != nil; {
		next := c.NextSibling()
		if t, ok := c.(*ast.Text); ok && t.Segment.Start < line.Stop {
			first.RemoveChild(first, c)
		}
		c = next
	}
	if first.ChildCount() == 0 {
		quote.RemoveChild(quote, first)
	}
	quote.SetAttributeString("class", []byte("alert "+kind))
	title := ast.NewParagraph()
	title.SetAttributeString("class", []byte("alert-title"))
	title.AppendChild(title, ast.NewString([]byte(f.labels[kind])))
	quote.InsertBefore(quote, quote.FirstChild(), title)
}

// table labels a table by the heading above it, and makes actions again of rows that hold
// nothing else.
func (f *finisher) table(table *east.Table) {
	if f.section != "" {
		table.SetAttributeString("section", f.section)
	}
	if f.tokens == nil {
		return
	}
	for row := table.FirstChild(); row != nil; {
		next := row.NextSibling()
		text := bytes.TrimSpace(f.cellText(row))
		if numbers := f.tokens.blockLine(text); numbers != nil {
			table.ReplaceChild(table, row, &actionNode{numbers: numbers, text: string(text)})
		}
		row = next
	}
}

// cellText returns the source of a row's only filled cell, the first.
func (f *finisher) cellText(row ast.Node) []byte {
	var text []byte
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		for i := range c.Lines().Len() {
			if c != row.FirstChild() {
				return nil
			}
			line := c.Lines().At(i)
			text = append(text, line.Value(f.src)...)
		}
	}
	return text
}

// checkAnchors reports links to headings that this page does not have.
func (f *finisher) checkAnchors(doc ast.Node) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		if id, ok := strings.CutPrefix(string(link.Destination), "#"); ok && !f.ids[id] {
			f.report(n.Pos(), "broken-link", fmt.Sprintf("there is no heading %q on this page", "#"+id), suggest(id, f.ids))
		}
		return ast.WalkContinue, nil
	})
}

// reporter collects the diagnostics of one source.
type reporter struct {
	source source
	list   diag.List
}

func (r *reporter) add(offset int, rule, message, hint string) {
	r.list = append(r.list, r.source.at(offset, 0, rule, message, hint))
}

func (r *reporter) warn(offset int, rule, message, hint string) {
	d := r.source.at(offset, 0, rule, message, hint)
	d.Severity = diag.Warning
	r.list = append(r.list, d)
}
