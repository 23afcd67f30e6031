package config_test

import (
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"embedgen/generator/config"
	"embedgen/generator/diag"
	"embedgen/generator/internal/lab"
	"embedgen/generator/site"
)

// hostile are files that cost a careless reader minutes or all memory, and the rule that the first
// problem is of.
var hostile = map[string]struct {
	text func() string
	rule string
}{
	"dense list":    {func() string { return "a: [" + strings.Repeat("a,", 30<<20) + "]" }, "too-many-values"},
	"dense items":   {func() string { return strings.Repeat("-\n", 30<<20) }, "too-many-values"},
	"dense pairs":   {func() string { return "[" + strings.Repeat("[a]:b,", 10<<20) }, "too-many-values"},
	"open brackets": {func() string { return strings.Repeat("[", 60<<20) }, "too-many-values"},
	"deep brackets": {func() string { return strings.Repeat("[", 20_000) }, "yaml-syntax"},
	"deep lists":    {func() string { return strings.Repeat("- ", 12_000) + "a" }, "yaml-syntax"},
	"many deep lists": {func() string {
		return "a:\n" + strings.Repeat("- "+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+"\n", 100)
	}, "missing-key"},
	"blank lines": {func() string { return "version: 1\n" + strings.Repeat("\n", 60<<20) }, "missing-key"},
	"tabs":        {func() string { return strings.Repeat("\t\n", 30<<20) }, "yaml-syntax"},
	"long text":   {func() string { return "version: \"" + strings.Repeat("x", 60<<20) + "\"" }, "bad-version"},
	"long key":    {func() string { return "version: 1\n" + strings.Repeat("x", 1000) + ": 1" }, "unknown-key"},
	"no text":     {func() string { return strings.Repeat("\x00\xff", 30<<20) }, "unsafe-character"},
	"directives":  {func() string { return strings.Repeat("%TAG ! tag:x,2000:\n", 1<<20) + "---\na" }, "too-many-values"},
	"one key":     {func() string { return strings.Repeat("k: \n", 300_000) }, "unknown-key"},
	"many keys":   {func() string { return "version: 1\ntenants:\n  - " + numbered("k%d: x\n    ", 300_000) }, "unknown-key"},
	"one line": {func() string {
		return "{version: 1, tenants: [{channels: [" + numbered("{id: c%d, mode: tokn}, ", 200_000) + "]}]}"
	}, "bad-mode"},
	"far down a line": {func() string {
		return "{version: 1, x: \"" + strings.Repeat("é", 14<<20) + "\", tenants: [" + strings.Repeat("{}, ", 2000) + "]}"
	}, "missing-key"},
	"syntax at the end": {func() string { return string(bigTree(1, 1, 20_000)["tenants/f000.yaml"].Data) + "\n  - [" }, "yaml-syntax"},
	"merge keys":        {func() string { return strings.Repeat("<<: {a: b}\n", 300_000) }, "merge-key"},
	"anchors":           {func() string { return "version: 1\na: [" + strings.Repeat("&a b, ", 300_000) + "]" }, "unknown-key"},
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHostileFiles holds that reading such a file ends in time, in bounded memory, and with
// problems that have a place and print in bounded space.
func TestHostileFiles(t *testing.T) {
	const seconds, bytes, printed = 30, 1200 << 20, 16 << 20
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"channels.yaml": {Data: []byte(c.text())}}
			debug.FreeOSMemory()
			before, most := lab.Memory(), uint64(0)
			start, stop := time.Now(), lab.WatchMemory(&most)
			f, list := config.Load(fsys, "channels.yaml")
			site.Resolve(f, fsys)
			stop()
			if took := time.Since(start); took > seconds*time.Second || most-min(most, before) > bytes {
				t.Errorf("took %v and %d MB", took, (most-before)>>20)
			}
			if len(list) == 0 || list[0].Pos.Line == 0 || !hasRule(list, c.rule) {
				t.Fatalf("want %s, got %v", c.rule, list[:min(3, len(list))])
			}
			var out strings.Builder
			diag.JSON(&out, list)
			if out.Len() > printed {
				t.Errorf("%d MB of JSON", out.Len()>>20)
			}
		})
	}
}

func hasRule(list diag.List, rule string) bool {
	for _, d := range list {
		if d.Rule == rule {
			return true
		}
	}
	return false
}
