package diag_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"embedgen/generator/diag"
)

func at(line, column int) diag.Pos {
	return diag.Pos{File: "channels.yaml", Line: line, Column: column}
}

func text(d diag.Diagnostic, color bool) string {
	var b bytes.Buffer
	diag.Text(&b, diag.List{d}, color)
	return b.String()
}

func TestText(t *testing.T) {
	for name, test := range map[string]struct {
		d    diag.Diagnostic
		want string
	}{
		"full": {
			diag.Diagnostic{Pos: at(12, 3), Length: 4, Rule: "unknown-key", Message: `unknown key "mdoe"`, Hint: "did you mean mode?", Source: "  mdoe: token",
				Related: []diag.Related{{Pos: at(3, 1), Message: "first here"}}},
			"channels.yaml:12:3: error: unknown key \"mdoe\" [unknown-key]\n" +
				"  12 |   mdoe: token\n" +
				"     |   ^~~~\n" +
				"  hint: did you mean mode?\n" +
				"  channels.yaml:3:1: first here\n",
		},
		"file as a whole": {
			diag.Diagnostic{Pos: diag.Pos{File: "a.yaml"}, Severity: diag.Warning, Rule: "r", Message: "m"},
			"a.yaml: warning: m [r]\n",
		},
		"tabs": {
			diag.Diagnostic{Pos: at(1, 5), Length: 1, Rule: "r", Message: "m", Source: "\ta\tbc"},
			"channels.yaml:1:5: error: m [r]\n  1 | \ta\tbc\n    | \t \t ^\n",
		},
		"wide characters": {
			diag.Diagnostic{Pos: at(1, 6), Length: 2, Rule: "r", Message: "m", Source: "a: 银行访客x"},
			"channels.yaml:1:6: error: m [r]\n  1 | a: 银行访客x\n    |        ^~~~\n",
		},
		"past the end": {
			diag.Diagnostic{Pos: at(1, 9), Length: 5, Rule: "r", Message: "m", Source: "a:"},
			"channels.yaml:1:9: error: m [r]\n  1 | a:\n    |   ^\n",
		},
		"terminal controls": {
			diag.Diagnostic{Pos: diag.Pos{File: "a\x1b[2J.yaml", Line: 1, Column: 1}, Rule: "r", Message: "m\u202e\r", Source: "\x1b[31mx\u202e"},
			"a\ufffd[2J.yaml:1:1: error: m\ufffd\ufffd [r]\n  1 | \ufffd[31mx\ufffd\n    | ^\n",
		},
	} {
		if got := text(test.d, false); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

// TestTextOfLongLine holds that a long line is cut around its problem, on character boundaries.
func TestTextOfLongLine(t *testing.T) {
	source := strings.Repeat("银", 100_000) + "X" + strings.Repeat("行", 100_000)
	got := text(diag.Diagnostic{Pos: at(1, 100_001), Length: 1, Rule: "r", Message: "m", Source: source}, false)
	lines := strings.Split(got, "\n")
	if len(got) > 1000 || strings.ContainsRune(got, '\ufffd') {
		t.Fatalf("the line is printed as %q", got)
	}
	before, _, _ := strings.Cut(strings.TrimPrefix(lines[1], "  1 | …"), "X")
	if want := "    |  " + strings.Repeat("  ", strings.Count(before, "银")) + "^"; lines[2] != want {
		t.Errorf("the caret line is %q, want %q", lines[2], want)
	}
}

func TestTextInColour(t *testing.T) {
	d := diag.Diagnostic{Pos: at(1, 1), Length: 1, Rule: "r", Message: "m", Hint: "h", Source: "x"}
	got := text(d, true)
	if !strings.Contains(got, "\x1b[1;31merror:\x1b[0m") || strings.Count(got, "\x1b[0m") < 5 {
		t.Errorf("printed as %q", got)
	}
	plain := strings.NewReplacer("\x1b[1m", "", "\x1b[1;31m", "", "\x1b[1;33m", "", "\x1b[1;36m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(got)
	if plain != text(d, false) {
		t.Errorf("colour changes the text: %q", plain)
	}
}

func TestCount(t *testing.T) {
	e, w := diag.Diagnostic{}, diag.Diagnostic{Severity: diag.Warning}
	for want, list := range map[string]diag.List{
		"no problems": nil, "1 error": {e}, "2 errors, 1 warning": {e, w, e}, "2 warnings": {w, w},
	} {
		if got := diag.Count(list); got != want {
			t.Errorf("Count is %q, want %q", got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	list := diag.List{{Pos: at(2, 3), Length: 4, Severity: diag.Warning, Rule: "r", Message: "<m>", Hint: "h", Source: "s", Related: []diag.Related{{Pos: at(1, 1), Message: "first"}}}}
	var b bytes.Buffer
	if err := diag.JSON(&b, list); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	related := got[0]["related"].([]any)[0].(map[string]any)
	if got[0]["file"] != "channels.yaml" || got[0]["line"] != 2.0 || got[0]["column"] != 3.0 || got[0]["length"] != 4.0 || got[0]["severity"] != "warning" ||
		got[0]["rule"] != "r" || got[0]["message"] != "<m>" || got[0]["hint"] != "h" || got[0]["source"] != "s" || related["message"] != "first" || related["line"] != 1.0 {
		t.Errorf("JSON is %s", b.String())
	}
	b.Reset()
	if diag.JSON(&b, nil); b.String() != "[]\n" {
		t.Errorf("an empty list is %q", b.String())
	}
}

func TestGitHub(t *testing.T) {
	list := diag.List{
		{Pos: diag.Pos{File: "a,b:c.yaml", Line: 2, Column: 3}, Rule: "r", Message: "50% \n::error::", Hint: "h"},
		{Pos: diag.Pos{File: "a.yaml"}, Severity: diag.Warning, Rule: "r", Message: "m"},
	}
	var b bytes.Buffer
	diag.GitHub(&b, list)
	want := "::error file=a%2Cb%3Ac.yaml,line=2,col=3,title=r::50%25 %0A::error::%0Ahint: h\n::warning file=a.yaml,title=r::m\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestSortAndErrors(t *testing.T) {
	list := diag.List{{Pos: at(2, 1), Rule: "b", Severity: diag.Warning}, {Pos: at(1, 9), Rule: "a", Severity: diag.Warning}, {Pos: at(2, 1), Rule: "a", Severity: diag.Warning}}
	if list.HasErrors() || !append(list, diag.Diagnostic{}).HasErrors() {
		t.Error("HasErrors is wrong")
	}
	list.Sort()
	if list[0].Pos.Line != 1 || list[1].Rule != "a" || list[2].Rule != "b" {
		t.Errorf("sorted as %v", list)
	}
	d := diag.Diagnostic{Pos: at(1, 2), Message: "m", Rule: "r"}
	if d.Error() != "channels.yaml:1:2: m [r]" {
		t.Errorf("as an error it is %q", d.Error())
	}
}
