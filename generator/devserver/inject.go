package devserver

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
)

// clientTag is the script element of the reload client. Its address is relative, so that it
// works below a prefix that a proxy in front takes away; data-state names the build that the page
// shows.
func clientTag(path, mark, nonce string) string {
	up := strings.Repeat("../", strings.Count(path, "/")-1)
	return fmt.Sprintf(`<script src="%s_embedgen/reload.js" data-state="%s" nonce="%s" defer></script>`, up, mark, nonce)
}

// inject puts the tag before the end of the body, and leaves every other byte as it is.
func inject(page []byte, tag string) []byte {
	i := bytes.LastIndex(lowerBytes(page), []byte("</body"))
	if i < 0 {
		i = len(page)
	}
	out := make([]byte, 0, len(page)+len(tag))
	out = append(out, page[:i]...)
	out = append(out, tag...)
	return append(out, page[i:]...)
}

// lowerBytes folds A to Z, byte for byte: positions stay the same.
func lowerBytes(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// html answers with a page that carries the reload client. An empty policy sends none.
func (c *call) html(status int, page []byte, policy string) {
	nonce := rand.Text()
	if policy != "" {
		c.w.Header().Set("Content-Security-Policy", withNonce(policy, nonce))
	}
	c.body(status, "text/html; charset=utf-8", inject(page, clientTag(c.r.URL.Path, c.st.mark(), nonce)))
}
