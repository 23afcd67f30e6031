package edit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"embedgen/generator/config"
	"embedgen/generator/config/edit"
	"embedgen/generator/diag"
)

// FuzzFormat holds that a formatted file means what it meant, mistakes included, and that to
// format it again changes nothing.
func FuzzFormat(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkFormat(t, text) })
}

// corpus returns every YAML file of the tests of package config, and the example.
func corpus(t testing.TB) (list [][]byte) {
	t.Helper()
	files, _ := filepath.Glob("../testdata/*/*.txtar")
	mine, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range append(files, mine...) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range archive.Files {
			if filepath.Ext(member.Name) == ".yaml" {
				list = append(list, member.Data)
			}
		}
	}
	for _, name := range []string{"../../../channels.yaml", "../../../cmd/embedgen/scaffold/channels.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	return list
}

func checkFormat(t *testing.T, text []byte) {
	t.Helper()
	once, _, err := edit.Format(text)
	if err != nil {
		if !strings.Contains(err.Error(), edit.ErrSyntax.Error()) {
			t.Errorf("%v\n%s", err, text)
		}
		return
	}
	twice, _, err := edit.Format(once)
	if err != nil || string(twice) != string(once) {
		t.Errorf("formatted twice: %v\n--- once\n%s\n--- twice\n%s", err, once, twice)
	}
	if before, after := meaning(text), meaning(once); !slices.Equal(before, after) {
		t.Errorf("the meaning changed\n--- text\n%s\n--- formatted\n%s\n--- before\n%s\n--- after\n%s", text, once, strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}

// meaning is what package config reads of a file, without places: the values, then the problems.
func meaning(text []byte) []string {
	fsys := fstest.MapFS{"channels.yaml": {Data: text}}
	file, problems := config.Load(fsys, "channels.yaml")
	var b strings.Builder
	write(&b, reflect.ValueOf(file).Elem())
	return append([]string{b.String()}, described(problems)...)
}

func described(problems diag.List) (list []string) {
	for _, d := range problems {
		list = append(list, d.Rule+" "+d.Message)
	}
	slices.Sort(list)
	return list
}

// write prints a value of package config; its places are of the unexported kind.
func write(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			write(b, v.Elem())
		}
	case reflect.Slice:
		fmt.Fprintf(b, "[%d ", v.Len())
		for i := range v.Len() {
			write(b, v.Index(i))
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[config.Pos]() {
			return
		}
		b.WriteByte('{')
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				write(b, v.Field(i))
				b.WriteByte(' ')
			}
		}
		b.WriteByte('}')
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		for _, k := range keys {
			b.WriteString(k.String() + ":")
			write(b, v.MapIndex(k))
		}
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}

// TestFormatOfEveryFixture runs the fuzz test's corpus, with what an editor may do to a file.
func TestFormatOfEveryFixture(t *testing.T) {
	list := corpus(t)
	if len(list) < 100 {
		t.Fatalf("only %d files", len(list))
	}
	for _, text := range list {
		checkFormat(t, text)
		checkFormat(t, []byte("\ufeff"+strings.ReplaceAll(string(text), "\n", "\r\n")))
		checkFormat(t, []byte(strings.ReplaceAll(string(text), "\n", "  \n\n\n")))
		checkFormat(t, []byte(strings.ReplaceAll(string(text), "\n", " # comment\n")))
		checkFormat(t, []byte(strings.ReplaceAll(string(text), "\n", "\n      # comment\n\n# other\n")))
		checkFormat(t, []byte(strings.ReplaceAll(string(text), "\n  ", "\n")))
	}
}
