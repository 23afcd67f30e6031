// Package nginxconf writes a tenant's nginx configuration: [Locations] for its server block and
// [HTTP] for the http block. [Channel] is the part of Locations that one channel needs, [Identity] an
// example of what the operator adds, [Local] a whole nginx.conf for a laptop, and [Highlight] shows
// any of them in HTML.
//
// What a tenant needs is a [route.Table], of checked values only. The way from there to a file has
// three steps, one file of this package each:
//
//	tree.go    directives whose arguments are literals, variables and patterns, never text glued together
//	encode.go  the one place where a tree becomes bytes
//	verify.go  the bytes read back as nginx reads them, and compared with the tree
//
// nginx has no escape for "$", accepts a line feed in a header value, and takes a brace in a bare
// word for the end of a block (cec-contract section 7). So a "$" can only come from a variable or
// pattern that this package names, and what cannot be written safely is an error, not output.
package nginxconf
