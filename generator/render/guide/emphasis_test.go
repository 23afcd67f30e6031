package guide

import (
	"bytes"
	"strings"
	"testing"
)

// markdownHTML renders a user's Markdown.
func markdownHTML(t testing.TB, src string) string {
	t.Helper()
	md := newMarkdown(true)
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, []byte(src), parseMarkdown(md, []byte(src), nil)); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// TestDOC9EmphasisBesideEachMark has the 24 characters of commonmark-spec issue 650, of which
// stock goldmark manages one.
func TestDOC9EmphasisBesideEachMark(t *testing.T) {
	for _, mark := range strings.Split("， 。 、 ； ： ？ ！ “ ” ‘ ’ （ ） 【 】 《 》 — ～ … · 〃 - 々", " ") {
		want := "<p><strong>真" + mark + "</strong>她</p>"
		if got := markdownHTML(t, "**真"+mark+"**她"); got != want {
			t.Errorf("**真%s**她: got %s", mark, got)
		}
	}
}

func TestDOC9Emphasis(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"**“保存”**按钮", "<strong>“保存”</strong>按钮"},
		{"点击**“保存”**按钮", "点击<strong>“保存”</strong>按钮"},
		{"这是**我想做的事。**所以", "这是<strong>我想做的事。</strong>所以"},
		{"太郎は**\"Hello\"**といった", `太郎は<strong>&quot;Hello&quot;</strong>といった`},
		{"税込**¥10,000**で", "税込<strong>¥10,000</strong>で"},
		{"문서 **마크다운(Markdown)**을 사용", "문서 <strong>마크다운(Markdown)</strong>을 사용"},
		{"**[链接](a.md)**也一样", `<strong><a href="a.md">链接</a></strong>也一样`},
		{"**`代码`**也一样", "<strong><code>代码</code></strong>也一样"},
		{"**C#**や**F#**は", "<strong>C#</strong>や<strong>F#</strong>は"},
		{"~~“旧”~~按钮", "<del>“旧”</del>按钮"},
		{"***“重”***点", "<em><strong>“重”</strong></em>点"},

		// What CommonMark says about other scripts stays.
		{"a**\"b\"**c", `a**&quot;b&quot;**c`},
		{"a * b * c", "a * b * c"},
		{"中 ** 文 ** 字", "中 ** 文 ** 字"},
		{"snake_case_name 与_中文_", "snake_case_name 与_中文_"},
		{"2*3*4", "2<em>3</em>4"},
	} {
		if got := markdownHTML(t, c.src); got != "<p>"+c.want+"</p>" {
			t.Errorf("%s\n got %s\nwant <p>%s</p>", c.src, got, c.want)
		}
	}
}

func TestDOC9LineBreaks(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"中文\n中文", "中文中文"},
		{"中文，\n中文", "中文，中文"},
		{"中文\n**中文**", "中文<strong>中文</strong>"},
		{"**中文**\n中文", "<strong>中文</strong>中文"},
		{"中文\nEnglish", "中文\nEnglish"},
		{"English\n中文", "English\n中文"},
		{"click\n**New**", "click\n<strong>New</strong>"},
		{"a `b`\nc", "a <code>b</code>\nc"},
		{"中文  \n中文", "中文<br>\n中文"},
	} {
		if got := markdownHTML(t, c.src); got != "<p>"+c.want+"</p>" {
			t.Errorf("%q\n got %q\nwant %q", c.src, got, c.want)
		}
	}
}
