package script

import (
	"fmt"
	"io/fs"
	"strings"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

const typesFile = "page/embed.d.ts"

// forms are the templates of what a web developer pastes, the plain one first.
var forms = []struct{ name, file string }{
	{"html", "page/snippet.html"},
	{"gtm", "page/snippet.gtm.html"},
	{"react", "page/snippet.react.jsx"},
	{"vue", "page/snippet.vue.vue"},
	{"iframe", "page/snippet.iframe.html"},
}

// Forms returns the names that [Engine.Form] takes: html, gtm for Google Tag Manager, react, vue
// and iframe.
func Forms() []string {
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	return names
}

func newForms(fsys fs.FS) (map[string]executor, diag.List) {
	compiled := make(map[string]executor, len(forms))
	var problems diag.List
	for _, f := range forms {
		t, more := parse(fsys, f.file)
		compiled[f.name] = t
		problems = append(problems, more...)
	}
	return compiled, problems
}

// Form returns what puts a channel's chat on a page, written for one of [Forms].
func (e *Engine) Form(ch *site.Channel, name string) ([]byte, error) {
	t, ok := e.forms[name]
	if !ok {
		return nil, fmt.Errorf("no form %q, expected one of %s", name, strings.Join(Forms(), ", "))
	}
	return execute(t, newData(ch))
}

// Snippet returns the HTML that a web developer pastes to put a channel's chat on a page.
func (e *Engine) Snippet(ch *site.Channel) ([]byte, error) { return e.Form(ch, "html") }

// Types returns embed.d.ts, the TypeScript declarations of EmbedChat, the same for every channel.
func (e *Engine) Types() []byte { return e.types }
