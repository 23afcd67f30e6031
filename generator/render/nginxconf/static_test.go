package nginxconf

import (
	"strings"
	"testing"
)

func TestNG13Files(t *testing.T) {
	st := newStage(t).open(t)
	const asset = "public, max-age=31536000, immutable"
	for _, c := range []struct{ path, media, cache string }{
		{"/acme/web_support/", "text/html; charset=utf-8", "no-cache"},
		{"/acme/web_support/?utm=x", "text/html; charset=utf-8", "no-cache"},
		{"/acme/web_support/index.html", "text/html; charset=utf-8", "no-cache"},
		{"/acme/web_support/embed.js", "text/javascript; charset=utf-8", "public, max-age=300"},
		{"/acme/assets/style.0123abcd.css", "text/css; charset=utf-8", asset},
		{"/acme/assets/jquery.0123abcd.js", "text/javascript; charset=utf-8", asset},
		{"/acme/assets/icon.0123abcd.svg", "image/svg+xml; charset=utf-8", asset},
		{"/acme/assets/photo.0123abcd.png", "image/png", asset},
		{"/acme/assets/font.0123abcd.woff2", "font/woff2", asset},
		{"/acme/assets/map.0123abcd.json", "application/json; charset=utf-8", asset},
		{"/acme/assets/strange.0123abcd.weird", "application/octet-stream", asset},
		{"/globex/shop_help/", "text/html; charset=utf-8", "no-cache"},
	} {
		r := st.nginx.Get(t, c.path)
		if r.Status != 200 || header(r, "Content-Type") != c.media || header(r, "Cache-Control") != c.cache {
			t.Errorf("%s: %d, %q, %q", c.path, r.Status, header(r, "Content-Type"), header(r, "Cache-Control"))
		}
		if header(r, "X-Content-Type-Options") != "nosniff" || header(r, "ETag") == "" || header(r, "Expires") != "" {
			t.Errorf("%s: nosniff %q, ETag %q, Expires %q", c.path, header(r, "X-Content-Type-Options"), header(r, "ETag"), header(r, "Expires"))
		}
		policy := ""
		if strings.HasPrefix(c.media, "text/html") {
			policy = acmePolicy
		}
		if got := header(r, "Content-Security-Policy"); got != policy {
			t.Errorf("%s: policy %q, want %q", c.path, got, policy)
		}
		if got := header(r, "Permissions-Policy"); got != "" {
			t.Errorf("%s: Permissions-Policy %q", c.path, got)
		}
		if again := st.nginx.Get(t, c.path, "If-None-Match: "+header(r, "ETag")); again.Status != 304 || header(again, "Cache-Control") != c.cache {
			t.Errorf("%s: %d, %q on revalidation", c.path, again.Status, header(again, "Cache-Control"))
		}
		if head := st.nginx.Do(t, "HEAD", c.path, ""); head.Status != 200 {
			t.Errorf("%s: HEAD %d", c.path, head.Status)
		}
	}
	st.quiet(t)
}

func TestNG13Refused(t *testing.T) {
	st := newStage(t).open(t)
	for _, c := range []struct {
		path string
		want []int
	}{
		{"/acme/none", []int{404}},
		{"/acme/none/index.html", []int{404}},
		{"/acme/assets/none.js", []int{404}},
		{"/acme/web_private/", []int{403, 404}}, // configured, but not deployed
		{"/acme/web_private/embed.js", []int{404}},
		{"/acme/", []int{403}},
		{"/acme/assets/", []int{403}},
		{"/acme../secret.txt", []int{200}}, // "site": not this location
		{"/acme/../secret.txt", []int{200}},
		{"/acme/..%2f..%2fsecret.txt", []int{400}},
		{"/acme/assets/../../../secret.txt", []int{400}},
		{"/acme/%2e%2e/secret.txt", []int{200}},
		{"/acme/assets/..%5c..%5csecret.txt", []int{404}},
		{"/acme/.%00./secret.txt", []int{400}},
	} {
		r := st.nginx.Get(t, c.path)
		found := false
		for _, status := range c.want {
			found = found || r.Status == status
		}
		if !found || string(r.Body) == "secret" {
			t.Errorf("%s: %d %q, want %v", c.path, r.Status, r.Body, c.want)
		}
		if strings.Contains(string(r.Body), "0123abcd") {
			t.Errorf("%s: a listing", c.path)
		}
		if r.Status == 404 && (header(r, "Cache-Control") != "" || header(r, "Expires") != "") {
			t.Errorf("%s: 404 with Cache-Control %q, Expires %q", c.path, header(r, "Cache-Control"), header(r, "Expires"))
		}
	}
}

func TestNG13Methods(t *testing.T) {
	st := newStage(t).open(t)
	for _, path := range []string{"/acme/web_support/", "/acme/web_support/index.html", "/acme/web_support/embed.js", "/acme/assets/style.0123abcd.css"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
			if r := st.nginx.Do(t, method, path, "x"); r.Status != 405 || header(r, "Cache-Control") != "" || header(r, "X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: %d, Cache-Control %q", method, path, r.Status, header(r, "Cache-Control"))
			}
		}
	}
}

func TestNG13DirectoryRedirect(t *testing.T) {
	st := newStage(t).open(t)
	r := st.nginx.Get(t, "/acme/web_support?a=b")
	if r.Status != 301 || header(r, "Location") != "/acme/web_support/?a=b" {
		t.Errorf("%d, Location %q", r.Status, header(r, "Location"))
	}
}

// A public path that is not the tenant's id, and a root with a space.
func TestNG13PublicPath(t *testing.T) {
	st := newStage(t)
	st.site.Tenants[0].PublicPath = "/help/chat/"
	st.open(t)
	if r := st.nginx.Get(t, "/help/chat/web_support/"); r.Status != 200 || header(r, "Content-Security-Policy") != acmePolicy {
		t.Errorf("%d %v", r.Status, r.Header)
	}
	if r := st.nginx.Get(t, "/help/chat/assets/style.0123abcd.css"); r.Status != 200 {
		t.Errorf("asset: %d", r.Status)
	}
}
