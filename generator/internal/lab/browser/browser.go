// Package browser is test support: a headless Chromium with a fresh profile. It is apart from
// package lab because its library takes long to compile.
package browser

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"embedgen/generator/internal/lab"
)

// New starts Chromium and returns a chromedp context, which ends after the timeout or with the
// test; run its actions with [chromedp.Do] and [chromedp.Run]. More flags go by their names without
// dashes; a value is true or a string. Without Chromium the test is skipped, or fails if CI is set.
func New(t testing.TB, timeout time.Duration, flags map[string]any) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(lab.Program(t, "chromium", "chromium-browser", "google-chrome")),
		chromedp.UserDataDir(t.TempDir()),
	}
	for name, value := range defaults() {
		options = append(options, chromedp.Flag(name, value))
	}
	for name, value := range flags {
		options = append(options, chromedp.Flag(name, value))
	}
	ctx, cancelTimeout := context.WithTimeout(context.Background(), timeout)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		chromedp.Cancel(ctx) // waits for the browser to close, so that its profile can be removed
		cancel()
		cancelAllocator()
		cancelTimeout()
	})
	return ctx
}

func defaults() map[string]any {
	flags := map[string]any{}
	for _, name := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
		"disable-background-networking", "disable-component-update", "disable-sync",
	} {
		flags[name] = true
	}
	return flags
}
