package devserver

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"time"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// DefaultAddr is where the server listens when nothing else is said.
const DefaultAddr = "127.0.0.1:8400"

// Options are what a server needs. Root, Build, Templates and Now are required.
type Options struct {
	Root   string   // directory of channels.yaml
	Ignore []string // folders that are never watched: the output
	Poll   bool     // do not trust file events

	Addr       string   // host:port, default DefaultAddr; port 0 takes any
	StrictPort bool     // a taken port is an error, not a reason to take the next
	Hosts      []string // further names that may stand in Host: of a tunnel or a proxy in front

	// Build reads the input and makes the site. The simulated CEC of direct channels answers at
	// an address that depends on the port: see [Origins.Adjust].
	Build func(context.Context, Origins) Result
	// Services makes what answers requests beside the pages. It is called after the first good
	// build, and again after a build whose tenants or channels differ in what such services
	// know (ids, endpoints, modes, keys, context paths): not after a change of texts or
	// templates, so that chats survive it. Nil is a server without services.
	Services func(Result, Tools) (Services, error)
	// Transport reaches the real CEC when Services has no simulated one. Nil is one that, like
	// the emitted nginx, speaks HTTP/1.1 and verifies certificates.
	Transport http.RoundTripper

	Templates fs.FS // has dev/…
	Now       func() time.Time

	Out   io.Writer    // the address, when it is ready; with JSON everything
	Log   io.Writer    // what happens afterwards
	Color bool         // of diagnostics in Log
	JSON  bool         // one object per line
	Ready func(string) // told the address of the dashboard once; may be nil
	// Keys are what the developer presses: h, o, r, c or q; others are ignored. Nil where there is
	// no terminal.
	Keys <-chan byte
	Open func(string) // shows an address in a browser, for the key o; may be nil
}

// Result is one build.
type Result struct {
	Tree        Tree       // nil if there are errors
	Site        *site.Site // nil if there are errors
	Diagnostics diag.List
	// Inputs are the files and folders that were read, or looked for, absolute or relative to
	// Options.Root. A folder stands for everything below it. A failed build lists what it knows.
	Inputs []string
	// Render makes what the web site carries for a channel that is not one of Site, but a copy of
	// one with other settings. Nil is a server without playgrounds.
	Render func(*site.Channel) (Rendition, error)
}

func (r *Result) ok() bool { return r.Tree != nil && r.Site != nil && !r.Diagnostics.HasErrors() }

// Tree is the output of a build; *artifact.Tree is one.
type Tree interface {
	Lookup(path string) (artifact.File, bool)
	Files() []artifact.File
}

// Services answer what is not a file. Each may be nil.
type Services struct {
	Endpoints http.Handler // the endpoints of all tenants, at their own paths
	CEC       http.Handler // the simulated CEC at its own paths, /service-cloud/…; nil forwards to the real one
	Console   http.Handler // its console; requests arrive without the /_embedgen/agent prefix
	Close     func()       // called when others take its place, and at the end
}

// Tools are what the server lends to the services.
type Tools struct {
	Origins Origins
	// Identity says whom the "be user" box of the dashboard names. It names nobody when the
	// developer signed out, or when the server listens beyond loopback.
	Identity func(*http.Request) (id, name string, ok bool)
	// Record shows a request in the inspector.
	Record func(Entry)
}

// check returns what Run cannot do without, and fills in the rest.
func (o *Options) check() error {
	switch {
	case o.Root == "":
		return errors.New("devserver: no root directory")
	case o.Build == nil:
		return errors.New("devserver: nothing to build with")
	case o.Templates == nil:
		return errors.New("devserver: no templates")
	case o.Now == nil:
		return errors.New("devserver: no clock")
	}
	o.Addr = cmp.Or(o.Addr, DefaultAddr)
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Services == nil {
		o.Services = func(Result, Tools) (Services, error) { return Services{}, nil }
	}
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	return nil
}
