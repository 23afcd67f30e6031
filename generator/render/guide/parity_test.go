package guide

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// outline lists what must be alike in the languages of a page: headings with their ids, code,
// shapes of tables, alerts, and the conditions around all of it.
func outline(t *testing.T, file string, isTemplate bool) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	src, tokens := data, (*tokens)(nil)
	if isTemplate {
		src, tokens = extract(data)
	}
	f := &finisher{md: newMarkdown(false), src: src, tokens: tokens, report: func(int, string, string, string) {}}
	doc := parseMarkdown(f.md, src, tokens)
	original := func(s string) string {
		if tokens != nil {
			s, _ = tokens.restore(s)
		}
		return s
	}
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			id, _ := explicitID(n)
			add("h%d #%s", n.Level, id)
		case *ast.FencedCodeBlock:
			add("code %s: %s", n.Info.Value(src), original(string(n.Lines().Value(src))))
		case *east.Table:
			add("table %d × %d", n.ChildCount(), n.FirstChild().ChildCount())
		case *ast.List:
			add("list ordered=%v", n.IsOrdered())
		case *ast.Blockquote:
			first := n.FirstChild().Lines().At(0)
			add("quote %s", first.Value(src))
		case *actionNode:
			add("action %s", original(n.text))
		}
		return ast.WalkContinue, nil
	})
	return list
}

func TestDOC7Parity(t *testing.T) {
	for _, c := range []struct {
		name       string
		isTemplate bool
		headings   int // at least: the test must look at something
	}{
		{"docs/guide", true, 60},
		{"docs/tenant", true, 8},
		{"docs/operator", true, 12},
		{"docs/index", true, 4},
		{"docs/rules", true, 79},
		{"pages/about", false, 4},
		{"pages/security", false, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			en := outline(t, templatesDir+"/"+c.name+".en.md", c.isTemplate)
			zh := outline(t, templatesDir+"/"+c.name+".zh.md", c.isTemplate)
			for i := range max(len(en), len(zh)) {
				if i >= len(en) || i >= len(zh) || en[i] != zh[i] {
					t.Fatalf("part %d differs\nen: %q\nzh: %q", i, en[i:min(i+1, len(en))], zh[i:min(i+1, len(zh))])
				}
			}
			headings := 0
			for _, part := range en {
				if strings.HasPrefix(part, "h") {
					headings++
				}
			}
			if headings < c.headings {
				t.Errorf("only %d headings", headings)
			}
		})
	}
}

// TestDOC8GeneratedPagesHaveASCIIIDs: every heading of a template has an id of the author's.
func TestDOC8GeneratedPagesHaveASCIIIDs(t *testing.T) {
	id := regexp.MustCompile(`^h[2-4] #[a-z0-9][a-z0-9_-]*$`)
	for _, name := range []string{"guide", "tenant", "operator", "index", "rules"} {
		for _, part := range outline(t, templatesDir+"/docs/"+name+".en.md", true) {
			if strings.HasPrefix(part, "h") && part != "h1 #" && !id.MatchString(part) {
				t.Errorf("%s: %s", name, part)
			}
		}
	}
}

// TestSameValues: a translation shows the same values as its original.
func TestSameValues(t *testing.T) {
	for _, name := range []string{"guide", "tenant", "operator", "index", "rules"} {
		count := func(lang string) map[string]int {
			data, err := os.ReadFile(templatesDir + "/docs/" + name + "." + lang + ".md")
			if err != nil {
				t.Fatal(err)
			}
			_, tokens := extract(data)
			n := make(map[string]int)
			for _, a := range tokens.actions {
				if a.flow {
					continue // where they stand alone, the parity test compares them
				}
				n[a.text]++
			}
			return n
		}
		en, zh := count("en"), count("zh")
		for a, n := range en {
			if zh[a] == 0 {
				t.Errorf("%s: %s appears %d times in English, never in Chinese", name, a, n)
			}
		}
		for a, n := range zh {
			if en[a] == 0 {
				t.Errorf("%s: %s appears %d times in Chinese, never in English", name, a, n)
			}
		}
	}
}

// TestDOC13EveryErrorCodeHasAnAnswer reads the codes from the embed script itself.
func TestDOC13EveryErrorCodeHasAnAnswer(t *testing.T) {
	data, err := os.ReadFile(templatesDir + "/embed/errors.js")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, m := range regexp.MustCompile(`'([a-z_]+)'`).FindAllStringSubmatch(string(data), -1) {
		if !slices.Contains(codes, m[1]) {
			codes = append(codes, m[1])
		}
	}
	if len(codes) < 10 {
		t.Fatalf("only %d codes found in errors.js: %q", len(codes), codes)
	}
	e := defaultEngine(t)
	for _, lang := range e.Languages() {
		ids := e.languages[lang].guideIDs
		for _, code := range codes {
			if !ids["faq-"+code] {
				t.Errorf("guide.%s.md has no entry {#faq-%s}", lang, code)
			}
		}
		for id := range ids {
			if code, ok := strings.CutPrefix(id, "faq-"); ok && strings.Contains(code, "_") && !slices.Contains(codes, code) {
				t.Errorf("guide.%s.md has an entry for %s, which the embed script does not know", lang, code)
			}
		}
	}
}
