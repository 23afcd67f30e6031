package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree reads all files below a folder, by slash path.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		files[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// differences lists the paths that two trees do not agree on.
func differences(a, b map[string]string) []string {
	var list []string
	for p := range a {
		if text, ok := b[p]; !ok || text != a[p] {
			list = append(list, p)
		}
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

func TestBuildGivesTheSameBytesEverywhere(t *testing.T) {
	dir := newProject(t)
	must(t, dir, "build", "-o", "one")
	want := tree(t, filepath.Join(dir, "one"))
	must(t, dir, "build", "-o", "two")
	if list := differences(want, tree(t, filepath.Join(dir, "two"))); len(list) > 0 {
		t.Errorf("a second build differs in %v", list)
	}
	elsewhere := newProject(t)
	env := []string{"GOMAXPROCS=1", "TZ=Asia/Tokyo", "LANG=zh_CN.UTF-8", "NO_COLOR=1", "HOME=" + elsewhere}
	if o := embedgenIn(t, "/", env, "build", "-c", filepath.Join(elsewhere, "channels.yaml"), "-o", filepath.Join(elsewhere, "out")); o.status != 0 {
		t.Fatal(o)
	}
	if list := differences(want, tree(t, filepath.Join(elsewhere, "out"))); len(list) > 0 {
		t.Errorf("a build in another place with one processor differs in %v", list)
	}
	checkManifest(t, want)
	checkPlaces(t, want)
}

// checkManifest: every file but the manifest, sorted, with size and digest (DESIGN section 3).
func checkManifest(t *testing.T, files map[string]string) {
	t.Helper()
	var manifest struct {
		Files []struct {
			Path   string
			Bytes  int
			Sha256 string
		}
	}
	if err := json.Unmarshal([]byte(files["manifest.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, f := range manifest.Files {
		listed = append(listed, f.Path)
		sum := sha256.Sum256([]byte(files[f.Path]))
		if f.Bytes != len(files[f.Path]) || f.Sha256 != hex.EncodeToString(sum[:]) {
			t.Errorf("the manifest is wrong about %s", f.Path)
		}
	}
	want := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(p string) bool { return p == "manifest.json" })
	if !slices.Equal(listed, want) {
		t.Errorf("the manifest lists %v, want %v", listed, want)
	}
}

// checkPlaces: the files of DESIGN section 3 are where it says.
func checkPlaces(t *testing.T, files map[string]string) {
	t.Helper()
	for _, ch := range channels(committed(t)) {
		want := []string{
			"www/" + ch.name() + "/index.html", "www/" + ch.name() + "/embed.js", "snippets/" + ch.name() + ".html",
			"nginx/" + ch.tenant + "/locations.conf", "nginx/" + ch.tenant + "/http.conf",
		}
		if ch.cobrowse == "extension" {
			want = append(want, "extension/"+ch.tenant+"/manifest.json")
		}
		for _, p := range want {
			if files[p] == "" {
				t.Errorf("no %s", p)
			}
		}
	}
}

// TestCommittedOutputIsFresh clones what is committed, builds the program from it, and checks.
func TestCommittedOutputIsFresh(t *testing.T) {
	clone := filepath.Join(t.TempDir(), "clone")
	git := exec.Command("git", "-c", "safe.directory=*", "clone", "-q", "--no-hardlinks", repository, clone)
	if out, err := git.CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v\n%s", err, out)
	}
	check := exec.Command("go", "run", "./cmd/embedgen", "build", "--check")
	check.Dir = clone
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("build --check: %v\n%s", err, out)
	}
}

func TestBuildCheckSeesEveryChangeAndWritesNothing(t *testing.T) {
	dir := newProject(t)
	must(t, dir, "build")
	must(t, dir, "build", "--check")
	out := filepath.Join(dir, "out")
	page := filepath.Join(out, "www/acme/web_support/index.html")
	for name, change := range map[string]func(){
		"changed": func() { writeFile(t, page, "x") },
		"missing": func() { os.Remove(page) },
	} {
		change()
		before := tree(t, out)
		if o := embedgen(t, dir, "build", "--check"); o.status != 1 || !strings.Contains(o.stdout, "www/acme/web_support/index.html") {
			t.Errorf("%s: %v", name, o)
		}
		if list := differences(before, tree(t, out)); len(list) > 0 {
			t.Errorf("--check wrote %v", list)
		}
		must(t, dir, "build")
		must(t, dir, "build", "--check")
	}
}

func TestBuildWritesNothingOnErrors(t *testing.T) {
	dir := newProject(t)
	path := filepath.Join(dir, "channels.yaml")
	good := readFile(t, path)
	bad := strings.Replace(good, "locale: zh", "locale: 7", 1)
	writeFile(t, path, bad)
	if o := embedgen(t, dir, "build"); o.status != 1 {
		t.Errorf("a broken file: %v", o)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("out was made in spite of an error")
	}
	writeFile(t, path, good)
	must(t, dir, "build")
	before := tree(t, filepath.Join(dir, "out"))
	writeFile(t, path, strings.Replace(bad, "Acme Bank", "Other Bank", 1))
	embedgen(t, dir, "build")
	if list := differences(before, tree(t, filepath.Join(dir, "out"))); len(list) > 0 {
		t.Errorf("written in spite of an error: %v", list)
	}
}

func TestBuildDeletesOnlyItsOwnFiles(t *testing.T) {
	dir := newProject(t)
	must(t, dir, "build")
	for _, p := range []string{"README", "www/acme/robots.txt", "www/acme/web_loans/notes.txt"} {
		writeFile(t, filepath.Join(dir, "out", p), "mine")
	}
	doc := committed(t)
	acme := at(doc, "acme")
	acme["channels"] = acme["channels"].([]any)[:2]
	save(t, dir, doc)
	must(t, dir, "build")
	files := tree(t, filepath.Join(dir, "out"))
	for _, p := range []string{"README", "www/acme/robots.txt", "www/acme/web_loans/notes.txt"} {
		if files[p] != "mine" {
			t.Errorf("%s is gone", p)
		}
	}
	for _, p := range []string{"www/acme/web_loans/index.html", "www/acme/web_loans/embed.js", "snippets/acme/web_loans.html"} {
		if _, ok := files[p]; ok {
			t.Errorf("%s is still there", p)
		}
	}
}

// crowd is the committed file with many more channels, all of whose names carry a mark.
func crowd(t testing.TB, mark string) object {
	doc := committed(t)
	acme := at(doc, "acme")
	list := acme["channels"].([]any)
	for i := range 60 {
		list = append(list, object{
			"id": fmt.Sprintf("c%d", i), "name": mark, "channelConfigId": fmt.Sprint(300000000000 + i),
			"secretKey": object{"env": "NOT_NEEDED_TO_BUILD"},
		})
	}
	acme["channels"], acme["name"] = list, mark
	return doc
}

// TestKilledBuildsLeaveWholeFiles kills builds at many moments: every file is the old or the new
// one, and the next build heals the rest.
func TestKilledBuildsLeaveWholeFiles(t *testing.T) {
	dir := newProject(t)
	out := filepath.Join(dir, "out")
	states := map[string]map[string]string{}
	var took time.Duration
	for _, mark := range []string{"old", "new"} {
		save(t, dir, crowd(t, mark))
		begin := time.Now()
		must(t, dir, "build")
		took = time.Since(begin)
		states[mark] = tree(t, out)
	}
	mixed := 0
	for i := range 8 {
		mark := []string{"old", "new"}[i%2]
		save(t, dir, crowd(t, mark))
		killAfter(t, dir, took*time.Duration(i+1)/8)
		files := tree(t, out)
		for p, text := range files {
			before, after := states["old"][p], states["new"][p]
			if text != before && text != after && (before != "" || after != "") {
				t.Errorf("%s is neither old nor new", p)
			}
		}
		if len(differences(files, states["old"])) > 0 && len(differences(files, states["new"])) > 0 {
			mixed++
		}
		must(t, dir, "build")
		if list := differences(states[mark], tree(t, out)); len(list) > 0 {
			t.Fatalf("the next build did not heal %v", list)
		}
	}
	if mixed == 0 {
		t.Log("no build was killed while it wrote")
	}
}

func killAfter(t *testing.T, dir string, d time.Duration) {
	t.Helper()
	cmd := exec.Command(program, "build")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
	cmd.Process.Kill()
	cmd.Wait()
}
