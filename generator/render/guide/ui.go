package guide

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"embedgen/generator/diag"
)

// uiText holds the words of the layout in one language, from docs/ui.<lang>.json.
type uiText struct {
	Language    string // the language's own name
	Choose      string // invitation of the page that offers the languages
	Skip        string // skip link
	Menu        string
	Nav         string // label of the sidebar
	OnThisPage  string
	Top         string
	Languages   string // label of the language switch
	Breadcrumbs string
	Home        string
	Tenants     string
	Channels    string
	Pages       string
	AllTenants  string
	AllChannels string
	AllPages    string
	Copy        string
	Copied      string
	Fallback    string // notice on a page that exists in another language only
	Footer      string
	Alerts      struct{ Note, Tip, Important, Warning, Caution string }
}

// parseUI reads the words strictly: none unknown, none missing.
func parseUI(src source) (*uiText, diag.List) {
	const rule = "docs-text"
	ui := new(uiText)
	d := json.NewDecoder(bytes.NewReader(src.data))
	d.DisallowUnknownFields()
	if err := d.Decode(ui); err != nil {
		offset := int(d.InputOffset())
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			offset = int(syntax.Offset) - 1
		}
		return nil, diag.List{src.at(offset, 0, rule, err.Error(), "keep the keys of the built-in file")}
	}
	var list diag.List
	eachText(reflect.ValueOf(ui).Elem(), func(key, text string) {
		if text == "" {
			list = append(list, src.at(0, 0, rule, fmt.Sprintf("the text %q is missing", key), "keep the keys of the built-in file"))
		}
	})
	return ui, list
}

func eachText(v reflect.Value, f func(key, text string)) {
	for field, value := range v.Fields() {
		if value.Kind() == reflect.Struct {
			eachText(value, f)
		} else {
			f(field.Name, value.String())
		}
	}
}

// alertLabels returns the titles of alerts by their kind.
func (ui *uiText) alertLabels() map[string]string {
	a := ui.Alerts
	return map[string]string{
		"note": a.Note, "tip": a.Tip, "important": a.Important, "warning": a.Warning, "caution": a.Caution,
	}
}
