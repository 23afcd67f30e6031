package edit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
	"embedgen/generator/config/rule"
)

// TestReadNames compares the names with those that package config reads, of every file of its tests
// whose names are right.
func TestReadNames(t *testing.T) {
	compared := 0
	for _, text := range corpus(t) {
		file, problems := load(text)
		wrong := func(problem string) bool {
			id, _, _ := strings.Cut(problem, " ")
			return slices.Contains([]rule.ID{rule.BadID, rule.UnknownKey, rule.WrongType, rule.UnsafeCharacter, rule.DuplicateKey, rule.MissingKey,
				rule.YAMLSyntax, rule.MultipleDocuments, rule.MergeKey, rule.IncludeOutside, rule.IncludePattern}, rule.ID(id))
		}
		if len(file.Tenants) == 0 || slices.ContainsFunc(problems, wrong) {
			continue
		}
		compared++
		if got, want := fmt.Sprint(edit.ReadNames(text)), fmt.Sprint(namesOf(file)); got != want {
			t.Errorf("read %s, want %s in\n%s", got, want, text)
		}
	}
	if compared < 40 {
		t.Errorf("only %d files were compared", compared)
	}
}

func namesOf(file *config.File) (names edit.Names) {
	for _, t := range file.Tenants {
		of := edit.TenantNames{ID: t.ID.V}
		for _, c := range t.Channels {
			of.Channels = append(of.Channels, c.ID.V)
		}
		names.Tenants = append(names.Tenants, of)
	}
	names.Environments = file.EnvironmentNames()
	for _, pattern := range file.Include {
		names.Include = append(names.Include, pattern.V)
	}
	return names
}

func TestReadNamesOfUnusualFiles(t *testing.T) {
	for text, want := range map[string]string{
		"tenants:\n- id: 'acme' # c\n  channels:\n  - id: \"web\"\n  -\n    id: desk\n- token:\n    keys:\n      - id: k1\n  channels:\n  - id: x\n  id: globex\n": "{[{acme [web desk]} {globex [x]}] [] []}",
		"tenants: [{id: a, token: {keys: [{id: k}]}, channels: [{id: b}, {name: x, id: c}]}, {id: d, channels: [{id: e}]}]\n":                                      "{[{a [b c]} {d [e]}] [] []}",
		"include:\n- a.yaml\n- 'b/*.yaml' # c\nenvironments:\n  staging:\n    tenants:\n      acme:\n        channels: {web: {}}\n  test: {}\n":                    "{[] [staging test] [a.yaml b/*.yaml]}",
		"tenants:\n  - id: acme\n    name: \"unclosed\n    channels: [\n      - id: web\nservice:\n  identity:\n    header:\n      id: X-User\n":                   "{[{acme [web]}] [] []}",
		"id: x\n- id: y\n\ufeff\x00\n- - -\n:\n": "{[] [] []}",
	} {
		if got := fmt.Sprint(edit.ReadNames([]byte(text))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
