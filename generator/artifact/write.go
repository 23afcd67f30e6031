package artifact

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// stagingPrefix starts the name of the folder, inside the output directory, where files are
// written before they are renamed into place. What a killed build left there is ours to remove.
const stagingPrefix = ".embedgen-staging"

// ChangeKind says how a file on disk differs from the tree.
type ChangeKind string

const (
	Missing ChangeKind = "missing" // in the tree, not on disk
	Changed ChangeKind = "changed" // on disk with other bytes
	Stale   ChangeKind = "stale"   // on disk and in its manifest, not in the tree
)

// Change is one difference between a tree and a directory.
type Change struct {
	Path string     `json:"path"`
	Kind ChangeKind `json:"kind"`
}

// Summary says what [Write] did.
type Summary struct {
	Written int   // files that were new or had other bytes
	Kept    int   // files that were already right
	Removed int   // stale files
	Bytes   int64 // of all files of the tree
}

// Compare returns the differences between the tree and a directory, sorted by path. Files that
// neither the tree nor the directory's manifest knows are not looked at. A directory that does
// not exist differs in every file.
func Compare(t *Tree, dir string) ([]Change, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return t.allMissing(), nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	changes := stale(root, t)
	for _, f := range append(slices.Clone(t.files), t.manifest) {
		kind, err := state(root, f)
		if err != nil {
			return nil, err
		}
		if kind != "" {
			changes = append(changes, Change{f.Path, kind})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes, nil
}

func (t *Tree) allMissing() []Change {
	var list []Change
	for _, f := range t.files {
		list = append(list, Change{f.Path, Missing})
	}
	return append(list, Change{ManifestPath, Missing})
}

// state compares one file with the disk; "" means the same bytes.
func state(root *os.Root, f File) (ChangeKind, error) {
	h, err := root.Open(f.Path)
	if errors.Is(err, fs.ErrNotExist) || notDir(root, f.Path) {
		return Missing, nil
	}
	if err != nil {
		return "", err
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() != int64(len(f.Data)) {
		return Changed, nil
	}
	data, err := io.ReadAll(h)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(data, f.Data) {
		return Changed, nil
	}
	return "", nil
}

// notDir reports whether a parent of p is a file, so that p cannot exist.
func notDir(root *os.Root, p string) bool {
	for d := range parents(p) {
		if info, err := root.Lstat(d); err == nil {
			return info.Mode().IsRegular()
		}
	}
	return false
}

// stale lists the files that the directory's manifest names and the tree does not have. A
// manifest that cannot be read names nothing: then nothing is ever deleted.
func stale(root *os.Root, t *Tree) []Change {
	var list []Change
	for _, e := range readManifest(root) {
		if _, ok := t.Lookup(e.Path); ok || !fs.ValidPath(e.Path) {
			continue
		}
		if info, err := root.Lstat(e.Path); err == nil && !info.IsDir() {
			list = append(list, Change{e.Path, Stale})
		}
	}
	return list
}

func readManifest(root *os.Root) []entry {
	data, err := root.ReadFile(ManifestPath)
	if err != nil {
		return nil
	}
	list, err := decodeManifest(data)
	if err != nil {
		return nil
	}
	return list
}

// Write brings a directory to the state of the tree. A file appears whole or not at all: it is
// written elsewhere in the directory and renamed. Files that are right already are not touched.
// Stale files of an earlier manifest are removed, and folders that this empties.
//
// While a build runs the manifest lists the old and the new files, so that whatever a killed
// build leaves is known to the next one. Paths that leave the directory, through symbolic links
// too, are refused by [os.Root].
func Write(t *Tree, dir string) (Summary, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return Summary{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Summary{}, err
	}
	defer root.Close()
	w := &writer{root: root, tree: t, dirs: map[string]bool{".": true}}
	return w.run()
}

type writer struct {
	root    *os.Root
	tree    *Tree
	staging string

	mu   sync.Mutex
	dirs map[string]bool // folders known to exist
}

func (w *writer) run() (Summary, error) {
	if err := w.openStaging(); err != nil {
		return Summary{}, err
	}
	defer w.root.RemoveAll(w.staging)
	sum := Summary{Bytes: w.tree.Bytes()}
	if err := w.announce(); err != nil {
		return sum, err
	}
	inTheWay, gone := w.split(stale(w.root, w.tree))
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
	sum.Removed = len(inTheWay) + len(gone)
	_, err = w.put(w.tree.manifest, len(w.tree.files))
	return sum, err
}

func (w *writer) openStaging() error {
	list, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.IsDir() && strings.HasPrefix(e.Name(), stagingPrefix) {
			if err := w.root.RemoveAll(e.Name()); err != nil {
				return err
			}
		}
	}
	w.staging = fmt.Sprintf("%s-%d", stagingPrefix, os.Getpid())
	return w.root.Mkdir(w.staging, 0o777)
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
	_, err := w.put(NewFile(ManifestPath, encodeManifest(union)), len(w.tree.files))
	return err
}

// split parts the stale files that must go before anything is written, since their path is now
// a folder or one of their folders is now a file, from those that go last.
func (w *writer) split(list []Change) (inTheWay, rest []Change) {
	folders := map[string]bool{}
	for _, f := range w.tree.files {
		for d := range parents(f.Path) {
			folders[d] = true
		}
	}
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
	workers := runtime.GOMAXPROCS(0)
	counts := make([]int, workers)
	var group errgroup.Group
	for k := range workers {
		group.Go(func() error {
			for i := k; i < len(w.tree.files); i += workers {
				wrote, err := w.put(w.tree.files[i], i)
				if err != nil {
					return err
				}
				if wrote {
					counts[k]++
				}
			}
			return nil
		})
	}
	err := group.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, err
}

// put makes one file right and reports whether it had to be written. The number keeps the
// staged names of concurrent writers apart.
func (w *writer) put(f File, number int) (bool, error) {
	fresh, err := w.mkdir(path.Dir(f.Path))
	if err != nil {
		return false, err
	}
	if !fresh {
		kind, err := state(w.root, f)
		if err != nil {
			return false, err
		}
		if kind == "" {
			return false, nil
		}
	}
	staged := fmt.Sprintf("%s/%d", w.staging, number)
	if err := w.root.WriteFile(staged, f.Data, 0o666); err != nil {
		return false, err
	}
	if err := w.root.Rename(staged, f.Path); err != nil {
		return false, err
	}
	return true, nil
}

// mkdir makes a folder once and reports whether this build made it, so that nothing in it
// needs comparing.
func (w *writer) mkdir(dir string) (fresh bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if old, known := w.dirs[dir]; known {
		return !old, nil
	}
	if _, err := w.root.Stat(dir); err == nil {
		w.dirs[dir] = true
		return false, nil
	}
	if err := w.root.MkdirAll(dir, 0o777); err != nil {
		return false, err
	}
	w.dirs[dir] = false
	return true, nil
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
