package e2e

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// object is a mapping of channels.yaml.
type object = map[string]any

// committed reads the repository's own channels.yaml.
func committed(t testing.TB) object {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "channels.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// newProject makes a folder as a fresh clone has it: channels.yaml and the Markdown pages.
func newProject(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	copyFile(t, filepath.Join(repository, "channels.yaml"), filepath.Join(dir, "channels.yaml"))
	pages := filepath.Join(dir, "templates", "pages")
	if err := os.CopyFS(pages, os.DirFS(filepath.Join(repository, "templates", "pages"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, to, string(data))
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// save writes channels.yaml.
func save(t testing.TB, dir string, doc object) {
	t.Helper()
	data, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "channels.yaml"), string(data))
}

// at follows keys, and "id" values in lists, down the document; it makes what is missing.
func at(doc object, path ...string) object {
	for _, key := range path {
		switch next := doc[key].(type) {
		case object:
			doc = next
		default:
			if entry := entry(doc, key); entry != nil {
				doc = entry
				continue
			}
			made := object{}
			doc[key] = made
			doc = made
		}
	}
	return doc
}

// entry finds a tenant or channel by its id.
func entry(doc object, id string) object {
	for _, list := range []string{"tenants", "channels"} {
		items, _ := doc[list].([]any)
		for _, item := range items {
			if o := item.(object); o["id"] == id {
				return o
			}
		}
	}
	return nil
}

// writeSecrets makes every secret file that the document refers to and returns the values by path.
func writeSecrets(t testing.TB, dir string, doc any) map[string]string {
	t.Helper()
	values := map[string]string{}
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, item := range node {
				walk(item)
			}
		case object:
			for key, item := range node {
				if ref, ok := item.(object); ok && (key == "secretKey" || key == "secret") {
					path := ref["file"].(string)
					values[path] = randomKey()
					writeFile(t, filepath.Join(dir, path), values[path]+"\n")
				} else {
					walk(item)
				}
			}
		}
	}
	walk(doc)
	return values
}

// randomKey is 43 digits and letters, the longest secretKey that CEC has.
func randomKey() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	key := make([]byte, 43)
	rand.Read(key)
	for i, b := range key {
		key[i] = letters[int(b)%len(letters)]
	}
	return string(key)
}

// positionAfter is where a text ends, as file:line:col.
func positionAfter(before string) string {
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	return fmt.Sprintf("channels.yaml:%d:%d", line, column)
}
