package edit_test

import (
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/edit"
)

// BenchmarkFormat formats a file of 10,000 channels, and prints how many times as long that takes
// as a bare YAML parse of it.
func BenchmarkFormat(b *testing.B) {
	var text strings.Builder
	text.WriteString("version: 1\ndefaults: {mode: token}\ntenants:\n")
	for t := range 50 {
		fmt.Fprintf(&text, "  - id: t%d\n    name: Tenant %d\n    tenantSpaceId: \"202007159031\"\n    origin: https://t%d.example\n    channels:\n", t, t, t)
		for c := range 200 {
			fmt.Fprintf(&text, "      - name: \"Channel %d\" # one\n        id: c%d\n        channelConfigId: 2021%014d\n        secretKey: {env: S}\n        locale: zh\n", c, c, t*200+c)
		}
	}
	source := []byte(text.String())
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			var n yaml.Node
			if err := yaml.Unmarshal(source, &n); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("format", func(b *testing.B) {
		for b.Loop() {
			if _, kept, err := edit.Format(source); kept != nil || err != nil {
				b.Fatal(kept, err)
			}
		}
	})
	b.Run("names", func(b *testing.B) {
		for b.Loop() {
			if len(edit.ReadNames(source).Tenants) != 50 {
				b.Fatal("tenants are missing")
			}
		}
	})
}
