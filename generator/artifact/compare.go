package artifact

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
)

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
