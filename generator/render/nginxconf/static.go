package nginxconf

import "embedgen/generator/render/route"

// staticLocation serves www/<tenant>/. Without "always" its caching headers are not sent with 404.
func (p *plan) staticLocation() directive {
	body := []directive{
		lits("alias", p.WebRoot),
		lits("index", "index.html"),
		lits("autoindex", "off"),
		lits("absolute_redirect", "off"),
		typesBlock,
		lits("default_type", "application/octet-stream"),
		lits("charset", "utf-8"),
		charsetTypes,
		lits("etag", "on"),
		lits("expires", "off"),
		cacheControl(route.CachePage),
		noSniff(),
		p.assets(),
	}
	for _, pg := range p.Pages {
		body = append(body, p.pageLocation(pg), p.scriptLocation(pg))
	}
	return block(body, "location", lit("^~"), lit(p.PublicPath)).about(
		"The files of www/"+p.Tenant+"/. nginx answers 405 to anything but GET and HEAD. The add_header",
		"lines replace those of the server block, so that a Permissions-Policy of the site cannot take",
		"the microphone and camera from click-to-dial; repeat HSTS here if no other page sends it.")
}

// The two lists are made once: a site has many pages.
var typesBlock, charsetTypes = types()

func types() (block1, charsets directive) {
	var entries []directive
	charsets = line("charset_types")
	for _, m := range route.MediaTypes {
		words := []value{lit(m.Type)}
		for _, extension := range m.Extensions {
			words = append(words, lit(extension))
		}
		entries = append(entries, entry(words...))
		if m.Text && m.Type != "text/html" { // which nginx adds itself
			charsets.words = append(charsets.words, lit(m.Type))
		}
	}
	return block(entries, "types"), charsets
}

func (p *plan) assets() directive {
	return block([]directive{
		cacheControl(route.CacheAsset),
		noSniff(),
	}, "location", lit("^~"), lit(p.PublicPath+"assets/")).about(
		"A change of these files changes their names.")
}

func (p *plan) pageLocation(pg route.Page) directive {
	return block([]directive{
		cacheControl(route.CachePage),
		noSniff(),
		lits("add_header", "Content-Security-Policy", pg.Policy),
	}, "location", lit("="), lit(p.PublicPath+pg.Channel+"/index.html")).about(
		"Channel " + pg.Channel + ": the page, with the policy that this build made for it.")
}

func (p *plan) scriptLocation(pg route.Page) directive {
	return block([]directive{
		cacheControl(route.CacheScript),
		noSniff(),
	}, "location", lit("="), lit(p.PublicPath+pg.Channel+"/embed.js"))
}

func cacheControl(text string) directive { return lits("add_header", "Cache-Control", text) }

func noSniff() directive { return lits("add_header", "X-Content-Type-Options", "nosniff", "always") }
