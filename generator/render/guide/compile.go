package guide

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"

	"embedgen/generator/diag"
)

// A document is a Markdown template, compiled: the text of an HTML template that defines
// "content", "toc" and "title", and where each of its actions stands in the Markdown.
type document struct {
	source   source
	template string
	maps     []mapping
	ids      map[string]bool // of the headings
}

// compile turns a Markdown template into an HTML template.
//
// Its actions pass through Markdown as tokens and come back afterwards, so a value that is filled
// in later is escaped for its place by html/template and never read as Markdown.
func compile(md goldmark.Markdown, src source, labels map[string]string) (*document, diag.List) {
	r := &reporter{source: src}
	text, t := extract(src.data)
	f := &finisher{
		md: md, src: text, tokens: t, labels: labels,
		report: func(offset int, rule, message, hint string) {
			r.add(t.sourceOffset(text, offset), rule, message, hint)
		},
	}
	doc := parseMarkdown(md, text, t)
	f.run(doc)
	f.checkAnchors(doc)
	if f.title == "" {
		r.add(0, "page-title", "the page has no heading of level 1", "begin it with # and a title")
	}
	var body bytes.Buffer
	if err := md.Renderer().Render(&body, text, doc); err != nil {
		r.add(0, "markdown", err.Error(), "")
	}
	if a, err := t.missing(body.String()); err != nil {
		r.add(a.start, "template-action", err.Error(), "Markdown must not swallow an action: keep it out of link definitions and HTML")
	} else if a, err := t.unbalanced(body.String()); err != nil {
		r.add(a.start, "template-action", err.Error(), "begin and end it in the same paragraph, list item or cell, or put both on lines of their own")
	}
	d := &document{source: src, ids: f.ids}
	d.define(t, "title", f.title)
	d.define(t, "toc", t.toc(f.outline))
	d.define(t, "content", body.String())
	return d, r.list
}

// define appends a template whose text holds tokens.
func (d *document) define(t *tokens, name, text string) {
	d.template += fmt.Sprintf("{{define %q}}", name)
	restored, maps := t.restore(text)
	for _, m := range maps {
		m.generated += len(d.template)
		d.maps = append(d.maps, m)
	}
	d.template += restored + "{{end}}\n"
}

// sourceOffset turns an offset in the text with tokens into one in the source.
func (t *tokens) sourceOffset(text []byte, offset int) int {
	offset = min(max(offset, 0), len(text))
	head, shift := string(text[:offset]), 0
	for {
		at, n, length := t.next(head)
		if at < 0 {
			return offset + shift
		}
		shift += len(t.actions[n].text) - length
		head = head[at+length:]
	}
}

// diagnostic points an error of the compiled template to the Markdown.
func (d *document) diagnostic(err error) diag.Diagnostic {
	const rule = "template"
	_, line, column, message, ok := parseTemplateError(err)
	if !ok {
		return d.source.at(0, 0, rule, message, "")
	}
	generated := source{data: []byte(d.template)}.offset(line, max(column, 1))
	best := mapping{}
	for _, m := range d.maps {
		if m.generated <= generated && m.generated >= best.generated {
			best = m
		}
	}
	return d.source.at(best.source+min(generated-best.generated, best.length), 0, rule, message, "")
}

// opens holds the keywords that an {{end}} closes.
var opens = map[string]bool{"if": true, "range": true, "with": true, "block": true}

// toc returns a list of the headings of levels 2 and 3, under the same conditions as in the page.
func (t *tokens) toc(outline []outlineItem) string {
	var parts []string
	type frame struct {
		start int  // of the parts that the action governs
		keep  bool // there is a heading or an assignment among them
	}
	stack := []frame{{keep: true}}
	keep := func() {
		for i := range stack {
			stack[i].keep = true
		}
	}
	for _, item := range outline {
		if item.level == 2 || item.level == 3 {
			keep()
			parts = append(parts, fmt.Sprintf(`<li class="l%d"><a href="#%s">%s</a></li>`+"\n", item.level, item.id, item.html))
		}
		for _, n := range item.actions {
			a := t.actions[n]
			switch keyword := a.keyword(); {
			case !a.flow:
				continue
			case opens[keyword]:
				stack = append(stack, frame{start: len(parts)})
			case keyword == "end" && len(stack) > 1:
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if !top.keep {
					parts = parts[:top.start]
					continue
				}
			case strings.HasPrefix(keyword, "$"):
				keep()
			}
			parts = append(parts, t.token(n))
		}
	}
	return strings.Join(parts, "")
}

// unbalanced returns the first action whose parts stand in different elements of the page, such
// as an {{if}} inside a paragraph that ends outside it.
func (t *tokens) unbalanced(page string) (action, error) {
	type frame struct {
		action action
		depth  int
	}
	var open []frame
	depth := 0
	for page != "" {
		tag := strings.IndexByte(page, '<')
		at, n, length := t.next(page)
		if at < 0 && tag < 0 {
			break
		}
		if at < 0 || tag >= 0 && tag < at {
			end := tag + until(page[tag:], ">")
			depth += tagDepth(page[tag:end])
			page = page[min(end+1, len(page)):]
			for i := range open {
				if depth < open[i].depth {
					return open[i].action, fmt.Errorf("template action %s leaves the element that it begins in", open[i].action.text)
				}
			}
			continue
		}
		a := t.actions[n]
		page = page[at+length:]
		keyword := a.keyword()
		if opens[keyword] {
			open = append(open, frame{a, depth})
		}
		if len(open) == 0 || keyword != "else" && keyword != "end" {
			continue
		}
		top := open[len(open)-1]
		if top.depth != depth {
			return top.action, fmt.Errorf("template action %s and its {{%s}} stand in different elements", top.action.text, keyword)
		}
		if keyword == "end" {
			open = open[:len(open)-1]
		}
	}
	return action{}, nil
}

// tagDepth returns how much deeper a tag leads: 1, 0 or -1.
func tagDepth(tag string) int {
	switch {
	case strings.HasPrefix(tag, "</"):
		return -1
	case strings.HasPrefix(tag, "<img"), strings.HasPrefix(tag, "<br"), strings.HasPrefix(tag, "<hr"), strings.HasPrefix(tag, "<!"):
		return 0
	}
	return 1
}
