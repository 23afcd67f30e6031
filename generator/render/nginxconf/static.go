package nginxconf

// mediaTypes are those of the files that a web root may hold; the server's mime.types may be
// missing or old.
var mediaTypes = [][]string{
	{"text/html", "html"},
	{"text/css", "css"},
	{"text/javascript", "js", "mjs"},
	{"application/json", "json", "map"},
	{"text/plain", "txt"},
	{"image/svg+xml", "svg"},
	{"image/png", "png"},
	{"image/jpeg", "jpg", "jpeg"},
	{"image/gif", "gif"},
	{"image/webp", "webp"},
	{"image/x-icon", "ico"},
	{"font/woff", "woff"},
	{"font/woff2", "woff2"},
}

// staticLocation serves www/<tenant>/. Without "always" its caching headers are not sent with 404.
func (p *plan) staticLocation() directive {
	body := []directive{
		lits("alias", p.webRoot),
		lits("index", "index.html"),
		lits("autoindex", "off"),
		lits("absolute_redirect", "off"),
		typesBlock,
		lits("default_type", "application/octet-stream"),
		lits("charset", "utf-8"),
		lits("charset_types", "text/css", "text/javascript", "application/json", "text/plain", "image/svg+xml"),
		lits("etag", "on"),
		lits("expires", "off"),
		cacheControl("no-cache"),
		noSniff(),
		p.assets(),
	}
	for _, pg := range p.pages {
		body = append(body, p.pageLocation(pg), p.scriptLocation(pg))
	}
	return block(body, "location", lit("^~"), lit(p.publicPath)).about(
		"The files of www/"+p.tenant+"/. nginx answers 405 to anything but GET and HEAD. The add_header",
		"lines replace those of the server block, so that a Permissions-Policy of the site cannot take",
		"the microphone and camera from click-to-dial; repeat HSTS here if no other page sends it.")
}

// typesBlock is made once: a site has many pages.
var typesBlock = types()

func types() directive {
	var entries []directive
	for _, media := range mediaTypes {
		var words []value
		for _, word := range media {
			words = append(words, lit(word))
		}
		entries = append(entries, entry(words...))
	}
	return block(entries, "types")
}

func (p *plan) assets() directive {
	return block([]directive{
		cacheControl("public, max-age=31536000, immutable"),
		noSniff(),
	}, "location", lit("^~"), lit(p.publicPath+"assets/")).about(
		"A change of these files changes their names.")
}

func (p *plan) pageLocation(pg page) directive {
	return block([]directive{
		cacheControl("no-cache"),
		noSniff(),
		lits("add_header", "Content-Security-Policy", pg.policy),
	}, "location", lit("="), lit(p.publicPath+pg.channel+"/index.html")).about(
		"Channel " + pg.channel + ": the page, with the policy that this build made for it.")
}

func (p *plan) scriptLocation(pg page) directive {
	return block([]directive{
		cacheControl("public, max-age=300"),
		noSniff(),
	}, "location", lit("="), lit(p.publicPath+pg.channel+"/embed.js"))
}

func cacheControl(text string) directive { return lits("add_header", "Cache-Control", text) }

func noSniff() directive { return lits("add_header", "X-Content-Type-Options", "nosniff", "always") }
