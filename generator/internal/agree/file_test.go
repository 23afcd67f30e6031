package agree

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"embedgen/generator/render/route"
)

// throughFiles is through with the servers that serve www as production does.
func throughFiles(t *testing.T, test func(*testing.T, *server)) {
	throughThose(t, withFiles, func(t *testing.T, s *server) {
		root := s.config["Root"]
		paths := []string{"acme/assets/photo.0123abcd.png", "acme/assets/strange.0123abcd.weird", "acme/data.json", "acme/other.html", "../secret.txt"}
		for _, m := range route.MediaTypes {
			for _, extension := range m.Extensions {
				paths = append(paths, "acme/assets/file.0123abcd."+extension)
			}
		}
		for _, path := range paths {
			if err := os.WriteFile(filepath.Join(root, path), []byte("secret"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		test(t, s)
	})
}

// fileRow is a file of www, and what a browser is told about it.
type fileRow struct{ path, media, cache, policy string }

func TestNG13Files(t *testing.T) {
	const asset = "public, max-age=31536000, immutable"
	throughFiles(t, func(t *testing.T, s *server) {
		policy := map[string]string{}
		for _, tenant := range s.built.Site.Tenants {
			for _, c := range tenant.Channels {
				policy[c.ID] = s.policy(c)
			}
		}
		rows := []fileRow{
			{"/acme/web_support/", "text/html; charset=utf-8", "no-cache", policy["web_support"]},
			{"/acme/web_support/?utm=x", "text/html; charset=utf-8", "no-cache", policy["web_support"]},
			{"/acme/web_private/index.html", "text/html; charset=utf-8", "no-cache", policy["web_private"]},
			{"/globex/shop_help/", "text/html; charset=utf-8", "no-cache", policy["shop_help"]},
			{"/acme/web_support/embed.js", "text/javascript; charset=utf-8", "public, max-age=300", ""},
			{"/acme/assets/photo.0123abcd.png", "image/png", asset, ""},
			{"/acme/assets/strange.0123abcd.weird", "application/octet-stream", asset, ""},
			{"/acme/data.json", "application/json; charset=utf-8", "no-cache", ""},
		}
		for _, m := range route.MediaTypes {
			for _, extension := range m.Extensions {
				kind := m.Type
				if m.Text {
					kind += "; charset=utf-8"
				}
				rows = append(rows, fileRow{"/acme/assets/file.0123abcd." + extension, kind, asset, ""})
			}
		}
		for _, f := range s.built.Tree.Files() {
			if rest, ok := strings.CutPrefix(f.Path, "www/acme/assets/"); ok {
				rows = append(rows, fileRow{"/acme/assets/" + rest, "text/javascript; charset=utf-8", asset, ""})
			}
		}
		for _, row := range rows {
			r := s.get(row.path)
			got := fmt.Sprintf("%d %q %q %q", r.Status, join(r, "Content-Type"), join(r, "Cache-Control"), join(r, "Content-Security-Policy"))
			if want := fmt.Sprintf("%d %q %q %q", 200, row.media, row.cache, row.policy); got != want {
				t.Errorf("%s: %s, want %s", row.path, got, want)
			}
			if join(r, "X-Content-Type-Options") != "nosniff" || join(r, "ETag") == "" || join(r, "Expires")+join(r, "Permissions-Policy") != "" {
				t.Errorf("%s: %v", row.path, r.Header)
			}
			if again := s.get(row.path, "If-None-Match: "+join(r, "ETag")); again.Status != 304 || join(again, "Cache-Control") != row.cache {
				t.Errorf("%s: %d, %q on revalidation", row.path, again.Status, join(again, "Cache-Control"))
			}
			if part := s.get(row.path, "Range: bytes=0-2"); part.Status != 206 || string(part.Body) != string(r.Body[:3]) {
				t.Errorf("%s: %d %q for a range", row.path, part.Status, part.Body)
			}
			if head := s.send("HEAD", row.path, ""); head.Status != 200 || join(head, "Content-Type") != row.media {
				t.Errorf("%s: HEAD %d", row.path, head.Status)
			}
		}
		s.quiet("files")
	})
}

func TestNG13Refused(t *testing.T) {
	throughFiles(t, func(t *testing.T, s *server) {
		for _, path := range []string{
			"/acme/none", "/acme/none/", "/acme/none/index.html", "/acme/assets/none.js", "/acme/web_support/none", "/acme/", "/acme/assets/", "/acme/assets",
			"/acme../secret.txt", "/acme/../secret.txt", "/acme/..%2f..%2fsecret.txt", "/acme/assets/../../../secret.txt",
			"/acme/%2e%2e/%2e%2e/secret.txt", "/acme/assets/..%5c..%5c..%5csecret.txt", "/acme/.%00./secret.txt", "/acme/web_support/index.html/", "/acme/web_support/embed.js/",
		} {
			r := s.get(path)
			if string(r.Body) == "secret" || strings.Contains(string(r.Body), "0123abcd") {
				t.Errorf("%s: %d %q", path, r.Status, r.Body)
			}
			if r.Status == 200 && string(r.Body) != "site" {
				t.Errorf("%s: %d %q", path, r.Status, r.Body)
			}
			if r.Status == 404 && join(r, "Cache-Control")+join(r, "Expires") != "" {
				t.Errorf("%s: 404 with Cache-Control %q, Expires %q", path, join(r, "Cache-Control"), join(r, "Expires"))
			}
		}
		if r := s.get("/acme/web_support?a=b"); !slices.Contains([]int{301, 308}, r.Status) || !strings.HasPrefix(join(r, "Location"), "/acme/web_support/") {
			t.Errorf("%d, Location %q", r.Status, join(r, "Location"))
		}
	})
}

func TestNG13Methods(t *testing.T) {
	throughFiles(t, func(t *testing.T, s *server) {
		for _, path := range []string{"/acme/web_support/", "/acme/web_support/index.html", "/acme/web_support/embed.js", "/acme/assets/photo.0123abcd.png"} {
			for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
				if r := s.send(method, path, "x"); r.Status != 405 || join(r, "Cache-Control") != "" || join(r, "X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s %s: %d, Cache-Control %q", method, path, r.Status, join(r, "Cache-Control"))
				}
			}
		}
	})
}
