package config_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"embedgen/generator/config"
	"embedgen/generator/diag"
)

// sealed is a file system with one file that cannot be opened, as behind a link out of the root.
type sealed struct {
	fstest.MapFS
	name string
}

func (s sealed) Open(name string) (fs.File, error) {
	if name == s.name {
		return nil, &fs.PathError{Op: "open", Path: "/machine/path/" + name, Err: fs.ErrPermission}
	}
	return s.MapFS.Open(name)
}

// TestUnreadableInclude holds that a file that cannot be read is an error that says who wants it,
// and does not show where the machine keeps it.
func TestUnreadableInclude(t *testing.T) {
	fsys := sealed{fstest.MapFS{
		"channels.yaml":  {Data: []byte("version: 1\ninclude: [tenants/*.yaml]\n")},
		"tenants/a.yaml": {Data: []byte("tenants: []\n")},
		"tenants/b.yaml": {Data: []byte("tenants: []\n")},
	}, "tenants/b.yaml"}
	f, list := config.Load(fsys, "channels.yaml")
	var out strings.Builder
	diag.Text(&out, list, false)
	want := "tenants/b.yaml: error: tenants/b.yaml cannot be read: permission denied [unreadable-file]\n  channels.yaml:2:11: included here\n"
	if out.String() != want || !f.Broken() {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if got := strings.Join(f.Sources, " "); got != "channels.yaml tenants/a.yaml tenants/b.yaml" {
		t.Errorf("sources are %s", got)
	}
}

// TestIncludesKeepTheirOrder holds that tenants come in the order of the patterns, then of the
// names, however many files are read at once.
func TestIncludesKeepTheirOrder(t *testing.T) {
	fsys := bigTree(30, 2, 1)
	fsys["channels.yaml"].Data = []byte("version: 1\ninclude: [tenants/f02*.yaml, 'tenants/f0[01]?.yaml']\ndefaults: {cec: https://cec.example}\n")
	f, list := config.Load(fsys, "channels.yaml")
	if list.HasErrors() || len(f.Tenants) != 60 {
		t.Fatalf("%d tenants, %v", len(f.Tenants), list)
	}
	for i, want := range map[int]string{0: "t20-0", 1: "t20-1", 19: "t29-1", 20: "t0-0", 59: "t19-1"} {
		if got := f.Tenants[i].ID.V; got != want {
			t.Errorf("tenant %d is %s, want %s", i, got, want)
		}
	}
}

// bigTree makes a root directory with channels in files of an equal number of tenants.
func bigTree(files, tenants, channels int) fstest.MapFS {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte("version: 1\ninclude: [tenants/*.yaml]\ndefaults: {cec: https://cec.example, mode: token}\n")}}
	for f := range files {
		var b bytes.Buffer
		b.WriteString("tenants:\n")
		for t := range tenants {
			fmt.Fprintf(&b, "  - id: t%d-%d\n    name: Tenant %d of file %d\n    tenantSpaceId: \"2020%08d\"\n    origin: https://t%d.f%d.example\n    channels:\n", f, t, t, f, f*tenants+t, t, f)
			for c := range channels {
				fmt.Fprintf(&b, "      - id: channel_%d\n        name: Channel %d # one of many\n        channelConfigId: \"2021%014d\"\n        mode: authorization\n        secretKey: {env: SECRET_%d}\n        locale: zh\n        mapService: google\n", c, c, (f*tenants+t)*channels+c, c)
			}
		}
		fsys[fmt.Sprintf("tenants/f%03d.yaml", f)] = &fstest.MapFile{Data: b.Bytes()}
	}
	return fsys
}
