package caddyfile

// header says where the file goes, and what Caddy does otherwise than nginx.
func (p *plan) header() []string {
	list := []string{
		"embedgen: routes of tenant " + p.Tenant + ", for the site block of",
		p.Origin.String() + ".",
		"Generated from channels.yaml; do not edit, the next build overwrites it.",
		"",
		"Needs Caddy 2.6 or newer, without plugins. Import it once:",
		"",
		"    " + p.Origin.String() + " {",
		"        import /etc/caddy/embedgen/" + p.Tenant + "/Caddyfile",
		"        ...",
		"    }",
		"",
		"Keep the site's own rewrite, uri and try_files inside handle blocks: outside of one they change",
		"a request before these routes see it. Try it with `caddy validate`, then `caddy reload`.",
	}
	if len(p.Contexts)+len(p.Endpoints) > 0 {
		list = append(list, "", "What the nginx files of this tenant do, and this one does not:", "")
	}
	if len(p.Endpoints) > 0 {
		list = append(list,
			"  - Caddy limits no rates without a plugin: only embedgen serve's own limits give 429.",
			"  - A body that is too large and does not announce its length gets 502, not 413.")
	}
	if len(p.Contexts) > 0 {
		list = append(list,
			"  - A path with dot segments is not resolved. It is left to the site, never sent to CEC.",
			"  - The characters ! ' ( ) * of a path may reach CEC percent-encoded.")
	}
	return list
}
