package caddyfile

import (
	"strings"

	"embedgen/generator/render/route"
)

// files serves www/<tenant>/.
func (p *plan) files() []directive {
	name := p.matcher("files")
	body := []directive{
		line("header", "X-Content-Type-Options", "nosniff"),
		line("header", "-Permissions-Policy").about(
			"The site's could take the microphone and camera from click-to-dial."),
		line(name+"_write", "not", "method", "GET", "HEAD"),
		line("header", name+"_write", "Allow", "GET, HEAD"),
		line("respond", name+"_write", "405"),
	}
	path := strings.TrimSuffix(p.PublicPath, "/")
	if path != "" {
		body = append(body, line("uri", "strip_prefix", path))
	}
	body = append(body,
		line("root", "*", strings.TrimSuffix(p.WebRoot, "/")),
		line(name+"_missing", "not", "file").with(ph("path"), src("{path}/index.html")).about(
			"Neither a folder nor what is missing has a caching header."),
		line("respond", name+"_missing", "404"),
		line(name+"_folder").holding(
			line("path", "*/"),
			line("not", "file").with(src("{path}/index.html"))),
		line("respond", name+"_folder", "404"),
		mediaTypes(),
		caching(),
		line("header", "Content-Type").with(ph("embedgen_type")),
		line("header", "Cache-Control").with(ph("embedgen_cache")))
	for _, pg := range p.Pages {
		body = append(body, policy(name+"_"+pg.Channel, pg)...)
	}
	return []directive{
		p.below(name, path).about("The files of www/" + p.Tenant + "/."),
		handle(name, append(body, line("file_server"))...),
	}
}

func policy(name string, pg route.Page) []directive {
	return []directive{
		line(name, "path_regexp").with(src("^/" + pg.Channel + `/(?:index\.html)?$`)).about(
			"Channel " + pg.Channel + ": the page, with the policy that this build made for it."),
		line("header", name, "Content-Security-Policy", pg.Policy),
	}
}

// mediaTypes names the media type of a path; a folder is its index.html.
func mediaTypes() directive {
	var entries []directive
	for _, m := range route.MediaTypes {
		of := `\.(?:` + strings.Join(m.Extensions, "|") + `)$`
		kind := m.Type
		if m.Text {
			kind += "; charset=utf-8"
		}
		if m.Type == "text/html" {
			of = `(?:/|` + of + `)$`
		}
		entries = append(entries, directive{words: []value{src("~" + of), lit(kind)}})
	}
	entries = append(entries, line("default", "application/octet-stream"))
	return line("map").with(ph("path"), ph("embedgen_type")).holding(entries...)
}

// caching says how long browsers keep a path.
func caching() directive {
	return line("map").with(ph("path"), ph("embedgen_cache")).holding(
		line().with(src("~^/assets/"), lit(route.CacheAsset)).about("A change of these files changes their names."),
		line().with(src(`~^/[A-Za-z0-9_]+/embed\.js$`), lit(route.CacheScript)),
		line("default", route.CachePage))
}
