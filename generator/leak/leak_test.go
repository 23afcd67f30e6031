package leak_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"embedgen/generator/artifact"
	"embedgen/generator/leak"
	"embedgen/generator/secret"
)

// secrets are of every length class and of every alphabet.
var secrets = []string{
	"s3cr3t", "hunter2hunter2", "uvwxyzabcdefghijklmno", "abcdefghijklmnopqrstuvw",
	"S0meR4ndomK3yOf43LettersAndDigits0123456789", "with blank/and+more=?&'\"<>\\", "pass:wörd 密钥", "two\nlines",
}

// writers are ways in which a program writes a secret into a larger text.
var writers = map[string]func(string) string{
	"as it is":                func(s string) string { return "key: " + s + "\n" },
	"alone":                   func(s string) string { return s },
	"hexadecimal":             func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEXADECIMAL":             func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte("x" + s + "y"))) },
	"base64":                  func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 1 byte":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte(":" + s)) },
	"base64 after 2 bytes":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("u:" + s + "!")) },
	"base64 in a longer text": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s + "/end")) },
	"base64url":               func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("?" + s + "\xff")) },
	"data URL": func(s string) string {
		return "data:text/plain;base64," + base64.URLEncoding.EncodeToString([]byte("a>"+s))
	},
	"query":                      func(s string) string { return "?k=" + url.QueryEscape(s) },
	"path":                       func(s string) string { return "/" + url.PathEscape(s) },
	"every byte percent-encoded": func(s string) string { return each(s, "%%%02X") },
	"every byte, small letters":  func(s string) string { return each(s, "%%%02x") },
	"JSON":                       func(s string) string { b, _ := json.Marshal(map[string]string{"k": s}); return string(b) },
	"script of a template":       func(s string) string { return executed("<script>var k = {{.}}</script>", s) },
	"attribute of a template":    func(s string) string { return executed(`<a title="{{.}}">`, s) },
	"text of a template":         func(s string) string { return executed("<p>{{.}}</p>", s) },
	"every byte escaped by \\x":  func(s string) string { return each(s, `\x%02x`) },
	"HTML":                       html.EscapeString,
	"every character as \\u":     func(s string) string { return everyRune(s) },
}

func each(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func everyRune(s string) string {
	var b strings.Builder
	for _, c := range s {
		fmt.Fprintf(&b, `\u%04X`, c)
	}
	return b.String()
}

func executed(text, s string) string {
	var b strings.Builder
	template.Must(template.New("").Parse(text)).Execute(&b, s)
	return b.String()
}

func known() []leak.Secret {
	var list []leak.Secret
	for i, s := range secrets {
		list = append(list, leak.Secret{Ref: secret.Ref{Env: fmt.Sprintf("S%d", i)}, Value: secret.New(s)})
	}
	return list
}

// noise is text like that of a build, without secrets.
func noise(r *rand.Rand, n int) []byte {
	words := []string{"<div>", "secret", "function ", "0123456789abcdef", "https://www.acme.example/", "%20", `\u0020`, "hunter", "abcdefgh", "S0meR4ndomK3y", "\n"}
	var b bytes.Buffer
	for b.Len() < n {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.Bytes()
}

// TestSEC18EveryForm plants each secret in each form at many places.
func TestSEC18EveryForm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	list := known()
	for name, write := range writers {
		for i, s := range secrets {
			for _, before := range []int{0, 1, 7, 8, 15, 16, 100 + r.IntN(100)} {
				head := noise(r, before)[:before]
				text := string(head) + " " + write(s) + " " + string(noise(r, r.IntN(50)))
				leaks := leak.Search([]artifact.File{artifact.NewFile("a", nil), artifact.NewFile("b", []byte(text))}, list)
				if len(leaks) != 1 || leaks[0].Path != "b" || leaks[0].Ref != list[i].Ref {
					t.Errorf("%q %s after %d bytes: %+v", s, name, before, leaks)
				}
			}
		}
	}
}

// TestSEC18Place holds the offset and the name of the form.
func TestSEC18Place(t *testing.T) {
	for form, text := range map[string]string{
		"as it is":            secrets[4],
		"hexadecimal":         hex.EncodeToString([]byte(secrets[4])),
		"base64":              base64.StdEncoding.EncodeToString([]byte(secrets[4])),
		"percent-encoding":    each(secrets[4], "%%%02x"),
		"a JavaScript escape": each(secrets[4], `\x%02X`),
	} {
		for offset := range 40 {
			data := strings.Repeat(".", offset) + text + "\n" + secrets[0]
			leaks := leak.Search([]artifact.File{artifact.NewFile("a", []byte(data))}, known())
			if len(leaks) != 1 || leaks[0].Offset != offset || leaks[0].Form != form {
				t.Errorf("%s at %d: %+v", form, offset, leaks)
			}
		}
	}
}

// TestNothingLeaks holds that text without secrets has none, and that a secret that would be
// found anywhere is not searched for.
func TestNothingLeaks(t *testing.T) {
	file := artifact.NewFile("a", noise(rand.New(rand.NewPCG(3, 4)), 1<<20))
	if leaks := leak.Search([]artifact.File{file}, known()); leaks != nil {
		t.Errorf("found %+v", leaks)
	}
	short := []leak.Secret{{Value: secret.New("acme")}, {Value: secret.New("")}, {}}
	if leaks := leak.Search([]artifact.File{file}, short); leaks != nil {
		t.Errorf("found %+v", leaks)
	}
	if leak.Search([]artifact.File{file}, nil) != nil {
		t.Error("found a secret without any")
	}
}

// BenchmarkSearch searches 125 MB for 1,000 secrets.
func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, length := range []int{10, 20, 43} {
		b.Run(fmt.Sprint(length), func(b *testing.B) {
			var list []leak.Secret
			for range 1000 {
				key := make([]byte, length)
				for i := range key {
					key[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[r.IntN(62)]
				}
				list = append(list, leak.Secret{Value: secret.New(string(key))})
			}
			var files []artifact.File
			for range 125 {
				files = append(files, artifact.File{Data: noise(r, 1e6)})
			}
			b.SetBytes(125e6)
			for b.Loop() {
				if leak.Search(files, list) != nil {
					b.Fatal("found one")
				}
			}
		})
	}
}
