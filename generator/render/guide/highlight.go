package guide

import (
	"fmt"
	"html"
	"html/template"
	"io"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// Code is source text ready for a page.
type Code struct {
	Name string        // file name shown above; may be empty
	Lang string        // for the class of the element; may be empty
	HTML template.HTML // escaped, with spans that carry a class
	Size int           // bytes of the source
}

// codeHTML is how every code block looks; the component "code" of templates/docs does the same.
const codeHTML = `<div class="code">%s<pre tabindex="0"><code%s>%s</code></pre></div>` + "\n"

func writeCode(w io.Writer, c Code) {
	name, class := "", ""
	if c.Name != "" {
		name = `<div class="code-name">` + html.EscapeString(c.Name) + `</div>`
	}
	if c.Lang != "" {
		class = ` class="language-` + html.EscapeString(c.Lang) + `"`
	}
	fmt.Fprintf(w, codeHTML, name, class, c.HTML)
}

// highlightStatic highlights a code block of a Markdown file with chroma: once per template.
func highlightStatic(name, lang, text string) Code {
	text = strings.TrimSuffix(text, "\n")
	c := Code{Name: name, Lang: lang, Size: len(text), HTML: template.HTML(escapeText(text))}
	lexer := lexers.Get(lang)
	if lexer == nil || lang == "" {
		return c
	}
	it, err := chroma.Coalesce(lexer).Tokenise(nil, text)
	if err != nil {
		return c
	}
	var b spans
	for _, token := range it.Tokens() {
		b.add(chromaClass(token.Type), token.Value)
	}
	if plain := strings.TrimSuffix(b.text.String(), "\n"); plain == text {
		c.HTML = b.html("\n")
	}
	return c
}

// chromaClass reduces chroma's token types to the classes that the style sheet knows.
func chromaClass(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "c"
	case t.InSubCategory(chroma.LiteralString):
		return "s"
	case t.InSubCategory(chroma.LiteralNumber):
		return "m"
	case t == chroma.NameTag, t.InCategory(chroma.Keyword), t == chroma.NameBuiltin:
		return "k"
	case t == chroma.NameAttribute, t == chroma.NameProperty:
		return "a"
	case t.InSubCategory(chroma.NameVariable):
		return "v"
	case t.InSubCategory(chroma.NameFunction):
		return "f"
	}
	return ""
}

// textEscaper writes text between tags; quotes need no escape there.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "\uFFFD")

func escapeText(s string) string { return textEscaper.Replace(s) }

// spans builds highlighted HTML. Neighbours of one class share an element.
type spans struct {
	out, run, text strings.Builder
	class          string
}

func (b *spans) add(class, text string) {
	b.text.WriteString(text)
	if class != b.class && strings.TrimSpace(text) == "" {
		class = b.class // white space looks alike in every class
	}
	if class != b.class {
		b.flush()
		b.class = class
	}
	b.run.WriteString(text)
}

func (b *spans) flush() {
	text := escapeText(b.run.String())
	b.run.Reset()
	if b.class == "" || text == "" {
		b.out.WriteString(text)
		return
	}
	body := strings.TrimRight(text, " \n")
	b.out.WriteString(`<span class="`)
	b.out.WriteString(b.class)
	b.out.WriteString(`">`)
	b.out.WriteString(body)
	b.out.WriteString(`</span>`)
	b.out.WriteString(text[len(body):])
}

// html ends the last span and returns everything without the given suffix.
func (b *spans) html(suffix string) template.HTML {
	b.flush()
	return template.HTML(strings.TrimSuffix(b.out.String(), suffix))
}
