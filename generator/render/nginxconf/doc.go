// Package nginxconf writes a tenant's nginx configuration: [Locations] for its server block and
// [HTTP] for the http block. [Channel] is the part of Locations that one channel needs, [Local] a
// whole nginx.conf for a laptop, and [Highlight] shows any of them in HTML.
//
// The way from a site to a file has five steps, one file of this package each:
//
//	plan.go    what the tenant needs: contexts to proxy, endpoints, static files
//	grammar.go every value of the site that reaches the file, checked against its field's pattern
//	tree.go    directives whose arguments are literals, variables and patterns, never text glued together
//	encode.go  the one place where a tree becomes bytes
//	verify.go  the bytes read back as nginx reads them, and compared with the tree
//
// nginx has no escape for "$", accepts a line feed in a header value, and takes a brace in a bare
// word for the end of a block (cec-contract section 7). So a "$" can only come from a variable or
// pattern that this package names, and what cannot be written safely is an error, not output.
package nginxconf
