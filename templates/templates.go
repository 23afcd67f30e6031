// Package templates holds the default templates.
//
// A project overrides one by putting a file of the same path into its own templates folder:
// same path wins.
package templates

import "embed"

// FS has every default template by its path, such as "page/index.html".
//
//go:embed all:embed all:page all:docs all:dev all:cec all:extension
var FS embed.FS
