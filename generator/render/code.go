package render

import (
	"html/template"

	"embedgen/generator/render/guide"
	"embedgen/generator/render/nginxconf"
	"embedgen/generator/render/script"
	"embedgen/generator/site"
)

// formCode prepares one of the forms of a channel's snippet for its guide.
var formCode = map[string]func(text string) guide.Code{
	"gtm":    func(text string) guide.Code { return guide.HTML("Google Tag Manager", text) },
	"react":  func(text string) guide.Code { return guide.JavaScript("React", text) },
	"vue":    func(text string) guide.Code { return guide.HTML("Vue", text) },
	"iframe": func(text string) guide.Code { return guide.HTML("iframe", text) },
}

// forms renders every form but the plain snippet, which a guide shows by itself.
func (e *Engine) forms(c *site.Channel) ([]guide.Code, error) {
	var list []guide.Code
	for _, name := range script.Forms() {
		code := formCode[name]
		if code == nil {
			continue
		}
		text, err := e.script.Form(c, name)
		if err != nil {
			return nil, err
		}
		list = append(list, code(string(text)))
	}
	return list, nil
}

// nginxCode prepares an emitted nginx file for a page of the documentation.
func nginxCode(name string, conf []byte) guide.Code {
	return guide.Code{Name: name, Lang: "nginx", HTML: template.HTML(nginxconf.Highlight(conf)), Size: len(conf)}
}
