package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestNew(t *testing.T) {
	ctx := New(t, 30*time.Second, nil)
	if err := chromedp.Do(ctx, chromedp.Navigate("data:text/html,<title>hello</title>")); err != nil {
		t.Fatal(err)
	}
	if title, err := chromedp.Run(ctx, chromedp.Title()); err != nil || title != "hello" {
		t.Errorf("title %q, %v", title, err)
	}
}
