package devserver

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"embedgen/generator/diag"
)

// broken answers every request while there is no good build: 500 and the diagnostics.
func (c *call) broken() {
	if !c.wantsHTML() {
		var text bytes.Buffer
		diag.Text(&text, c.st.problems, false)
		c.body(http.StatusInternalServerError, "text/plain; charset=utf-8", text.Bytes())
		return
	}
	c.page(http.StatusInternalServerError, "broken", struct {
		frame
		Problems []problem
	}{c.frame(), problems(c.st.problems)})
}

// link is an address and what it is called.
type link struct{ Href, Text string }

// notFound says what there is instead.
func (c *call) notFound() {
	if !isRead(c.r.Method) || !c.wantsHTML() {
		c.text(http.StatusNotFound, "nothing is at "+quote(c.r.URL.Path))
		return
	}
	c.page(http.StatusNotFound, "notfound", struct {
		frame
		Path  string
		Near  []link
		Pages []link
	}{c.frame(), c.r.URL.Path, c.near(), c.channelPages()})
}

// near lists the paths of this host that look most like the one that was asked for.
func (c *call) near() []link {
	if c.st.good == nil {
		return nil
	}
	type scored struct {
		url   string
		score int
	}
	var list []scored
	for at, v := range c.st.history {
		if v.hash == "" || !isHTML(contentType(at.url)) || at.tenant != "" && c.view.tenant != "" && at.tenant != c.view.tenant {
			continue
		}
		url := strings.TrimSuffix(at.url, "index.html")
		if d := distance(c.r.URL.Path, url); d <= 3 {
			list = append(list, scored{url, d})
		}
	}
	slices.SortFunc(list, func(a, b scored) int {
		if a.score != b.score {
			return a.score - b.score
		}
		return strings.Compare(a.url, b.url)
	})
	var links []link
	base := c.frame().Base
	for _, s := range list[:min(len(list), 5)] {
		links = append(links, link{base + strings.TrimPrefix(s.url, "/"), s.url})
	}
	return links
}

func (c *call) channelPages() []link {
	if c.st.good == nil {
		return nil
	}
	var links []link
	base := c.frame().Base
	for _, t := range c.st.good.tenantsOf(c.view) {
		for _, ch := range t.Channels {
			url := t.PublicPath + ch.ID + "/"
			links = append(links, link{base + url[1:], url})
		}
	}
	return links[:min(len(links), 20)]
}

// distance is the number of insertions, deletions and replacements of bytes between two paths;
// of long ones it only says that it is large.
func distance(a, b string) int {
	const most = 200
	if len(a) > most || len(b) > most || len(a)-len(b) > 3 || len(b)-len(a) > 3 {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
