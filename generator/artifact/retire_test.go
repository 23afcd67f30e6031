package artifact

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// assets returns a tree of two tenants whose client scripts have the given hashes.
func assets(acme, globex string) map[string]string {
	files := map[string]string{"www/acme/web/embed.js": acme, "docs/assets/site." + acme + ".css": "css"}
	if acme != "" {
		files["www/acme/assets/client."+acme+".js"] = "client " + acme
	}
	if globex != "" {
		files["www/globex/assets/client."+globex+".js"] = "client " + globex
	}
	return files
}

// held lists the files below www/*/assets/ on disk, shortened.
func held(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for p := range disk(t, dir) {
		if isAsset(p) {
			list = append(list, p[len("www/"):])
		}
	}
	slices.Sort(list)
	return list
}

func TestEM14ReplacedAssetsStay(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		sum := write(t, dir, assets(fmt.Sprint(i), "0"))
		write(t, dir, assets(fmt.Sprint(i), "0")) // a build that changes nothing makes nothing older
		if want := min(i, Retention); sum.Retired != want {
			t.Errorf("build %d: %d assets stay, want %d", i, sum.Retired, want)
		}
	}
	want := []string{"globex/assets/client.0.js"}
	for i := 2; i < 8; i++ {
		want = append(want, fmt.Sprintf("acme/assets/client.%d.js", i))
	}
	slices.Sort(want)
	if got := held(t, dir); !slices.Equal(got, want) {
		t.Errorf("on disk: %v, want %v", got, want)
	}
	if got := disk(t, dir)["www/acme/assets/client.4.js"]; got != "client 4" {
		t.Errorf("an old asset reads %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "docs/assets/site.6.css")); err == nil {
		t.Error("assets of the documentation stay too")
	}
}

func TestEM14AFreshCloneIsClean(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, assets("1", "1"))
	write(t, dir, assets("2", "1"))
	now := tree(t, assets("2", "1"))
	if changes, err := Compare(now, dir); err != nil || len(changes) > 0 {
		t.Errorf("with an old asset Compare says %v, %v", changes, err)
	}
	fresh := t.TempDir()
	write(t, fresh, assets("2", "1"))
	for _, path := range []string{ManifestPath, "www/acme/assets/client.2.js"} {
		one, _ := os.ReadFile(filepath.Join(dir, path))
		two, err := os.ReadFile(filepath.Join(fresh, path))
		if err != nil || string(one) != string(two) {
			t.Errorf("%s differs from that of a fresh clone, %v", path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(fresh, retiredPath)); err == nil {
		t.Error("a build that replaced nothing left a state file")
	}
}

func TestEM14AnAssetComesBack(t *testing.T) {
	dir := t.TempDir()
	for _, hash := range []string{"1", "2", "1", "2", "1"} {
		write(t, dir, assets(hash, ""))
	}
	if got, want := held(t, dir), []string{"acme/assets/client.1.js", "acme/assets/client.2.js"}; !slices.Equal(got, want) {
		t.Errorf("on disk: %v, want %v", got, want)
	}
}

func TestEM14NothingStaysOfATenantThatIsGone(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, assets("1", "1"))
	write(t, dir, assets("1", "2"))
	write(t, dir, assets("1", ""))
	want := assets("1", "")
	if got := disk(t, dir); !maps.Equal(got, want) {
		t.Errorf("on disk: %v, want %v", got, want)
	}
}

func TestEM14KeepingNone(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, assets("1", ""))
	write(t, dir, assets("2", ""))
	sum, err := WriteKeeping(tree(t, assets("3", "")), dir, 0)
	if err != nil || sum.Retired != 0 {
		t.Errorf("got %+v, %v", sum, err)
	}
	if got := disk(t, dir); !maps.Equal(got, assets("3", "")) {
		t.Errorf("on disk: %v", got)
	}
}

// A killed build has remembered an asset that the manifest still lists.
func TestEM14AfterAKilledBuild(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, assets("1", ""))
	write(t, dir, assets("2", ""))
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	next := tree(t, assets("3", ""))
	w := newWriter(next, dir, root)
	w.keep = Retention
	stay, _ := retire(next, w.keep, readRetired(root), stale(root, next))
	for _, step := range []func() error{w.staging.open, w.announce, func() error { return w.remember(stay) }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	root.Close() // killed here

	write(t, dir, assets("3", ""))
	root, _ = os.OpenRoot(dir)
	defer root.Close()
	want := []retired{{"www/acme/assets/client.1.js", 1}, {"www/acme/assets/client.2.js", 0}}
	if got := readRetired(root); !slices.Equal(got, want) {
		t.Errorf("remembered %v, want %v", got, want)
	}
}

func TestEM14AHostileStateFileNamesNothingElse(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	write(t, dir, assets("1", ""))
	os.WriteFile(filepath.Join(parent, "outside"), nil, 0o666)
	os.WriteFile(filepath.Join(dir, "theirs"), nil, 0o666)
	os.Mkdir(filepath.Join(dir, "www", "acme", "assets", "folder"), 0o777)
	os.WriteFile(filepath.Join(dir, retiredPath), []byte(`{"assets": [{"path": "../outside", "builds": 9}, {"path": "theirs", "builds": 9},
		{"path": "www/../../outside/x", "builds": 9}, {"path": "www/acme/assets/folder", "builds": 9}, {"path": "www/acme/web/embed.js", "builds": 9}]}`), 0o666)
	write(t, dir, assets("2", ""))
	for _, p := range []string{"../outside", "theirs", "www/acme/assets/folder", "www/acme/web/embed.js"} {
		if _, err := os.Stat(filepath.Join(dir, p)); err != nil {
			t.Error(err)
		}
	}
}

func TestEM14AnAssetInTheWayGoes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"www/a/assets/x": "1", "www/a/assets/y": "1"})
	next := map[string]string{"www/a/assets/x/z": "2", "www/a/assets/y": "1"}
	write(t, dir, next)
	if got := disk(t, dir); !maps.Equal(got, next) {
		t.Errorf("on disk: %v, want %v", got, next)
	}
}
