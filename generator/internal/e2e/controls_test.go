package e2e

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// control is something on a page that a person can operate, as assistive technology sees it; it is
// found in shadow trees too.
type control struct {
	role, name string
	middle     point
	width      float64
}

// controls lists what has one of the roles and a size.
func (b *tab) controls(roles ...string) []control {
	b.t.Helper()
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	var list []control
	for _, n := range tree.Nodes {
		role := axText(n.Role)
		if n.Ignored || !slices.Contains(roles, role) {
			continue
		}
		box, err := chromedp.Call(b.ctx, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: n.BackendDOMNodeID})
		if err != nil || box.Model.Width == 0 {
			continue // not drawn
		}
		q := box.Model.Border // four corners, clockwise
		middle := point{(q[0] + q[4]) / 2, (q[1] + q[5]) / 2}
		list = append(list, control{role, axText(n.Name), middle, q[4] - q[0]})
	}
	return list
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) != nil {
		return ""
	}
	return s
}

// find waits for a control whose name matches.
func (b *tab) find(name string, roles ...string) control {
	b.t.Helper()
	re := regexp.MustCompile(name)
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, c := range b.controls(roles...) {
			if re.MatchString(c.name) {
				return c
			}
		}
	}
	b.t.Fatalf("no %v named %q among %v\n%s", roles, name, b.controls(roles...), b.report())
	return control{}
}

// enter presses the Enter key.
func (b *tab) enter() {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		b.t.Fatal(err)
	}
}

// shows waits until a text can be read on the page, in frames and closed shadow trees too.
func (b *tab) shows(text string, limit time.Duration) {
	b.t.Helper()
	for deadline := time.Now().Add(limit); !strings.Contains(b.text(), text); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("%q is not shown within %v\n%s", text, limit, b.text())
		}
	}
}

// text is all text of the page but that of scripts and styles.
func (b *tab) text() string {
	b.t.Helper()
	all, pierce := int64(-1), true
	document, err := chromedp.Call(b.ctx, dom.GetDocument, dom.GetDocumentParams{Depth: &all, Pierce: &pierce})
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	collect(&out, document.Root)
	return out.String()
}

func collect(out *strings.Builder, n *cdp.Node) {
	if n == nil || n.NodeName == "SCRIPT" || n.NodeName == "STYLE" {
		return
	}
	if n.NodeName == "#text" {
		out.WriteString(n.NodeValue)
	}
	for _, child := range slices.Concat(n.Children, n.ShadowRoots) {
		collect(out, child)
	}
	collect(out, n.ContentDocument)
}
