package artifact

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Summary says what [Write] did.
type Summary struct {
	Written int   // files that were new or had other bytes
	Kept    int   // files that were already right
	Removed int   // stale files
	Retired int   // replaced assets that stay for pages cached before this build
	Bytes   int64 // of all files of the tree
}

// Write brings a directory to the state of the tree. A file appears whole or not at all: it is
// written elsewhere in the directory and renamed. Files that are right already are not touched.
// Stale files of an earlier manifest are removed, and folders that this empties. Replaced assets of
// www/<tenant>/assets/ stay for [Retention] builds.
//
// While a build runs the manifest lists the old and the new files, so that whatever a killed
// build leaves is known to the next one. Paths that leave the directory, through symbolic links
// too, are refused by [os.Root].
func Write(t *Tree, dir string) (Summary, error) { return WriteKeeping(t, dir, Retention) }

// WriteKeeping is [Write] with another number of builds that replaced assets stay for.
func WriteKeeping(t *Tree, dir string, keep int) (Summary, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return Summary{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Summary{}, err
	}
	defer root.Close()
	w := newWriter(t, dir, root)
	w.keep = keep
	return w.run()
}

type writer struct {
	root    *os.Root
	tree    *Tree
	staging *staging
	keep    int
}

func newWriter(t *Tree, dir string, root *os.Root) *writer {
	return &writer{root: root, tree: t, staging: newStaging(dir, root)}
}

func (w *writer) run() (Summary, error) {
	if err := w.staging.open(); err != nil {
		return Summary{}, err
	}
	defer w.staging.close()
	sum := Summary{Bytes: w.tree.Bytes()}
	if err := w.announce(); err != nil {
		return sum, err
	}
	old := stale(w.root, w.tree)
	assets, gone := retire(w.tree, w.keep, readRetired(w.root), old)
	if err := w.remember(assets); err != nil {
		return sum, err
	}
	inTheWay, gone := w.split(gone)
	if err := w.remove(inTheWay); err != nil {
		return sum, err
	}
	written, err := w.writeAll()
	if err != nil {
		return sum, err
	}
	sum.Written, sum.Kept = written, len(w.tree.files)-written
	if err := w.remove(gone); err != nil {
		return sum, err
	}
	sum.Removed, sum.Retired = len(inTheWay)+len(gone), len(assets)
	_, err = w.put(w.tree.manifest)
	return sum, err
}

// announce writes the union of the old and the new manifest when the new tree has files that
// the old manifest does not know.
func (w *writer) announce() error {
	old := readManifest(w.root)
	if len(old) == 0 {
		return w.announceOf(nil)
	}
	known := make(map[string]bool, len(old))
	for _, e := range old {
		known[e.Path] = true
	}
	for _, f := range w.tree.files {
		if !known[f.Path] {
			return w.announceOf(old)
		}
	}
	return nil
}

func (w *writer) announceOf(old []entry) error {
	union := w.tree.entries()
	for _, e := range old {
		if _, ok := w.tree.Lookup(e.Path); !ok {
			union = append(union, e)
		}
	}
	slices.SortFunc(union, func(a, b entry) int { return cmp.Compare(a.Path, b.Path) })
	_, err := w.put(NewFile(ManifestPath, encodeManifest(union)))
	return err
}

// split parts the stale files that must go before anything is written, since their path is now
// a folder or one of their folders is now a file, from those that go last.
func (w *writer) split(list []Change) (inTheWay, rest []Change) {
	_, folders := w.tree.folders()
	for _, c := range list {
		if folders[c.Path] || w.below(c.Path) {
			inTheWay = append(inTheWay, c)
		} else {
			rest = append(rest, c)
		}
	}
	return inTheWay, rest
}

func (w *writer) below(p string) bool {
	for d := range parents(p) {
		if _, ok := w.tree.Lookup(d); ok {
			return true
		}
	}
	return false
}

// writeAll writes what differs, on all cores, and returns how many files that were.
func (w *writer) writeAll() (int, error) {
	var written, next atomic.Int64
	var group errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(w.tree.files) {
					return nil
				}
				wrote, err := w.put(w.tree.files[i])
				if err != nil {
					return err
				}
				if wrote {
					written.Add(1)
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	return int(written.Load()), w.staging.publish()
}

// put makes one file right and reports whether it had to be written. What lies in a folder that
// does not exist yet appears when the staging is published.
func (w *writer) put(f File) (bool, error) {
	fresh, err := w.staging.folder(path.Dir(f.Path))
	if err != nil {
		return false, err
	}
	if fresh {
		return true, w.staging.write(f)
	}
	if kind, err := state(w.root, f); err != nil || kind == "" {
		return false, err
	}
	return true, w.staging.replace(f)
}

// remove deletes stale files and the folders that this leaves empty.
func (w *writer) remove(list []Change) error {
	for _, c := range list {
		if err := w.root.Remove(c.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for d := range parents(c.Path) {
			if w.root.Remove(d) != nil {
				break // not empty
			}
		}
	}
	return nil
}
