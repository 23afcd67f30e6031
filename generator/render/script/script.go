// Package script makes what a tenant's web site carries for one channel: the embed script, the
// client script that it loads when the chat starts, the integration page, the policy that the page
// is served with, and what a web developer pastes: the snippet, its other forms, and the types.
//
// The sources are templates: embed/ for both scripts, page/ for the rest. An [Engine]
// compiles them once; a channel then costs one JSON value between two constant pieces of script,
// and one run of each HTML template.
//
// What the scripts do is described by cec-contract sections 1 and 2; where each part lives:
//
//	embed/main.js     the EmbedChat global, its commands and its queue
//	embed/boot.js     when the chat starts and what is shown meanwhile: the state machine
//	embed/errors.js   every code of an error event
//	embed/client/     the start itself: identity, libraries and their stand-ins, CEC's globals and calls
//	embed/client/trace.js and what it imports: what CEC's scripts do to the page, and the end of it
package script

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// Engine renders the scripts, pages and snippets of channels. It is safe for concurrent use.
type Engine struct {
	embed      bundle
	client     []byte
	clientName string
	page       page
	forms      map[string]executor
	types      []byte
}

// New compiles the templates of fsys, which has every file of package templates. A fault in one
// is a diagnostic whose file is its path in fsys.
func New(fsys fs.FS) (*Engine, diag.List) {
	embed, problems := newBundle(fsys)
	client, more := compile(fsys, clientEntry)
	problems = append(problems, more...)
	page, more := newPage(fsys)
	problems = append(problems, more...)
	forms, more := newForms(fsys)
	problems = append(problems, more...)
	types, err := fs.ReadFile(fsys, typesFile)
	if err != nil {
		problems = append(problems, missing(typesFile, err)...)
	}
	problems.Sort()
	if problems.HasErrors() {
		return nil, problems
	}
	sum := sha256.Sum256(client)
	name := "client." + hex.EncodeToString(sum[:8]) + ".js"
	return &Engine{embed, client, name, page, forms, types}, problems
}

// Client returns the client script, the same for every channel, and its name, which carries a hash
// of its bytes. It belongs into assets/ of each tenant's web root, where embed.js looks for it.
func (e *Engine) Client() (name string, data []byte) { return e.clientName, e.client }

// Embed returns embed.js of a channel.
func (e *Engine) Embed(ch *site.Channel) []byte {
	return e.embed.fill(e.config(ch))
}
