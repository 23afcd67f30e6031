package extension_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"embedgen/generator/render/extension"
	"embedgen/generator/site"
	"embedgen/templates"
)

const cobrowse = "/service-cloud/resource.root/cobrowse/sdk/cobrowse.js"

func newEngine(t *testing.T, fsys fs.FS) *extension.Engine {
	t.Helper()
	e, list := extension.New(fsys)
	if len(list) > 0 {
		t.Fatal(list)
	}
	return e
}

// tenant has one channel for each CEC, all with the extension.
func tenant(name string, cecs ...string) *site.Tenant {
	t := &site.Tenant{ID: "acme", Name: name, Origin: "https://www.acme.example"}
	for _, cec := range cecs {
		t.Channels = append(t.Channels, &site.Channel{Tenant: t, Cobrowse: site.CobrowseExtension, Context: site.Context{Path: "/service-cloud", CEC: cec}})
	}
	return t
}

// files returns the extension of a tenant by path below its folder.
func files(t *testing.T, e *extension.Engine, of *site.Tenant) map[string][]byte {
	t.Helper()
	list, err := e.Files(of)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for _, f := range list {
		name, ok := strings.CutPrefix(f.Path, "extension/"+of.ID+"/")
		if !ok {
			t.Errorf("%s is not in the tenant's folder", f.Path)
		}
		got[name] = f.Data
	}
	return got
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}

// The manifest holds these keys and no other: no permission, no background script, no page.
func TestManifestAsksForNothingElse(t *testing.T) {
	got := decode[map[string]any](t, files(t, newEngine(t, templates.FS), tenant("Acme Bank", "https://cec.example"))["manifest.json"])
	want := []string{"content_scripts", "default_locale", "description", "icons", "manifest_version", "minimum_chrome_version", "name", "version"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	scripts, _ := json.Marshal(got["content_scripts"])
	if want := `[{"include_globs":["*cobrowse_share_url*"],"js":["content.js"],"matches":["https://www.acme.example/*"],"run_at":"document_start","world":"MAIN"}]`; string(scripts) != want {
		t.Errorf("content scripts are\n%s\nwant\n%s", scripts, want)
	}
}

func TestNoExtensionWhereNoneActs(t *testing.T) {
	e := newEngine(t, templates.FS)
	insecure := tenant("Acme", "https://cec.example")
	insecure.Origin = "http://www.acme.example"
	without := tenant("Acme", "https://cec.example")
	without.Channels[0].Cobrowse = site.CobrowseScripts
	for name, of := range map[string]*site.Tenant{"http": insecure, "scripts": without, "no channel": tenant("Acme")} {
		if got := files(t, e, of); len(got) > 0 {
			t.Errorf("%s: %d files", name, len(got))
		}
	}
}

func TestSourcesAreTheTenantsCECs(t *testing.T) {
	of := tenant("Acme", "https://one.example", "https://two.example", "https://one.example")
	of.Channels[1].Context = site.Context{URL: "https://two.example/x/service-cloud", CEC: "https://two.example"}
	of.Channels = append(of.Channels, &site.Channel{Tenant: of, Cobrowse: site.CobrowseOff, Context: site.Context{CEC: "https://three.example"}})
	script := string(files(t, newEngine(t, templates.FS), of)["content.js"])
	want := `const SOURCES = ["https://one.example` + cobrowse + `","https://two.example/x` + cobrowse + `"];`
	if !strings.Contains(script, want) || strings.Contains(script, "three") {
		t.Errorf("got\n%s\nwant %s", script, want)
	}
}

type messages map[string]struct {
	Message      string
	Placeholders map[string]struct{ Content string }
}

// Chrome allows names of 75 and descriptions of 132 UTF-16 units.
func TestSEC24HostileNames(t *testing.T) {
	e := newEngine(t, templates.FS)
	want := files(t, e, tenant("Acme Bank", "https://cec.example"))
	for _, name := range []string{
		"", `"},"x":{"`, "$TENANT$", "$1", "a $ b", "__MSG_name__", "</script>", "{{.}}", "我的账户", "a\nb\x00c", "\u2028", "\xff",
		strings.Repeat("a b", 30), strings.Repeat("\U0001F600", 60), strings.Repeat("汉", 200),
	} {
		got := files(t, e, tenant(name, "https://cec.example"))
		for path, data := range got {
			if strings.HasPrefix(path, "_locales/") {
				checkMessages(t, path, name, decode[messages](t, data))
			} else if !bytes.Equal(data, want[path]) {
				t.Errorf("%s changes with the name %q", path, name)
			}
		}
	}
}

func checkMessages(t *testing.T, path, name string, m messages) {
	t.Helper()
	if len(m) != 2 {
		t.Errorf("%s of %q has %d messages, want 2", path, name, len(m))
	}
	for key, limit := range map[string]int{"name": 75, "description": 132} {
		text := strings.ReplaceAll(m[key].Message, "$TENANT$", m[key].Placeholders["tenant"].Content)
		if n := len(utf16.Encode([]rune(text))); n > limit || n < 5 {
			t.Errorf("%s: %s of %q has %d units, want at most %d: %s", path, key, name, n, limit, text)
		}
		if strings.ContainsAny(text, "\x00\n") {
			t.Errorf("%s: %s of %q has control characters: %q", path, key, name, text)
		}
	}
}

func TestIconsHaveTheirSizes(t *testing.T) {
	got := files(t, newEngine(t, templates.FS), tenant("Acme", "https://cec.example"))
	m := decode[struct{ Icons map[string]string }](t, got["manifest.json"])
	if len(m.Icons) == 0 {
		t.Error("no icons")
	}
	for size, path := range m.Icons {
		config, err := png.DecodeConfig(bytes.NewReader(got[path]))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if n, _ := strconv.Atoi(size); config.Width != n || config.Height != n {
			t.Errorf("%s is %d × %d", path, config.Width, config.Height)
		}
	}
}

func TestTemplateFaultsAreDiagnostics(t *testing.T) {
	for name, text := range map[string]string{
		"extension/manifest.json": "{\n{{.Nonsense}}}", "extension/content.js": "\n{{if}}", "extension/_locales/en/messages.json": `{"a": }`,
	} {
		over := fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}
		e, list := extension.New(templates.Overlay(over))
		if e != nil || len(list) != 1 || list[0].Pos.File != name {
			t.Errorf("%s: got %v", name, list)
		}
		if strings.Contains(text, "\n") && list[0].Pos.Line != 2 {
			t.Errorf("%s: line %d, want 2", name, list[0].Pos.Line)
		}
	}
}
