package script

import (
	"embedgen/generator/render/script/csp"
	"embedgen/generator/site"
)

// Policy returns the Content-Security-Policy that a server must send with a channel's integration
// page.
//
// The page has one inline script, allowed by its hash; 'strict-dynamic' extends the trust to what
// that script creates, CEC's answers included. In direct mode the widget's own requests go to CEC's
// origin, and so do those of the cobrowse.js that the extension loads. Channel.InlineStyles allows inline styles, and nothing else.
func (e *Engine) Policy(ch *site.Channel) (string, error) {
	sources := []csp.Source{csp.Self}
	if ch.Context.Direct() || ch.Cobrowse == site.CobrowseExtension {
		cec, err := csp.Origin(ch.Context.CEC)
		if err != nil {
			return "", err
		}
		sources = append(sources, cec)
	}
	with := func(more ...csp.Source) []csp.Source { return append(sources[:len(sources):len(sources)], more...) }
	// A hash would switch 'unsafe-inline' off.
	style := csp.Hash(e.page.style)
	if ch.InlineStyles {
		style = csp.UnsafeInline
	}
	return csp.Policy{
		{Name: "default-src", Sources: sources},
		{Name: "script-src", Sources: []csp.Source{csp.StrictDynamic, csp.Hash(e.page.loader)}},
		{Name: "style-src", Sources: with(style)},
		{Name: "img-src", Sources: with(csp.Data, csp.Blob)},
		{Name: "font-src", Sources: with(csp.Data)},
		{Name: "media-src", Sources: with(csp.Data, csp.Blob)},
		{Name: "object-src", Sources: []csp.Source{csp.None}},
		{Name: "base-uri", Sources: []csp.Source{csp.None}},
		{Name: "form-action", Sources: sources},
		{Name: "frame-ancestors", Sources: []csp.Source{csp.Self}},
	}.Serialize()
}
