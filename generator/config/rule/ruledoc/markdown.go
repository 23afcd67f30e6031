package ruledoc

import (
	"fmt"
	"strings"

	"embedgen/generator/config/rule"
)

// Example is a file that breaks a rule, in part, and what embedgen says about it.
type Example struct {
	YAML    string // "" if there is nothing to show
	Printed string // the diagnostic as a person sees it
}

// phrases are the words of the page that are not about one rule.
type phrases struct {
	title, intro, cure string
	severity           [2]string // by diag.Severity
}

var english = phrases{
	title: "Rules of channels.yaml",
	intro: `Every diagnostic of ` + "`embedgen check`" + ` names its rule in brackets. This page says what each rule is for and what to do, with a
file that breaks it and what embedgen prints. All problems are shown in one run. An error stops a build; a warning does not.

` + "`--format json`, `--format sarif` and `--format github`" + ` print the same for programs; the ids below are stable.
`,
	cure:     "**What to do:** ",
	severity: [2]string{"error", "warning"},
}

var chinese = phrases{
	title: "channels.yaml 的规则",
	intro: "`embedgen check`" + ` 的每条诊断都在方括号中注明规则。本页说明每条规则的用意和处理方法，并给出违反它的文件以及 embedgen 的输出。
所有问题一次显示。错误会阻止构建，警告不会。

` + "`--format json`、`--format sarif` 和 `--format github`" + ` 为程序输出同样的内容；下列规则编号保持不变。
`,
	cure:     "**处理方法**：",
	severity: [2]string{"错误", "警告"},
}

// Markdown returns the page of the rules in a language, en or zh, as a template of the
// documentation.
func Markdown(lang string, examples map[rule.ID]Example) []byte {
	words := english
	if lang == "zh" {
		words = chinese
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s", words.title, words.intro)
	for _, g := range groups {
		title := g.en
		if lang == "zh" {
			title = g.zh
		}
		fmt.Fprintf(&b, "\n## %s {#%s}\n", title, g.id)
		for _, d := range g.docs {
			text := d.En
			if lang == "zh" {
				text = d.Zh
			}
			words.rule(&b, rule.Lookup(d.ID), text, examples[d.ID])
		}
	}
	return []byte(escape(b.String()))
}

func (w phrases) rule(b *strings.Builder, r rule.Rule, t Text, e Example) {
	fmt.Fprintf(b, "\n### %s {#%s}\n\n`%s` · %s\n\n%s\n", t.Title, r.ID, r.ID, w.severity[r.Severity], t.Meaning)
	if e.YAML != "" {
		fmt.Fprintf(b, "\n```yaml\n%s```\n", e.YAML)
	}
	fmt.Fprintf(b, "\n```text\n%s```\n\n%s%s\n", e.Printed, w.cure, t.Cure)
}

// escape writes what would begin an action of a template as text.
func escape(s string) string { return strings.ReplaceAll(s, "{{", "{{`{{`}}") }
