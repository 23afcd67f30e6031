package nginxconf

import (
	"testing"

	"embedgen/generator/internal/hostile"
	"embedgen/generator/site"
)

func TestNG15Hostile(t *testing.T) {
	for name, f := range hostile.Fields() {
		wantLocations, wantHTTP, err := renderWith(name, f, f.Harmless)
		if err != nil {
			t.Fatalf("%s %q: %v", name, f.Harmless, err)
		}
		for _, value := range hostile.Values {
			locations, http, err := renderWith(name, f, value)
			switch {
			case err != nil:
				if f.Unused {
					t.Errorf("%s %q is refused: %v", name, value, err)
				}
			case value == "" && f.Optional:
			case f.Unused:
				if string(locations) != string(wantLocations) || string(http) != string(wantHTTP) {
					t.Errorf("%s %q changes the file", name, value)
				}
			case tree(t, locations).shape() != tree(t, wantLocations).shape() || tree(t, http).shape() != tree(t, wantHTTP).shape():
				t.Errorf("%s %q changes the tree", name, value)
			}
		}
	}
}

// renderWith makes both files of a site in which one field has another value.
func renderWith(name string, f hostile.Field, value string) (locations, http []byte, err error) {
	s := exampleSite()
	f.Set(s, value)
	policy := acmePolicy
	if name == "policy" {
		policy = value
	}
	locations, err = Locations(s.Tenants[0], s, func(*site.Channel) string { return policy })
	if err != nil {
		return nil, nil, err
	}
	http, err = HTTP(s.Tenants[0], s)
	return locations, http, err
}

// Line ends, quotes, "\", "$", ";" and braces are refused by every field's own pattern.
func TestSEC25Grammar(t *testing.T) {
	for name, f := range hostile.Fields() {
		if f.Unused {
			continue
		}
		for _, bad := range []string{"\n", "\r", "\x00", "$", "{", "}", ";", `"`, "'", `\`, "`", "\u2028", "é"} {
			if name == "policy" && (bad == ";" || bad == "'") {
				continue // its own syntax, always between double quotes
			}
			for _, value := range []string{f.Harmless + bad, bad + f.Harmless, f.Harmless[:1] + bad + f.Harmless[1:]} {
				if _, _, err := renderWith(name, f, value); err == nil {
					t.Errorf("%s takes %q", name, value)
				}
			}
		}
	}
}
