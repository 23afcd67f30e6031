// Package caddyfile writes a tenant's routes for the Caddy web server: [Render] makes a file that
// the tenant's site block imports.
//
// It says in Caddy's words what package nginxconf says in nginx's: both write down a [route.Table].
// The way to the file is the same, too:
//
//	cec.go, endpoint.go, static.go, header.go  what the file says
//	tree.go    directives whose arguments are literals, placeholders and sources, never text glued together
//	encode.go  the one place where a tree becomes bytes
//	lex.go     the bytes read back as Caddy reads them, and compared with the tree
//
// Caddy has no escape for a placeholder's "{", replaces "{$NAME}" by the environment before it reads
// anything else, and ends a directive where the line ends. So a brace can only come from a
// placeholder, regular expression or expression of this package, and what cannot be written safely
// is an error, not output.
package caddyfile
