// Package guide makes the documentation: a guide for every channel with its real values, an
// overview for every tenant, an index, and the user's own Markdown pages, in every language that
// there are templates for.
//
// An [Engine] holds the compiled templates, a [Book] joins them with a site:
//
//	docs/layout.html, components.html   what surrounds a page, and parts that pages share
//	docs/guide.<lang>.md                a channel's guide          → docs/<lang>/<tenant>/<channel>.html
//	docs/tenant.<lang>.md               a tenant's overview        → docs/<lang>/<tenant>/index.html
//	docs/index.<lang>.md                the start page             → docs/<lang>/index.html
//	docs/root.html                      the choice of a language   → docs/index.html
//	docs/ui.<lang>.json                 the words of the layout
//	docs/docs.css, docs.js              assets                     → docs/assets/<name>.<hash>.<ext>
//
// # Markdown first, values last
//
// A Markdown template is compiled once, not once per channel. Its actions pass through Markdown as
// tokens, runs of letters that nothing on the way touches, and come back in the HTML, which is
// then parsed by html/template. So a value costs no Markdown run, cannot be read as Markdown, and
// is escaped for the place where it ends up. The steps, one file each:
//
//	action.go      {{…}} ⇄ tokens
//	markdown.go    goldmark, with a block of its own for a line of actions
//	emphasis.go    ** beside Chinese, Japanese and Korean text
//	finish.go      ids, alerts, labels; lists.go joins lists that conditions tore apart
//	rendernode.go  HTML without raw HTML, style attributes or unsafe addresses
//	compile.go     the template of the page and of its table of contents; mistakes back to their line
//
// In a Markdown template an action alone on its line (if, else, end, range, with, template, a
// comment, an assignment) is a block of its own; it may also be a row of a table or stand between
// the items of a list. Any other action is text. A heading has an id of its own, {#like-this}: the
// same in every language.
//
// # The user's pages
//
// They are Markdown, not templates: braces in them are text. Raw HTML is shown as text, an address
// with another scheme than http, https, mailto or tel is not a link, and a link that leads nowhere
// is an error at its place.
package guide
