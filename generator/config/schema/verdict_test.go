package schema_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"gopkg.in/yaml.v3"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
	"embedgen/generator/config/schema"
	"embedgen/generator/diag"
	"embedgen/generator/site"
)

// structural are the rules that the schema enforces too: what a file or a value of it breaks by
// its own shape, whatever stands elsewhere.
var structural = []rule.ID{
	rule.MergeKey, rule.IncludeOutside,
	rule.BadVersion, rule.UnknownKey, rule.WrongType, rule.MissingKey,
	rule.BadName, rule.BadID, rule.BadOrigin, rule.BadURL, rule.BadPath, rule.BadContextPath,
	rule.BadMode, rule.BadLocale, rule.BadLanguage, rule.BadMapService, rule.BadRegion, rule.BadCobrowse,
	rule.BadLoad, rule.BadFallback, rule.BadFrameAncestor, rule.BadSignature, rule.BadCIDR, rule.BadHostPort, rule.BadHeaderName,
	rule.BadDuration, rule.BadTime, rule.BadNginxVersion,
	rule.LiteralSecret, rule.BadSecretRef, rule.MissingSecret,
	rule.BadLibrary, rule.MissingIntegrity, rule.BadIntegrity,
}

// beyond are the rules that a schema cannot enforce: they are about bytes and YAML, which a schema
// does not see, about other files, or about what several values mean together.
var beyond = []rule.ID{
	rule.UnreadableFile, rule.FileTooLarge, rule.InvalidUTF8, rule.UnsafeCharacter, rule.YAMLSyntax, rule.EmptyFile,
	rule.MultipleDocuments, rule.AliasLimit, rule.TooManyProblems, rule.TooManyEntries, rule.TooManyValues, rule.DuplicateKey,
	rule.IncludePattern, rule.IncludeNoMatch, rule.IncludeCycle, rule.IncludeDuplicate,
	rule.UnreadableLibrary, rule.OldJQuery, rule.SlimJQuery, rule.BackdooredAxios,
	rule.DuplicateID, rule.MissingCEC, rule.PathCollision, rule.MissingFolder, rule.BadPageName, rule.PageCollision,
	rule.UnknownEnvironment, rule.UnknownReference, rule.EnvironmentKind, rule.UnresolvedSecret, rule.UnusableSecret,
}

// blind are places of fixtures where a structural rule sees what a schema cannot.
var blind = map[string]string{
	"bad-frame-ancestor channels.yaml:20:114": "a host in capitals and a port with a zero are the same",
	"bad-cidr channels.yaml:18:25":            "an address has bits beyond its prefix length",
	"wrong-type channels.yaml:5:20":           "a leading zero is lost to JSON",
	"wrong-type channels.yaml:11:15":          "no is text to YAML 1.2",
	"wrong-type channels.yaml:12:26":          "2.02e17 is a whole number to JSON",
	"wrong-type channels.yaml:15:17":          "on is text to YAML 1.2",
	"quoted-or-not channels.yaml:11:26":       "2.02e17 is a whole number to JSON",
	"quoted-or-not channels.yaml:13:15":       "12:30 is text to YAML 1.2",
	"include-empty channels.yaml":             "included files are not there to be seen",
}

// TestEveryRuleIsClassified holds that the lists above are the rules that are errors. Warnings are
// of files that are valid.
func TestEveryRuleIsClassified(t *testing.T) {
	for _, r := range rule.All() {
		n := 0
		for _, list := range [][]rule.ID{structural, beyond} {
			if slices.Contains(list, r.ID) {
				n++
			}
		}
		if want := 1 - int(r.Severity); n != want {
			t.Errorf("rule %s is in %d lists, want %d", r.ID, n, want)
		}
	}
}

// TestSameVerdict reads every fixture of package config with the rules and with the schema. Where
// a structural rule finds an error the schema finds one, and where the schema does a rule does.
func TestSameVerdict(t *testing.T) {
	files, _ := filepath.Glob("../testdata/*/*.txtar")
	if len(files) < 100 {
		t.Fatalf("only %d fixtures", len(files))
	}
	main, included := compile(t, schema.JSON()), compile(t, schema.IncludedJSON())
	unused := map[string]bool{}
	for place := range blind {
		unused[place] = true
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if name == string(rule.TooManyEntries) {
			continue // the rules stop at the bound, and say nothing of the rest of the file
		}
		t.Run(name, func(t *testing.T) {
			fsys := tree(t, file)
			f, list := config.Load(fsys, "channels.yaml")
			_, more := site.Resolve(f, fsys)
			for i, source := range f.Sources {
				s := main
				if i > 0 {
					s = included
				}
				j := judge(fsys, source, s, append(list, more...))
				for _, d := range j.missed {
					place := name + " " + d.Pos.String()
					if delete(unused, place); blind[place] == "" {
						t.Errorf("the schema misses %v", d)
					}
				}
				for _, e := range j.extra {
					t.Errorf("%s: only the schema says %s", source, e)
				}
			}
		})
	}
	for place := range unused {
		t.Errorf("%s is no blind spot", place)
	}
}

// tree makes the root directory of a fixture.
func tree(t *testing.T, file string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	functions := template.FuncMap{
		"repeat": func(n int, s string) string { return strings.Repeat(s, n) },
		"number": func(n int, format string) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, format, i)
			}
			return b.String()
		},
	}
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		name, isTemplate := strings.CutSuffix(f.Name, ".tmpl")
		if isTemplate {
			var b bytes.Buffer
			if err := template.Must(template.New(name).Funcs(functions).Parse(string(f.Data))).Execute(&b, nil); err != nil {
				t.Fatal(err)
			}
			f.Data = b.Bytes()
		}
		if name != "want" {
			fsys[name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	return fsys
}

// judgement is where rules and schema disagree about a file.
type judgement struct {
	missed diag.List // structural errors that the schema does not see
	extra  []string  // errors of the schema that no rule sees
}

func judge(fsys fs.FS, name string, s *jsonschema.Schema, list diag.List) (j judgement) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return j
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var document yaml.Node
	if len(text) > 1<<20 {
		return j
	}
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return j // a schema never gets to see it
	}
	v := &view{places: map[string][]string{}}
	instance := v.convert(document.Content[0], "")
	wrong := map[string]string{} // what the schema says, by path
	if err := s.Validate(instance); err != nil {
		leaves(err.(*jsonschema.ValidationError), wrong)
	}
	explained := map[string]bool{}
	for _, d := range list {
		if d.Severity != diag.Error || d.Pos.File != name {
			continue
		}
		found := false
		for _, path := range v.places[fmt.Sprint(d.Pos.Line, ":", d.Pos.Column)] {
			explained[path] = true
			found = found || wrong[path] != ""
		}
		if !found && slices.Contains(structural, rule.ID(d.Rule)) {
			j.missed = append(j.missed, d)
		}
	}
	for path, message := range wrong {
		misspelt := false // the rules take a misspelt key for the one that was meant, if that is missing
		for other, message := range wrong {
			misspelt = misspelt || message == unknownKey && other[:strings.LastIndex(other, "/")] == path
		}
		if !explained[path] && !misspelt {
			j.extra = append(j.extra, path+": "+message)
		}
	}
	return j
}

const unknownKey = "unknown key"

// leaves lists what a validator says, by the path of the value.
func leaves(e *jsonschema.ValidationError, wrong map[string]string) {
	path := "/" + strings.Join(e.InstanceLocation, "/")
	if i := strings.Index(path, "/exec/"); i >= 0 {
		path = path[:i] + "/exec" // which item it is the rules do not say
	}
	if len(e.InstanceLocation) == 0 {
		path = ""
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			wrong[path+"/"+name] = unknownKey
		}
		return
	case *kind.UniqueItems:
		wrong[fmt.Sprint(path, "/", max(k.Duplicates[0], k.Duplicates[1]))] = "listed twice"
		return
	case *kind.OneOf, *kind.AnyOf:
		wrong[path] = e.Error()
		return
	}
	for _, cause := range e.Causes {
		leaves(cause, wrong)
	}
	if len(e.Causes) == 0 {
		wrong[path] = e.Error()
	}
}

// view is a YAML file as a JSON Schema validator sees it, and where its values stand.
type view struct {
	places map[string][]string // paths by "line:column"; a mapping and its first key share one
}

func (v *view) add(n *yaml.Node, path string) {
	place := fmt.Sprint(n.Line, ":", n.Column)
	v.places[place] = append(v.places[place], path)
}

// convert follows the core schema of YAML 1.2, as editors do.
func (v *view) convert(n *yaml.Node, path string) any {
	v.add(n, path)
	if strings.Count(path, "/") > 50 {
		return nil // an alias inside what it stands for
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			v.add(key, path+"/"+key.Value)
			if value := v.convert(n.Content[i+1], path+"/"+key.Value); object[key.Value] == nil {
				object[key.Value] = value
			}
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for i, item := range n.Content {
			list = append(list, v.convert(item, fmt.Sprint(path, "/", i)))
		}
		return list
	}
	switch n.ShortTag() {
	case "!!bool", "!!int", "!!float", "!!null":
		var value any
		n.Decode(&value)
		return value
	}
	return n.Value
}

// TestExampleSchema holds the schema that the example's editors read against the one that is printed.
func TestExampleSchema(t *testing.T) {
	committed, err := os.ReadFile("../../../.channels.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, schema.JSON()) {
		t.Error("run `go run ./cmd/embedgen schema > .channels.schema.json`, and commit it")
	}
}

// TestOwnFilesAreValid reads the example and what embedgen init writes.
func TestOwnFilesAreValid(t *testing.T) {
	s := compile(t, schema.JSON())
	for _, name := range []string{"channels.yaml", "cmd/embedgen/scaffold/channels.yaml"} {
		for _, e := range judge(os.DirFS("../../.."), name, s, nil).extra {
			t.Errorf("%s: %s", name, e)
		}
	}
}
