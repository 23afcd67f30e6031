package caddyfile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/internal/lab"
)

// refusedText cannot be said to Caddy as a literal.
var refusedText = []string{
	"{", "}", "{host}", "a{b", "{$HOME}", "$1", "a`b", `\`, `a\`, "line\nfeed", "carriage\rreturn", "nul\x00", "tab\t", "del\x7f",
	"\u2028", "\u2029", "\u202e", "\xff", "\ufeff", "\u00a0",
}

// quotedText reads back as itself.
var quotedText = []string{
	"", " ", "a b", ";", "#", "# a", "a#b", `"`, `'`, `"; x`, "客服", "(a)", "[a]", "<<EOF", "import", "@a", "!", "?", "*", "//", "a,b", "-x", "+x", ">x", "~x", "%41",
}

func TestEncodeRefuses(t *testing.T) {
	for _, text := range refusedText {
		if out, err := render([]directive{line("root", text)}); err == nil {
			t.Errorf("%q becomes %q", text, out)
		}
	}
	for _, tree := range [][]directive{
		{line("x").with(ph("a b"))}, {line("x").with(ph(""))}, {line("x").with(ph("a}"))}, {line("x").with(ph("A"))},
		{line("x").with(src("a`"))}, {line("x").with(src("{$A}"))}, {line("x").with(src("{"))}, {line("x").with(src("}"))}, {line("x").with(src("a\nb"))},
		{note("line\nfeed")}, {note("\u2028")}, {note("{$A}")},
	} {
		if out, err := render(tree); err == nil {
			t.Errorf("%+v becomes %q", tree, out)
		}
	}
}

func TestEncodeReadsBack(t *testing.T) {
	for _, text := range quotedText {
		out, err := render([]directive{line("x").holding(line("y", text, "end")), line("z")})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		list, err := tokens(string(out))
		if want := []string{"x", "{", "y", text, "end", "}", "z"}; err != nil || !slices.Equal(words(list), want) {
			t.Errorf("%q reads back as %q, %v", text, words(list), err)
		}
	}
}

func words(list []token) []string {
	var out []string
	for _, tok := range list {
		out = append(out, tok.text)
	}
	return out
}

// Caddy itself is asked: each text is in its configuration as it was written.
func TestEncodeAgreesWithCaddy(t *testing.T) {
	lab.CaddyPath(t)
	var tree []directive
	for i, text := range quotedText {
		if text != "" { // no value deletes a header
			tree = append(tree, line("header", fmt.Sprintf("X-%d", i), text))
		}
	}
	out, err := render(tree)
	if err != nil {
		t.Fatal(err)
	}
	adapted := string(lab.AdaptCaddy(t, lab.CaddyConf{Site: string(out)}))
	for i, text := range quotedText {
		value, _ := json.Marshal(text)
		if want := fmt.Sprintf(`"X-%d":[%s]`, i, value); text != "" && !strings.Contains(adapted, want) {
			t.Errorf("no %s", want)
		}
	}
}

// A file that the encoder got wrong does not leave the package.
func TestReadsBackAs(t *testing.T) {
	good := []directive{line("c", "x").holding(line("a", "b"), line("d"))}
	for conf, want := range map[string]bool{
		"c x {\n\ta b\n\td\n}\n": true, "c `x` {\na \"b\"\nd # y\n}": true, "# x\nc x {\n\na b\n\n d\n}": true,
		"c x {\na b d\n}": false, "c x\n{\na b\nd\n}": false, "c x `{`\na b\nd\n}": false, "c x { a b\nd\n}": false, "c x {\na b\nd }": false,
		"c x {\na b\nd\n}\n}": false, "c x {\na\nb\nd\n}": false, "c x {\na b\nd\n": false, "c x {\na `b\nd\n}": false, "": false,
	} {
		if got := readsBackAs([]byte(conf), good) == nil; got != want {
			t.Errorf("%q: %t, want %t", conf, got, want)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for _, text := range slices.Concat(refusedText, quotedText) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := render([]directive{line("x").holding(line("y", text, "end")), line("z")})
		if err != nil {
			return
		}
		list, err := tokens(string(out))
		if err != nil || !slices.Equal(words(list), []string{"x", "{", "y", text, "end", "}", "z"}) {
			t.Errorf("%q reads back as %q, %v", text, words(list), err)
		}
		if strings.ContainsAny(text, "{}$`\n\\") {
			t.Errorf("%q passed", text)
		}
	})
}
