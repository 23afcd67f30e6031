package script

import (
	"slices"

	"embedgen/generator/render/script/csp"
	"embedgen/generator/site"
)

// Policy returns the Content-Security-Policy that a server must send with a channel's integration
// page.
//
// The page has one inline script, allowed by its hash; 'strict-dynamic' extends the trust to what
// that script creates, CEC's answers included. In direct mode the widget's own requests go to CEC's
// origin, and so do those of the cobrowse.js that the extension loads: it acts on every page of the
// tenant, whichever channel it was made for. Channel.InlineStyles allows inline styles, and nothing
// else. Pages of the same origin and of Channel.FrameAncestors may show the page in a frame.
func (e *Engine) Policy(ch *site.Channel) (string, error) {
	sources, err := selfAnd(cecs(ch))
	if err != nil {
		return "", err
	}
	framers, err := selfAnd(ch.FrameAncestors)
	if err != nil {
		return "", err
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
		{Name: "frame-ancestors", Sources: framers},
	}.Serialize()
}

// cecs returns the origins of CEC, distinct, that a channel's page talks to past the proxy.
func cecs(ch *site.Channel) []string {
	var list []string
	if ch.Context.Direct() {
		list = append(list, ch.Context.CEC)
	}
	for _, other := range ch.Tenant.Channels {
		if other.Cobrowse == site.CobrowseExtension && !slices.Contains(list, other.Context.CEC) {
			list = append(list, other.Context.CEC)
		}
	}
	return list
}

func selfAnd(origins []string) ([]csp.Source, error) {
	sources := []csp.Source{csp.Self}
	for _, origin := range origins {
		source, err := csp.Origin(origin)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return sources, nil
}
