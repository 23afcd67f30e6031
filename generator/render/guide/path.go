package guide

import (
	"path"
	"strings"

	"embedgen/generator/site"
)

// Paths of the documentation's pages below out/.

// RootPath is the page that offers the languages.
const RootPath = "docs/index.html"

// IndexPath is the start page of a language.
func IndexPath(lang string) string { return "docs/" + lang + "/index.html" }

// RulesPath is the page of the rules that channels.yaml is held to.
func RulesPath(lang string) string { return "docs/" + lang + "/rules.html" }

// TenantPath is a tenant's overview.
func TenantPath(lang string, t *site.Tenant) string {
	return "docs/" + lang + "/" + t.ID + "/index.html"
}

// ChannelPath is the guide of a channel.
func ChannelPath(lang string, c *site.Channel) string {
	return "docs/" + lang + "/" + c.Tenant.ID + "/" + c.ID + ".html"
}

// PagePath is a page of the user, named as [Pages.Names] does.
func PagePath(lang, name string) string { return "docs/" + lang + "/pages/" + name + ".html" }

// relative returns the address of a file as seen from a page; both are paths below out/.
func relative(from, to string) string {
	base := path.Dir(from) + "/"
	common := 0
	for i := 0; i < len(base) && i < len(to) && base[i] == to[i]; i++ {
		if base[i] == '/' {
			common = i + 1
		}
	}
	address := strings.Repeat("../", strings.Count(base[common:], "/")) + to[common:]
	if first, _, _ := strings.Cut(address, "/"); strings.Contains(first, ":") {
		return "./" + address // a colon would make a scheme of it
	}
	return address
}
