package schema_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/config/schema"
	"embedgen/generator/site"
)

// TestSameKeys holds that the rules and the schema know the same keys in the same places: a key
// that nobody knows is put into every mapping, and the rules list those that they do know.
func TestSameKeys(t *testing.T) {
	found := 0
	for path, m := range mappings(&schema.File) {
		found++
		if got, want := known(t, "channels.yaml", path), names(m); !slices.Equal(got, want) {
			t.Errorf("%s: the rules know %v, the schema %v", path, got, want)
		}
	}
	for path, m := range mappings(&schema.Included) {
		got, want := known(t, "tenants/a.yaml", path), names(m)
		if path == "environments/x" {
			got = slices.DeleteFunc(got, func(key string) bool { return key == "defaults" }) // which they know to refuse
		}
		if !slices.Equal(got, want) {
			t.Errorf("included %s: the rules know %v, the schema %v", path, got, want)
		}
	}
	if found < 30 {
		t.Errorf("only %d mappings were found", found)
	}
}

// mappings lists every mapping of a table by its path, such as "tenants/[]/channels".
func mappings(m *schema.Mapping) map[string]*schema.Mapping {
	all := map[string]*schema.Mapping{}
	var walk func(m *schema.Mapping, path []string)
	walk = func(m *schema.Mapping, path []string) {
		all[strings.Join(path, "/")] = m
		for _, k := range m.Keys {
			below := append(slices.Clone(path), k.Name)
			for v := &k.Value; v != nil; v = inside(v) {
				if v.Mapping != nil {
					walk(v.Mapping, below)
				}
				step := "x" // a key that the user chooses
				if v.Items != nil {
					step = "[]"
				}
				below = append(below, step)
			}
		}
	}
	walk(m, nil)
	return all
}

func inside(v *schema.Value) *schema.Value { return cmp.Or(v.Items, v.Named) }

func names(m *schema.Mapping) (list []string) {
	for _, k := range m.Keys {
		list = append(list, k.Name)
	}
	slices.Sort(list)
	return list
}

var (
	listed = regexp.MustCompile(`^known keys: (.*)$`)
	braced = regexp.MustCompile(`\{(\w+): `) // of a secret reference
)

// known asks the rules for the keys of a mapping.
func known(t *testing.T, file, path string) []string {
	t.Helper()
	var value any = map[string]any{"qqqqqqqqqqqqqqqqqqqqqqqq": 1}
	steps := strings.Split(path, "/")
	for _, step := range slices.Backward(steps) {
		switch step {
		case "":
		case "[]":
			value = []any{value}
		default:
			value = map[string]any{step: value}
		}
	}
	text, _ := json.Marshal(value)
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte("version: 1\ninclude: tenants/*.yaml\n")}, "tenants/a.yaml": {Data: []byte("tenants: []\n")}}
	fsys[file] = &fstest.MapFile{Data: text}
	_, list := config.Load(fsys, "channels.yaml")
	for _, d := range list {
		if d.Rule != string(rule.UnknownKey) || d.Pos.File != file {
			continue
		}
		if m := listed.FindStringSubmatch(d.Hint); m != nil {
			return strings.Split(m[1], ", ")
		}
		var keys []string
		for _, m := range braced.FindAllStringSubmatch(d.Hint, -1) {
			keys = append(keys, m[1])
		}
		slices.Sort(keys)
		return keys
	}
	t.Errorf("%s: the unknown key is not reported: %v", path, list)
	return nil
}

// TestSameDefaults compares the defaults of the table with a site in which nothing is set.
func TestSameDefaults(t *testing.T) {
	fsys := fstest.MapFS{"channels.yaml": {Data: []byte(`version: 1
tenants:
  - id: acme
    tenantSpaceId: "202007159031"
    origin: https://www.acme.example
    cec: https://cec.example
    channels: [{id: web, channelConfigId: "202102193196869708", mode: token}]
`)}}
	f, _ := config.Load(fsys, "channels.yaml")
	s, list := site.Resolve(f, fsys)
	if s == nil {
		t.Fatal(list)
	}
	tenant := s.Tenants[0]
	got := map[string]any{
		"site.title": s.Title, "site.languages": s.Languages,
		"service.listen": s.Service.Listen, "service.guestName": s.Service.GuestName,
		"nginx.version": s.Nginx.Version, "nginx.trustedCA": s.Nginx.TrustedCA, "nginx.root": s.Nginx.Root,
		"tenants.endpoints.authorization": tenant.Endpoints.Authorization, "tenants.endpoints.token": tenant.Endpoints.Token,
		"tenants.endpoints.validation": tenant.Endpoints.Validation, "tenants.token.lifetime": shortest(tenant.Token.Lifetime),
	}
	for _, setting := range s.Explain("acme", "web") {
		if setting.Level == "built-in" {
			got["defaults."+setting.Key] = setting.Value
		}
	}
	checked := 0
	for path, m := range mappings(&schema.File) {
		path = strings.ReplaceAll(strings.ReplaceAll(path, "/[]", ""), "/", ".")
		for _, k := range m.Keys {
			name := strings.TrimPrefix(path+"."+k.Name, ".")
			if strings.HasPrefix(name, "environments.") {
				continue
			}
			name = regexp.MustCompile(`^tenants\.(channels\.)?`).ReplaceAllStringFunc(name, func(prefix string) string {
				if _, own := got[name]; own {
					return prefix
				}
				return "defaults."
			})
			value, has := got[name]
			if k.Default != nil {
				checked++
				if !has || fmt.Sprint(value) != fmt.Sprint(k.Default) {
					t.Errorf("%s: the default is %v, the schema says %v", name, value, k.Default)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d defaults were compared", checked)
	}
}

// shortest writes a duration without its zero parts.
func shortest(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}
