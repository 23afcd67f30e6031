package artifact

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// retiredPath is where an output directory remembers the replaced assets that it still holds. It
// is no part of the tree: the manifest does not list it, [Compare] does not look at it, and there
// is none where nothing was replaced.
const retiredPath = ".embedgen-assets.json"

// Retention is for how many builds [Write] keeps a replaced asset, counting only builds that replace
// assets of the same folder.
const Retention = 5

// retired is an asset that the tree no longer has. A page that a browser or a proxy cached may
// still ask for it by its hashed name, so it stays for a while.
type retired struct {
	Path   string `json:"path"`
	Builds int    `json:"builds"` // that have replaced assets of its folder since
}

// isAsset reports whether a path is www/<tenant>/assets/<name>: hashed, immutable, and public.
func isAsset(p string) bool {
	parts := strings.Split(p, "/")
	return fs.ValidPath(p) && len(parts) == 4 && parts[0] == "www" && parts[2] == "assets"
}

func readRetired(root *os.Root) []retired {
	data, err := root.ReadFile(retiredPath)
	if err != nil {
		return nil
	}
	var state struct{ Assets []retired }
	if json.Unmarshal(data, &state) != nil {
		return nil
	}
	return slices.DeleteFunc(state.Assets, func(r retired) bool {
		if !isAsset(r.Path) {
			return true
		}
		info, err := root.Lstat(r.Path)
		return err != nil || !info.Mode().IsRegular()
	})
}

// retire parts stale files, and the assets that stayed so far, into assets that stay for at most keep
// builds and files that go. Nothing stays of a folder that the tree has no more files in.
//
// A build that was killed may have retired assets that the manifest still lists: those are known
// already, and make nobody older.
func retire(t *Tree, keep int, known []retired, stale []Change) (stay []retired, gone []Change) {
	all := slices.Clone(known)
	aging := map[string]bool{} // folders with newly replaced assets
	for _, c := range stale {
		switch {
		case !isAsset(c.Path):
			gone = append(gone, c)
		case !slices.ContainsFunc(known, func(r retired) bool { return r.Path == c.Path }):
			all = append(all, retired{Path: c.Path, Builds: -1})
			aging[path.Dir(c.Path)] = true
		}
	}
	live, folders := t.folders()
	for _, r := range all {
		if _, back := t.Lookup(r.Path); back {
			continue
		}
		dir := path.Dir(r.Path)
		if aging[dir] {
			r.Builds++
		}
		if r.Builds < keep && live[dir] && !folders[r.Path] {
			stay = append(stay, r)
		} else {
			gone = append(gone, Change{r.Path, Stale})
		}
	}
	slices.SortFunc(stay, func(a, b retired) int { return cmp.Compare(a.Path, b.Path) })
	return stay, gone
}

// folders returns the folders that hold files themselves, and all folders.
func (t *Tree) folders() (live, all map[string]bool) {
	live, all = map[string]bool{}, map[string]bool{}
	for _, f := range t.files {
		live[path.Dir(f.Path)] = true
		for d := range parents(f.Path) {
			all[d] = true
		}
	}
	return live, all
}

// encodeRetired writes one asset a line.
func encodeRetired(list []retired) []byte {
	var b strings.Builder
	b.WriteString("{\"assets\": [")
	for i, r := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(r) // a string and a number always encode
		b.WriteString("\n  ")
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return []byte(b.String())
}

// remember writes down what stays, before anything is removed.
func (w *writer) remember(list []retired) error {
	if len(list) > 0 {
		_, err := w.put(NewFile(retiredPath, encodeRetired(list)))
		return err
	}
	return w.remove([]Change{{retiredPath, Stale}})
}
