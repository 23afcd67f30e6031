package render

import (
	"context"
	"io/fs"

	"embedgen/generator/diag"
	"embedgen/generator/render/guide"
	"embedgen/generator/site"
)

// Check finds the problems that Render finds. Files that differ in their data alone fail alike, so
// it renders those of one channel of each kind, and keeps none.
func (e *Engine) Check(ctx context.Context, s *site.Site, pages fs.FS) (diag.List, error) {
	compiled, list := e.guide.Pages(pages, s)
	if list.HasErrors() {
		return list, nil
	}
	book, err := e.guide.Book(s, compiled)
	if err != nil {
		return list, err
	}
	few := sample(s)
	j := &job{Engine: e, site: few, book: book, parts: newParts(few)}
	return list, j.try(ctx, compiled)
}

// try renders every file of the job's site.
func (j *job) try(ctx context.Context, pages *guide.Pages) error {
	if err := each(ctx, j.parts.tenants, j.prepareTenant); err != nil {
		return err
	}
	if err := each(ctx, j.parts.channels, j.prepareChannel); err != nil {
		return err
	}
	if _, err := j.shared(pages); err != nil {
		return err
	}
	return each(ctx, j.site.Plan(pages.Sources()), func(t site.Target) error {
		_, err := j.render(t)
		return err
	})
}

// kind is what decides which parts of the templates a channel uses.
type kind struct {
	mode               site.Mode
	direct, prefixed   bool
	locale, mapService string
	cobrowse           site.Cobrowse
	load               site.Load
	consent, styles    bool
	jquery, axios      bool
	fallback, framed   bool
}

func kindOf(c *site.Channel) kind {
	return kind{
		c.Mode, c.Context.Direct(), c.Context.Path != "/service-cloud", c.Locale, c.MapService,
		c.Cobrowse, c.Load, c.Consent, c.InlineStyles, !c.JQuery.IsZero(), !c.Axios.IsZero(),
		c.Fallback != "", len(c.FrameAncestors) > 0,
	}
}

// sample returns a site with the first channel of each kind, and the tenants that have one.
func sample(s *site.Site) *site.Site {
	few := *s
	few.Tenants = nil
	seen := map[kind]bool{}
	for _, t := range s.Tenants {
		part := *t
		part.Channels = nil
		for _, c := range t.Channels {
			if k := kindOf(c); !seen[k] {
				seen[k] = true
				part.Channels = append(part.Channels, c)
			}
		}
		if len(part.Channels) > 0 {
			few.Tenants = append(few.Tenants, &part)
		}
	}
	return &few
}
