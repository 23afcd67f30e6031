package devserver

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"embedgen/generator/artifact"
	"embedgen/generator/site"
)

// shared are the parts of the output that are the same on every host.
var shared = []string{"docs/", "snippets/", "nginx/", "extension/"}

// find returns the output file for a request path. A path that names a folder, with or without a
// slash at its end, finds the folder's index.html; the second result tells them apart.
func (g *good) find(v view, urlPath string) (file artifact.File, missingSlash, ok bool) {
	if !strings.HasPrefix(urlPath, "/") || strings.ContainsAny(urlPath, "\\\x00") {
		return artifact.File{}, false, false
	}
	for _, treePath := range g.candidates(v, urlPath) {
		if file, ok := g.lookup(treePath); ok {
			return file, false, true
		}
		if treePath == "" || strings.HasSuffix(treePath, "/") {
			if file, ok := g.lookup(treePath + "index.html"); ok {
				return file, false, true
			}
			continue
		}
		if file, ok := g.lookup(treePath + "/index.html"); ok {
			return file, true, true
		}
	}
	return artifact.File{}, false, false
}

// candidates lists where in the output a request path may lie: first among the pages of the
// tenants, in the order of their ids, then in the shared parts.
func (g *good) candidates(v view, urlPath string) []string {
	var list []string
	for _, t := range g.tenantsOf(v) {
		if rest, ok := strings.CutPrefix(urlPath, t.PublicPath); ok {
			list = append(list, "www/"+t.ID+"/"+rest)
		}
		if urlPath+"/" == t.PublicPath {
			list = append(list, "www/"+t.ID)
		}
	}
	treePath := urlPath[1:]
	if treePath == artifact.ManifestPath {
		return append(list, treePath)
	}
	for _, s := range shared {
		if strings.HasPrefix(treePath+"/", s) {
			list = append(list, treePath)
		}
	}
	return list
}

// lookup takes only what is literally a path of the tree.
func (g *good) lookup(treePath string) (artifact.File, bool) {
	if !fs.ValidPath(treePath) || treePath == "." {
		return artifact.File{}, false
	}
	return g.Tree.Lookup(treePath)
}

// urlsOf says under which paths of a host an output file is seen: the tenant whose host it is
// ("" for all hosts) and the paths.
func urlsOf(treePath string, tenants map[string]*site.Tenant) (tenant string, urls []string) {
	if rest, ok := strings.CutPrefix(treePath, "www/"); ok {
		id, file, _ := strings.Cut(rest, "/")
		if t := tenants[id]; t != nil {
			return id, []string{t.PublicPath + file}
		}
		return "", nil
	}
	if rest, ok := strings.CutPrefix(treePath, "snippets/"); ok {
		return "", []string{"/" + treePath, demoPath + strings.TrimSuffix(rest, ".html")}
	}
	return "", []string{"/" + treePath}
}

// file answers with an output file. It reports false if there is none.
func (c *call) file() bool {
	if encodesSeparator(c.r.URL.EscapedPath()) {
		return false
	}
	g := c.st.good
	file, missingSlash, ok := g.find(c.view, c.r.URL.Path)
	if !ok {
		return false
	}
	switch origin := g.ownOrigin(c.view, file.Path, c.origins); {
	case !isRead(c.r.Method):
		c.refuseMethod(http.MethodGet, http.MethodHead)
	case missingSlash:
		c.redirect("./" + path.Base(c.r.URL.Path) + "/")
	case origin != "":
		c.redirect(origin + c.r.URL.EscapedPath())
	default:
		c.output(file)
	}
	return true
}

func (c *call) output(file artifact.File) {
	top, _, _ := strings.Cut(file.Path, "/")
	switch kind := contentType(file.Path); {
	case top == "snippets" || top == "nginx": // to be read and copied, not run
		c.body(http.StatusOK, "text/plain; charset=utf-8", file.Data)
	case top == "docs" && isHTML(kind):
		c.html(http.StatusOK, file.Data, docsPolicy)
	case top == "www" && isHTML(kind):
		c.html(http.StatusOK, file.Data, file.Policy)
	default:
		c.body(http.StatusOK, kind, file.Data)
	}
}

// ownOrigin returns the tenant's own origin for a page that cannot work on the plain host, since
// its CEC is an origin of the tenant's site; "" for every other file.
func (g *good) ownOrigin(v view, treePath string, o Origins) string {
	part := strings.Split(treePath, "/")
	if v.tenant != "" || len(part) != 4 || part[0] != "www" || part[3] != "index.html" {
		return ""
	}
	if c := g.channel(part[1], part[2]); c != nil && c.Context.Direct() {
		return o.Tenant(part[1])
	}
	return ""
}

// encodesSeparator reports whether an escaped path hides a slash, a backslash or a NUL: the same
// file must not be reachable under two addresses.
func encodesSeparator(escaped string) bool {
	escaped = lowerASCII(escaped)
	return strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c") || strings.Contains(escaped, "%00")
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
