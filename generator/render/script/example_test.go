package script_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"embedgen/generator/render/script"
	"embedgen/generator/site"
	"embedgen/templates"
)

// acme returns a tenant of a site at the given origin with one channel of each mode.
func acme(origin string) *site.Tenant {
	t := &site.Tenant{
		ID: "acme", Name: "Acme Bank", TenantSpaceID: "202007159031", Origin: origin, PublicPath: "/acme/",
		Endpoints: site.Endpoints{Authorization: "/webchat/authorizationService", Token: "/webchat/token"},
	}
	t.Channels = []*site.Channel{
		{
			Tenant: t, ID: "web_support", Name: "Main site", ChannelConfigID: "202102193196869708",
			Mode: site.Authorization, Context: site.Context{Path: "/service-cloud", CEC: "https://cec.example"},
			Locale: "zh", MapService: "google", Cobrowse: site.CobrowseScripts, Load: site.Eager,
		},
		{
			Tenant: t, ID: "web_private", Name: "Private banking", ChannelConfigID: "202102193196869709",
			Mode: site.TokenMode, Context: site.Context{Path: "/service-cloud", CEC: "https://cec.example"},
			Locale: "en", MapService: "tencent", Cobrowse: site.CobrowseOff, Load: site.Eager,
		},
	}
	return t
}

// override returns the templates with some files replaced, as a user's folder does.
func override(files map[string]string) fs.FS {
	over := make(fstest.MapFS)
	for name, text := range files {
		over[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return templates.Overlay(over)
}

func newEngine(t *testing.T, fsys fs.FS) *script.Engine {
	t.Helper()
	e, problems := script.New(fsys)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return e
}

func readTemplate(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(templates.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
