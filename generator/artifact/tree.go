// Package artifact is the output tree: files by path, held in memory, that can be compared,
// hashed, served as an [fs.FS] and written to disk.
//
// A [Tree] never changes after [NewTree]. [Write] brings a directory to the state of a tree:
// each file appears whole or not at all, and only files that an earlier manifest lists are ever
// deleted, replaced assets some builds later than the rest. [Compare] says how a directory differs
// from a tree, and touches nothing.
package artifact

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// ManifestPath is where a tree lists its files. No file of a tree may have this path.
const ManifestPath = "manifest.json"

// File is one output file. Its Data is never changed after it is made.
type File struct {
	Path   string // slash path below out/, cleaned, never absolute
	Data   []byte
	SHA256 [sha256.Size]byte
	// Policy is the Content-Security-Policy that a server must send with an HTML page of www/.
	Policy string
}

// NewFile makes a file and hashes it.
func NewFile(path string, data []byte) File {
	return File{Path: path, Data: data, SHA256: sha256.Sum256(data)}
}

// Tree is an immutable set of files, sorted by path. It implements [fs.FS]; the manifest is
// part of the file system but not of [Tree.Files].
type Tree struct {
	files    []File
	index    map[string]int
	manifest File
}

// NewTree makes a tree. It fails if a path is invalid (see [fs.ValidPath]), stands twice, is
// both a file and a folder, or is [ManifestPath].
func NewTree(files []File) (*Tree, error) {
	t := &Tree{files: slices.Clone(files), index: make(map[string]int, len(files))}
	slices.SortFunc(t.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	for i, f := range t.files {
		if err := t.admit(f.Path); err != nil {
			return nil, err
		}
		t.index[f.Path] = i
	}
	for _, f := range t.files {
		for dir := range parents(f.Path) {
			if _, ok := t.index[dir]; ok {
				return nil, fmt.Errorf("output path %q is both a file and a folder", dir)
			}
		}
	}
	t.manifest = NewFile(ManifestPath, encodeManifest(t.entries()))
	return t, nil
}

func (t *Tree) admit(path string) error {
	_, twice := t.index[path]
	switch {
	case !fs.ValidPath(path) || path == ".":
		return fmt.Errorf("invalid output path %q", path)
	case path == ManifestPath:
		return fmt.Errorf("output path %q is kept for the manifest", path)
	case twice:
		return fmt.Errorf("output path %q stands twice", path)
	}
	return nil
}

// Lookup returns the file at a slash path.
func (t *Tree) Lookup(path string) (File, bool) {
	if path == ManifestPath {
		return t.manifest, true
	}
	i, ok := t.index[path]
	if !ok {
		return File{}, false
	}
	return t.files[i], true
}

// Files returns the files sorted by path, without the manifest. The slice is the tree's own.
func (t *Tree) Files() []File { return t.files }

// Bytes returns the size of all files together, without the manifest.
func (t *Tree) Bytes() int64 {
	var n int64
	for _, f := range t.files {
		n += int64(len(f.Data))
	}
	return n
}

// entry is one line of the manifest.
type entry struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func (t *Tree) entries() []entry {
	list := make([]entry, len(t.files))
	for i, f := range t.files {
		list[i] = entry{f.Path, len(f.Data), hex.EncodeToString(f.SHA256[:])}
	}
	return list
}

// encodeManifest writes one entry a line, so that a change of one file is one line of a diff.
func encodeManifest(list []entry) []byte {
	var b bytes.Buffer
	b.WriteString("{\"files\": [")
	for i, e := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(e) // two strings and a number always encode
		b.WriteString("\n  ")
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

func decodeManifest(data []byte) ([]entry, error) {
	var m struct {
		Files []entry `json:"files"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	return m.Files, nil
}
