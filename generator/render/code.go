package render

import (
	"html/template"

	"embedgen/generator/render/guide"
	"embedgen/generator/render/nginxconf"
)

// nginxCode prepares an emitted nginx file for a page of the documentation.
func nginxCode(name string, conf []byte) guide.Code {
	return guide.Code{Name: name, Lang: "nginx", HTML: template.HTML(nginxconf.Highlight(conf)), Size: len(conf)}
}
