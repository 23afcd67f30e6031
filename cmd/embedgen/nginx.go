package main

import (
	"context"
	"flag"
	"slices"
	"strings"

	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// nginxFlags are the flags of embedgen nginx. All but the project's need local.
type nginxFlags struct {
	project
	tenant           string // id; "" is the only one, with local the first one
	local            bool
	listen, out, cec string
	userID, userName string
}

var nginxCommand = command{
	name: "nginx", args: "[TENANT] [flags]", summary: "print a tenant's location blocks, or make a laptop stand for its site",
	setup: func(a *app, fs *flag.FlagSet) func(context.Context, []string) error {
		f := new(nginxFlags)
		f.bind(fs)
		f.bindTemplates(fs)
		fs.BoolVar(&f.local, "local", false, "write a complete nginx.conf for this machine, with pages and certificate")
		fs.StringVar(&f.listen, "listen", "127.0.0.1:8443", "with --local: listen on this loopback `host:port`")
		fs.StringVar(&f.out, "out", "", "with --local: write into this `folder` (default nginx-local/TENANT)")
		fs.StringVar(&f.out, "o", "", "")
		fs.StringVar(&f.cec, "cec", "", "with --local: pass the chat on to this `URL` instead of the configured CEC; simulate is that of embedgen dev")
		fs.StringVar(&f.userID, "user-id", "laptop-1", "with --local: `id` of the customer who is signed in, in token mode")
		fs.StringVar(&f.userName, "user-name", "Laptop visitor", "with --local: `name` of that customer")
		return func(ctx context.Context, args []string) error {
			if len(args) > 1 {
				return usagef("nginx takes one tenant, got %d arguments", len(args))
			}
			if len(args) == 1 {
				f.tenant = args[0]
			}
			if !f.local {
				return a.locations(ctx, f, given(fs))
			}
			return a.laptop(ctx, f)
		}
	},
}

// given lists the flags that the command line has.
func given(fs *flag.FlagSet) []string {
	var names []string
	fs.Visit(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}

// locations prints the tenant's locations.conf as build writes it.
func (a *app) locations(ctx context.Context, f *nginxFlags, flags []string) error {
	for _, name := range []string{"listen", "out", "o", "cec", "user-id", "user-name"} {
		if slices.Contains(flags, name) {
			return usagef("nginx: --%s is for --local", name).withHint("add --local, or run `embedgen build` for the files of production")
		}
	}
	r, err := a.generate(ctx, &f.project)
	if err != nil {
		return err
	}
	t, err := f.find(r.Site)
	if err != nil {
		return err
	}
	file, _ := r.Tree.Lookup("nginx/" + t.ID + "/locations.conf")
	_, err = a.stdout.Write(file.Data)
	return err
}

// find returns the tenant that is meant.
func (f *nginxFlags) find(s *site.Site) (*site.Tenant, error) {
	var ids []string
	for _, t := range s.Tenants {
		if t.ID == f.tenant {
			return t, nil
		}
		ids = append(ids, t.ID)
	}
	all := "the tenants are " + strings.Join(ids, ", ")
	switch {
	case f.tenant == "" && (len(ids) == 1 || f.local):
		return s.Tenants[0], nil
	case f.tenant == "":
		return nil, usagef("nginx: say which tenant").withHint("%s", all)
	}
	err := inputf("no tenant %q in channels.yaml", f.tenant)
	if near := diag.Nearest(f.tenant, ids); near != "" {
		return nil, err.withHint("did you mean %q?", near)
	}
	return nil, err.withHint("%s", all)
}
