package script_test

import (
	"slices"
	"testing"

	"embedgen/generator/site"
)

// TestEM15NoOtherHost: a whole start asks the site itself and, in direct mode, CEC.
func TestEM15NoOtherHost(t *testing.T) {
	for _, mode := range modes {
		for _, direct := range []bool{false, true} {
			t.Run(string(mode)+map[bool]string{true: " direct"}[direct], func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				ch := w.channel(mode, loading(site.Interaction), func(ch *site.Channel) { ch.Cobrowse = site.CobrowseScripts })
				want := []string{w.origin}
				if direct {
					w.direct(ch)
					want = append(want, ch.Context.CEC)
				}
				slices.Sort(want)
				b := newTab(t, "")
				b.open(w.origin + "/acme/" + ch.ID + "/")
				b.wait(facade)
				b.eval(facade + ".click()")
				b.wait(cecIcon)
				b.want("[...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin).concat(location.origin))].sort()", want)
				b.want("performance.getEntriesByType('resource').length > 4", true)
				b.clean()
			})
		}
	}
}
