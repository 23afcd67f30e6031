package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// sees notes what a new document shows, and when it was first painted.
const sees = `addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => {
  sessionStorage.seen = JSON.stringify({Text: document.body.innerText, At: Date.now()});
}))`

// BenchmarkSaveToVisible reports DS-2 on this machine: milliseconds from the end of a save until
// Chromium shows the new text. It is a benchmark because a busy machine proves nothing:
//
//	go test ./generator/internal/e2e -run '^$' -bench SaveToVisible -benchtime 50x
func BenchmarkSaveToVisible(b *testing.B) {
	for name, row := range map[string]struct{ file, text, path string }{
		"page":             {"channels.yaml", "name: Main site", "/acme/web_support/"},
		"guide":            {"channels.yaml", "name: Main site", "/docs/en/acme/web_support.html"},
		"template of page": {"templates/page/index.html", "<h1>", "/acme/web_support/"},
		"text of guide":    {"templates/docs/guide.en.md", "\n## ", "/docs/en/acme/web_support.html"},
	} {
		b.Run(name, func(b *testing.B) {
			dir := newProject(b)
			for _, file := range []string{"page/index.html", "docs/guide.en.md"} {
				copyFile(b, filepath.Join(repository, "templates", file), filepath.Join(dir, "templates", file))
			}
			addr := freePort(b)
			start(b, dir, "dev", "--addr", addr, "--templates", "templates").says(b, `embedgen dev: http`)
			visitor := newVisitor(b, startChromium(b, nil))
			script := page.AddScriptToEvaluateOnNewDocumentParams{Source: sees}
			if _, err := chromedp.Call(visitor.ctx, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
				b.Fatal(err)
			}
			_, port, _ := strings.Cut(addr, ":")
			visitor.open("http://acme.localhost:" + port + row.path)
			original := readFile(b, filepath.Join(dir, row.file))
			var took []float64
			for n := 0; b.Loop(); n++ {
				mark := fmt.Sprintf("Mark%dEnd", n)
				changed := strings.Replace(original, row.text, row.text+mark+" ", 1)
				if err := os.WriteFile(filepath.Join(dir, row.file), []byte(changed), 0o600); err != nil {
					b.Fatal(err)
				}
				saved := time.Now()
				took = append(took, visitor.seen(mark)-float64(saved.UnixMicro())/1000)
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2], "p50-ms")
			b.ReportMetric(took[(len(took)*95+99)/100-1], "p95-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// seen returns when a text was there, in milliseconds since 1970.
func (b *tab) seen(text string) float64 {
	b.t.Helper()
	pattern := regexp.QuoteMeta(text)
	b.await(text, fmt.Sprintf(`/%s/.test(sessionStorage.seen || '')`, pattern))
	return eval[float64](b, `JSON.parse(sessionStorage.seen).At`)
}
