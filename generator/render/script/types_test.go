package script_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"embedgen/generator/internal/lab"
	"embedgen/templates"
)

func TestEM12Types(t *testing.T) {
	t.Parallel()
	tsc := lab.Package(t, ".bin/tsc")
	dir := t.TempDir()
	calls, err := os.ReadFile("testdata/types/calls.ts")
	if err != nil {
		t.Fatal(err)
	}
	config, _ := json.Marshal(map[string]any{
		"compilerOptions": map[string]any{"strict": true, "noEmit": true, "target": "es2022", "lib": []string{"es2022", "dom"}, "types": []string{}},
		"files":           []string{"embed.d.ts", "calls.ts"},
	})
	for name, data := range map[string][]byte{
		"embed.d.ts": newEngine(t, templates.FS).Types(), "calls.ts": calls, "tsconfig.json": config,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(tsc, "--project", dir).CombinedOutput(); err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
}

// TestScriptsTypeCheck holds the sources of both scripts to their JSDoc types.
func TestScriptsTypeCheck(t *testing.T) {
	t.Parallel()
	tsc := lab.Package(t, ".bin/tsc")
	out, err := exec.Command(tsc, "--noEmit", "--allowJs", "--checkJs", "--strict", "false", "--types", "",
		"--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--module", "esnext", "--moduleResolution", "bundler",
		"testdata/types/globals.d.ts", "../../../templates/embed/main.js", "../../../templates/embed/client/main.js").CombinedOutput()
	if err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
}

// The types name the codes, the commands and the events that the script has.
func TestEM12TypesAreInStep(t *testing.T) {
	types := readTemplate(t, "page/embed.d.ts")
	for _, test := range []struct{ what, file, among, name, typesAmong, typesName string }{
		{"codes", "embed/errors.js", `(?s)@typedef \{\((.*?)\)\} Code`, `'([a-z_]+)'`, `(?s)type ErrorCode =(.*)`, `\| '([a-z_]+)'`},
		{"commands", "embed/main.js", `(?s)const commands = \{(.*?)\n\}`, `\n  ([a-z]+)[:,]`, `(?s)interface Global \{(.*?)\n  \}`, `\(command: '(\w+)'`},
		{"events", "embed/events.js", `@typedef \{(.*)\} EventName`, `'(\w+)'`, `(?s)interface Events \{(.*?)\n  \}`, `\n    (\w+): \w+;`},
	} {
		want := matches(test.name, matches(test.among, readTemplate(t, test.file))...)
		got := matches(test.typesName, matches(test.typesAmong, types)...)
		if !slices.Equal(got, want) || len(got) < 4 {
			t.Errorf("%s: the types have %v, %s has %v", test.what, got, test.file, want)
		}
	}
}

// matches returns the sorted first groups of all matches in texts, each once.
func matches(pattern string, texts ...string) []string {
	var list []string
	for _, text := range texts {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			list = append(list, m[1])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
