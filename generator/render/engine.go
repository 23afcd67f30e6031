// Package render makes the bytes of every file of a site from the templates.
//
// Its subpackages each know one kind of file: script the embed script, the integration page and
// the snippet; extension the co-browsing extension; nginxconf the nginx files; guide the
// documentation. This package joins them, so that a guide shows the very bytes that the others emit.
package render

import (
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"embedgen/generator/artifact"
	"embedgen/generator/diag"
	"embedgen/generator/render/caddyfile"
	"embedgen/generator/render/extension"
	"embedgen/generator/render/guide"
	"embedgen/generator/render/nginxconf"
	"embedgen/generator/render/script"
	"embedgen/generator/site"
)

// An Engine holds compiled templates. It may be used by many goroutines.
type Engine struct {
	script    *script.Engine
	extension *extension.Engine
	guide     *guide.Engine
}

// Render makes the output tree of a site. pages is the folder of the user's Markdown pages, nil
// for none; faults in them are diagnostics. The error is the context's, or a value of the site
// that a kind of file cannot express.
func (e *Engine) Render(ctx context.Context, s *site.Site, pages fs.FS) (*artifact.Tree, diag.List, error) {
	compiled, list := e.guide.Pages(pages, s)
	if list.HasErrors() {
		return nil, list, nil
	}
	book, err := e.guide.Book(s, compiled)
	if err != nil {
		return nil, list, err
	}
	j := &job{Engine: e, site: s, book: book, parts: newParts(s)}
	if err := each(ctx, j.parts.tenants, j.prepareTenant); err != nil {
		return nil, list, err
	}
	if err := each(ctx, j.parts.channels, j.prepareChannel); err != nil {
		return nil, list, err
	}
	targets := s.Plan(compiled.Sources())
	files := make([]artifact.File, len(targets))
	err = each(ctx, indexes(len(targets)), func(i int) error {
		var err error
		files[i], err = j.render(targets[i])
		return err
	})
	if err != nil {
		return nil, list, err
	}
	shared, err := j.shared(compiled)
	if err != nil {
		return nil, list, err
	}
	files = append(files, shared...)
	tree, err := artifact.NewTree(files)
	return tree, list, err
}

// shared are the files that belong to no single target: assets of the documentation, of the
// user's pages, and of each tenant the client script, the types and the co-browsing extension.
func (j *job) shared(pages *guide.Pages) ([]artifact.File, error) {
	files := append(j.guide.Assets(), pages.Files()...)
	name, client := j.script.Client()
	for _, t := range j.site.Tenants {
		files = append(files,
			artifact.NewFile("www/"+t.ID+"/assets/"+name, client),
			artifact.NewFile("snippets/"+t.ID+"/embed.d.ts", j.script.Types()))
		more, err := j.extension.Files(t)
		if err != nil {
			return nil, fmt.Errorf("extension/%s: %w", t.ID, err)
		}
		files = append(files, more...)
	}
	return files, nil
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// each calls do for every item, on all processors, until one fails or the context ends.
func each[T any](ctx context.Context, items []T, do func(T) error) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := do(items[i]); err != nil {
					return err
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("cannot render: %w", err)
	}
	return nil
}

// job is the rendering of one site.
type job struct {
	*Engine
	site  *site.Site
	book  *guide.Book
	parts *parts
}

// render makes the file of one target.
func (j *job) render(t site.Target) (artifact.File, error) {
	data, policy, err := j.bytes(t)
	if err != nil {
		return artifact.File{}, fmt.Errorf("%s: %w", t.Path, err)
	}
	f := artifact.NewFile(t.Path, data)
	f.Policy = policy
	return f, nil
}

func (j *job) bytes(t site.Target) (data []byte, policy string, err error) {
	switch t.Kind {
	case site.IntegrationPage:
		return j.script.Page(t.Channel)
	case site.EmbedScript:
		data = j.script.Embed(t.Channel)
	case site.Snippet:
		data = j.parts.channel[t.Channel].snippet
	case site.LibraryAsset:
		data = t.Library.Data
	case site.Locations:
		data = j.parts.tenant[t.Tenant.ID].locations
	case site.HTTPConf:
		data = j.parts.tenant[t.Tenant.ID].http
	case site.Caddyfile:
		data = j.parts.tenant[t.Tenant.ID].caddy
	default:
		data, err = j.page(t)
	}
	return data, "", err
}

// page makes a page of the documentation.
func (j *job) page(t site.Target) ([]byte, error) {
	switch t.Kind {
	case site.Guide:
		return j.book.Guide(t.Language, t.Channel, j.parts.channel[t.Channel].blocks)
	case site.DocsTenant:
		return j.book.Tenant(t.Language, t.Tenant, j.parts.tenant[t.Tenant.ID].blocks)
	case site.DocsOperator:
		return j.book.Operator(t.Language, t.Tenant, j.parts.tenant[t.Tenant.ID].blocks)
	case site.DocsIndex:
		return j.book.Index(t.Language)
	case site.DocsRules:
		return j.book.Rules(t.Language)
	case site.DocsRoot:
		return j.book.Root()
	case site.UserPage:
		return j.book.Page(t.Language, t.Page)
	}
	return nil, fmt.Errorf("no renderer for %q", t.Kind)
}

// parts are the emitted files that are both written and shown in the documentation.
type parts struct {
	tenants  []*site.Tenant
	channels []*site.Channel
	tenant   map[string]*tenantParts // by id
	channel  map[*site.Channel]*channelParts
}

type tenantParts struct {
	locations, http, caddy []byte

	blocks guide.TenantBlocks
}

type channelParts struct {
	snippet []byte
	blocks  guide.Blocks
}

func newParts(s *site.Site) *parts {
	p := &parts{tenant: map[string]*tenantParts{}, channel: map[*site.Channel]*channelParts{}}
	for _, t := range s.Tenants {
		p.tenants = append(p.tenants, t)
		p.tenant[t.ID] = new(tenantParts)
		for _, c := range t.Channels {
			p.channels = append(p.channels, c)
			p.channel[c] = new(channelParts)
		}
	}
	return p
}

func (j *job) prepareTenant(t *site.Tenant) error {
	var failed error
	policy := func(c *site.Channel) string {
		p, err := j.script.Policy(c)
		if err != nil {
			failed = fmt.Errorf("%s/%s: %w", t.ID, c.ID, err)
		}
		return p
	}
	locations, err := nginxconf.Locations(t, j.site, policy)
	if err != nil {
		return fmt.Errorf("nginx/%s/locations.conf: %w", t.ID, err)
	}
	http, err := nginxconf.HTTP(t, j.site)
	if err != nil {
		return fmt.Errorf("nginx/%s/http.conf: %w", t.ID, err)
	}
	identity, err := nginxconf.Identity(t, j.site)
	if err != nil {
		return fmt.Errorf("nginx/%s: %w", t.ID, err)
	}
	caddy, err := caddyfile.Render(t, j.site, policy)
	if err != nil {
		return fmt.Errorf("caddy/%s/Caddyfile: %w", t.ID, err)
	}
	p := j.parts.tenant[t.ID]
	p.locations, p.http, p.caddy = locations, http, caddy
	p.blocks = guide.TenantBlocks{
		Locations: nginxCode("locations.conf", locations),
		HTTP:      nginxCode("http.conf", http),
		Identity:  nginxCode("", identity),
		Caddy:     guide.Code{Name: "Caddyfile", Size: len(caddy)},
	}
	return failed
}

func (j *job) prepareChannel(c *site.Channel) error {
	snippet, err := j.script.Snippet(c)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", c.Tenant.ID, c.ID, err)
	}
	forms, err := j.forms(c)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", c.Tenant.ID, c.ID, err)
	}
	policy, err := j.script.Policy(c)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", c.Tenant.ID, c.ID, err)
	}
	conf, err := nginxconf.Channel(c, j.site, policy)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", c.Tenant.ID, c.ID, err)
	}
	p := j.parts.channel[c]
	p.snippet = snippet
	p.blocks = guide.Blocks{
		Snippet:   guide.HTML(c.ID+".html", string(snippet)),
		Forms:     forms,
		Locations: nginxCode("locations.conf", conf),
		Policy:    policy,
	}
	if c.Mode == site.TokenMode {
		p.blocks.Identity = j.parts.tenant[c.Tenant.ID].blocks.Identity
	}
	return nil
}
