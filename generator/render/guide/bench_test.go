package guide

import (
	"fmt"
	"os"
	"testing"

	"embedgen/generator/site"
)

// BenchmarkGuide renders one guide: 0.3 ms is the budget.
func BenchmarkGuide(b *testing.B) {
	s := exampleSite()
	book, err := defaultEngine(b).Book(s, nil)
	if err != nil {
		b.Fatal(err)
	}
	channel := s.Tenants[0].Channels[0]
	blocks := exampleBlocks(b, channel)
	data, err := book.Guide("en", channel, blocks)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Guide("en", channel, blocks); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew compiles all templates.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, list := New(os.DirFS(templatesDir)); list.HasErrors() {
			b.Fatal(list)
		}
	}
}

// BenchmarkSnippet highlights one snippet.
func BenchmarkSnippet(b *testing.B) {
	text := exampleSnippet(exampleSite().Tenants[0].Channels[0])
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		HTML("a.html", text)
	}
}

// TestSizeStaysLinear: ten times as many channels must not make the pages of each longer.
func TestSizeStaysLinear(t *testing.T) {
	e := defaultEngine(t)
	size := func(tenants, channels int) int {
		s := &site.Site{Title: "S", Languages: []string{"en", "zh"}}
		for i := range tenants {
			tenant := addTenant(s, fmt.Sprintf("t%03d", i), "Tenant", "1", "https://t.example")
			for j := range channels {
				addChannel(tenant, fmt.Sprintf("c%03d", j), "Channel", site.Authorization, site.Context{Path: "/service-cloud"}, func(*site.Channel) {})
			}
		}
		book, err := e.Book(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := s.Tenants[tenants/2].Channels[channels/2]
		data, err := book.Guide("en", c, Blocks{})
		if err != nil {
			t.Fatal(err)
		}
		return len(data)
	}
	base := size(20, 20)
	if small := size(2, 2); small > base {
		t.Errorf("fewer channels make a longer page: %d, %d", small, base)
	}
	for _, n := range [][2]int{{200, 20}, {20, 200}} {
		if got := size(n[0], n[1]); got > base+200 {
			t.Errorf("a guide of a site with %d tenants of %d channels has %d bytes, with 20 of 20 %d", n[0], n[1], got, base)
		}
	}
}
