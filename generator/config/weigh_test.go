package config

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"
)

// count returns the number of nodes of a tree.
func count(n *yaml.Node) int {
	total := 1
	for _, c := range n.Content {
		total += count(c)
	}
	return total
}

// TestWeighBoundsValues compares weights with what the parser makes, of fixtures, of texts made to
// have many values in few bytes, and of texts that are strewn from YAML's signs.
func TestWeighBoundsValues(t *testing.T) {
	texts := []string{
		"", "a", "a: b", "- - - a", "? ? ? a", "-\n-\n-\n", "a:\nb:\nc:\n", "? a\n? b\n", "? a\n: b\n",
		"{a,b,c,d}", "[a,b,c]", "[[],[],[[]]]", "[{},{}]", `["a":1,"b":2]`, "['a':1,'b':2]", "[:a,:b,: ,:]", "[?a,? b,?]", "{?a,?b:c}",
		"[a: b, c: d]", "[a:, b:]", "{a: , : b, :}", "[[a]:b,[c]:d]", "[{a}:b]", "- a: b\n  c: d\n- e:\n  - f\n", "- - a: b\n", "? - a\n  - b\n: - c\n",
		"a: [b]\nc: {d: e}\n", "&a a: *a\n", "!x a: !y\n", "[!x,!x,!x]", "- !x\n- &a\n", "{a: {b: {c: {d}}}}", "- |\n x\n- >\n y\n",
	}
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range append(files, "../../channels.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
		for _, member := range txtar.Parse(data).Files {
			texts = append(texts, string(member.Data))
		}
	}
	signs := strings.Split("- |? |: |:|,|[|]|{|}|\n|\n  |\n    |a|b|\"c\"|'d'|!t |&x |*x|# c\n|a: b\n|- a\n|? a\n|, |[[|]]", "|")
	r := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		var b strings.Builder
		for range 1 + r.IntN(12) {
			b.WriteString(signs[r.IntN(len(signs))])
		}
		texts = append(texts, b.String())
	}
	parsed := 0
	for _, text := range texts {
		document, err := decode(yaml.NewDecoder(bytes.NewReader([]byte(text))))
		if err != nil {
			continue
		}
		parsed++
		if weight, _ := weigh([]byte(text), 1<<30); weight < count(document) {
			t.Errorf("%q has the weight %d and %d values", text, weight, count(document))
		}
	}
	if parsed < 1000 {
		t.Errorf("only %d texts are YAML", parsed)
	}
}

// TestWeighStops holds that a weight is found no further than the limit.
func TestWeighStops(t *testing.T) {
	weight, offset := weigh([]byte(strings.Repeat("-\n", 1000)), 100)
	if weight != 101 || offset != 196 {
		t.Errorf("weight %d at %d", weight, offset)
	}
}
