package ruledoc_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config/rule"
	"embedgen/generator/config/rule/ruledoc"
)

var update = flag.Bool("update", false, "write the pages of the rules")

const (
	fixtures = "../../testdata/rules/"
	pages    = "../../../../templates/docs/rules."
)

// TestEveryRuleIsExplained holds that every rule has its place on the page, in the order of the register
// but for their groups, and says something in both languages.
func TestEveryRuleIsExplained(t *testing.T) {
	explained := map[rule.ID]bool{}
	for _, d := range ruledoc.All() {
		if explained[d.ID] {
			t.Errorf("%s is explained twice", d.ID)
		}
		explained[d.ID] = true
		for lang, text := range map[string]ruledoc.Text{"en": d.En, "zh": d.Zh} {
			if text.Title == "" || !sentence(text.Meaning) || !sentence(text.Cure) {
				t.Errorf("%s in %s: %+v", d.ID, lang, text)
			}
		}
		if !hasHan(d.Zh.Title+d.Zh.Meaning) || hasHan(d.En.Title+d.En.Meaning+d.En.Cure) {
			t.Errorf("%s: a language is in the wrong place", d.ID)
		}
		if a, b := code(d.En), code(d.Zh); !slices.Equal(a, b) {
			t.Errorf("%s: the languages name different things\nen %q\nzh %q", d.ID, a, b)
		}
	}
	for _, r := range rule.All() {
		if !explained[r.ID] {
			t.Errorf("rule %s is not explained", r.ID)
		}
	}
	if ruledoc.Lookup(rule.UnknownKey).Title != "Unknown key" || ruledoc.Lookup("no-such-rule") != (ruledoc.Text{}) {
		t.Error("Lookup does not find what is there, or finds what is not")
	}
}

func sentence(s string) bool {
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "。")
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}

var codeSpan = regexp.MustCompile("`[^`]+`")

// code lists what stands between backquotes and is no word of the language.
func code(t ruledoc.Text) []string {
	list := codeSpan.FindAllString(t.Meaning+t.Cure, -1)
	list = slices.DeleteFunc(list, func(s string) bool {
		return hasHan(s) || slices.Contains([]string{"`{env: NAME}`", "`{file: path}`", "`{exec: [command]}`", "`major.minor`", "`major.minor.patch`"}, s)
	})
	slices.Sort(list)
	return slices.Compact(list)
}

// TestPages holds the pages of the documentation against the explanations and the fixtures, which
// the tests of package config run.
func TestPages(t *testing.T) {
	examples := map[rule.ID]ruledoc.Example{}
	for _, d := range ruledoc.All() {
		examples[d.ID] = example(t, d)
	}
	for _, lang := range []string{"en", "zh"} {
		got := ruledoc.Markdown(lang, examples)
		if strings.Contains(strings.ReplaceAll(string(got), "{{`{{`}}", ""), "{{") {
			t.Errorf("%s: the page has an action", lang)
		}
		file := pages + lang + ".md"
		if *update {
			os.WriteFile(file, got, 0o644)
		}
		if want, _ := os.ReadFile(file); !bytes.Equal(got, want) {
			t.Errorf("%s is not what the rules say: run the test with -update", file)
		}
	}
}

// place is where a printed diagnostic begins, or what it relates to.
var place = regexp.MustCompile(`(?m)^ *([^ :]+):(\d+):(\d+): `)

// example takes one diagnostic of a rule from its fixture, and the lines that it is about.
func example(t *testing.T, d ruledoc.Doc) ruledoc.Example {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.FromSlash(fixtures + string(d.ID) + ".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	var printed []string
	for _, block := range strings.Split(string(archive.Files[i].Data), "\n\n") {
		first, _, _ := strings.Cut(block, "\n")
		if strings.HasSuffix(first, " ["+string(d.ID)+"]") {
			printed = append(printed, strings.TrimRight(block, "\n")+"\n")
		}
	}
	nth, whole, bad := ruledoc.Choice(d)
	if nth >= len(printed) {
		t.Fatalf("%s: the fixture has %d diagnostics of the rule", d.ID, len(printed))
	}
	e := ruledoc.Example{YAML: bad, Printed: printed[nth]}
	if bad == "" {
		e.YAML = excerpt(t, archive, e.Printed, whole)
	}
	return e
}

// excerpt shows the lines that a diagnostic names, and the keys that they stand under.
func excerpt(t *testing.T, archive *txtar.Archive, printed string, whole bool) string {
	t.Helper()
	shown := map[int]bool{}
	var file string
	var lines []string
	for _, m := range place.FindAllStringSubmatch(printed, -1) {
		if file == "" {
			file = m[1]
			lines = source(archive, file)
		}
		number, _ := strconv.Atoi(m[2])
		if m[1] == file && number <= len(lines) {
			show(shown, lines, number-1, whole)
		}
	}
	var b strings.Builder
	if file != "" && file != "channels.yaml" {
		b.WriteString("# " + file + "\n")
	}
	last := -1
	for i, line := range lines {
		if !shown[i] {
			continue
		}
		if i > last+1 && last >= 0 {
			b.WriteString(line[:indent(line)] + "# …\n")
		}
		if strings.Contains(line, "{{") {
			t.Errorf("%s: line %d of the fixture cannot be shown", file, i+1)
		}
		b.WriteString(line + "\n")
		last = i
	}
	return b.String()
}

func source(archive *txtar.Archive, name string) []string {
	for _, f := range archive.Files {
		if strings.TrimSuffix(f.Name, ".tmpl") == name {
			return strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n")
		}
	}
	return nil
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// show adds a line, those that it stands under and, if wanted, those that stand under it.
func show(shown map[int]bool, lines []string, number int, whole bool) {
	shown[number] = true
	need := indent(lines[number])
	for i := number - 1; i >= 0 && need > 0; i-- {
		if line := lines[i]; strings.TrimSpace(line) != "" && indent(line) < need {
			shown[i] = true
			need = indent(line)
		}
	}
	for i := number + 1; whole && i < len(lines) && indent(lines[i]) > indent(lines[number]); i++ {
		shown[i] = true
	}
}
