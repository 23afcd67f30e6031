package script_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"testing/fstest"

	"embedgen/generator/diag"
	"embedgen/generator/render/script"
)

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func TestFaultyTemplates(t *testing.T) {
	tests := map[string]struct {
		file, text string
		pos        diag.Pos
		message    string // a part of it
		source     string
	}{
		"script syntax": {"embed/events.js", "export function on( {\n  return 1 +;\n}\n",
			diag.Pos{File: "embed/events.js", Line: 2, Column: 10}, "expected \"}\" but found \"1\"", "  return 1 +;"},
		"unknown import": {"embed/text.js", "import './missing.js';\nexport const text = () => ({});\nexport const language = () => 'en';\n",
			diag.Pos{File: "embed/text.js", Line: 1, Column: 8}, "embed/missing.js", "import './missing.js';"},
		"import of a package": {"embed/client/main.js", "import 'jquery';\n",
			diag.Pos{File: "embed/client/main.js", Line: 1, Column: 8}, `"jquery" is not among the templates`, "import 'jquery';"},
		"missing export": {"embed/client/http.js", "export const other = 1;\n",
			diag.Pos{File: "embed/client/cec.js", Line: 6, Column: 10}, `no matching export`, "import { post } from './http.js';"},
		"no slot": {"embed/config.js", "export const config = {}, nonce = '', absolute = (x) => x;\n",
			diag.Pos{File: "embed/main.js"}, "EMBEDGEN_CONFIG 0 times", ""},
		"two slots": {"embed/text.js", "export const text = () => EMBEDGEN_CONFIG.x;\nexport const language = () => 'en';\n",
			diag.Pos{File: "embed/main.js"}, "EMBEDGEN_CONFIG 2 times", ""},
		"style of the panel": {"embed/panel.css", "p {\n  color red;\n}\n",
			diag.Pos{File: "embed/panel.css", Line: 2, Column: 8}, "expected \":\"", "  color red;"},
		"style of the page": {"page/page.css", "p { color: red; }}\n",
			diag.Pos{File: "page/page.css", Line: 1, Column: 18}, "unexpected \"}\"", "p { color: red; }}"},
		"loader syntax": {"page/loader.js", "var x = ;\n",
			diag.Pos{File: "page/loader.js", Line: 1, Column: 9}, "unexpected \";\"", "var x = ;"},
		"loader too new": {"page/loader.js", "async function* f() {}\nf();\n",
			diag.Pos{File: "page/loader.js", Line: 1, Column: 1}, "es5", "async function* f() {}"},
		"loader that hides its end": {"page/loader.js", "f('<!--<script>');\n",
			diag.Pos{File: "page/loader.js"}, "would end or hide it", ""},
		"template syntax": {"page/index.html", "<p>\n{{if .Tenant}\n",
			diag.Pos{File: "page/index.html", Line: 2}, "bad character", "{{if .Tenant}"},
		"template field": {"page/snippet.html", "<p>\n<b>{{.Tenant.Nmae}}</b>\n",
			diag.Pos{File: "page/snippet.html", Line: 2, Column: 13}, "Nmae", "<b>{{.Tenant.Nmae}}</b>"},
		"template context": {"page/index.html", "<p>\n<a href=\"{{if .Tenant.Name}}x?{{end}}{{.Locale}}\">\n",
			diag.Pos{File: "page/index.html", Line: 2}, "ambiguous context", `<a href="{{if .Tenant.Name}}x?{{end}}{{.Locale}}">`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, problems := script.New(override(map[string]string{test.file: test.text}))
			if e != nil || len(problems) == 0 {
				t.Fatalf("got %v, want a problem", problems)
			}
			p := problems[0]
			if p.Pos != test.pos || !strings.Contains(p.Message, test.message) || p.Source != test.source || p.Severity != diag.Error || p.Rule == "" {
				t.Errorf("got  %v %q %q\nwant %v …%q… %q", p.Pos, p.Message, p.Source, test.pos, test.message, test.source)
			}
		})
	}
}

func TestMissingTemplates(t *testing.T) {
	_, problems := script.New(fstest.MapFS{})
	seen := make(map[string]bool)
	for _, p := range problems {
		seen[p.Pos.File] = true
	}
	for _, file := range []string{"embed/main.js", "embed/client/main.js", "page/index.html", "page/loader.js", "page/page.css", "page/snippet.html"} {
		if !seen[file] {
			t.Errorf("no problem for %s: %v", file, problems)
		}
	}
}

// Same path wins: an override reaches the output.
func TestOverride(t *testing.T) {
	text := readTemplate(t, "embed/text.js")
	e := newEngine(t, override(map[string]string{
		"embed/text.js":   strings.Replace(text, "Chat with us", "Ask the bank", 1),
		"page/index.html": "<!doctype html>{{.Style}}<h1>{{.Channel.Name}}</h1>{{.Loader}}",
	}))
	ch := full()
	if embed := string(e.Embed(ch)); !strings.Contains(embed, "Ask the bank") || strings.Contains(embed, "Chat with us") {
		t.Error("the override of a module is not in embed.js")
	}
	if page, _, err := e.Page(ch); err != nil || !strings.Contains(string(page), "</style><h1>Private banking</h1><script>") {
		t.Errorf("page is %s (%v)", page, err)
	}
}
