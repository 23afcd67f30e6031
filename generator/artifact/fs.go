package artifact

import (
	"bytes"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"time"
)

// Open implements [fs.FS]. Files have mode 0444 and no modification time.
func (t *Tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f, ok := t.Lookup(name); ok {
		return &openFile{info{path.Base(name), int64(len(f.Data)), 0o444}, bytes.NewReader(f.Data)}, nil
	}
	list := t.list(name)
	if list == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openDir{info{path.Base(name), 0, fs.ModeDir | 0o555}, list, 0}, nil
}

// list returns the entries of a folder sorted by name, or nil if there is no such folder.
func (t *Tree) list(dir string) []fs.DirEntry {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	seen := map[string]fs.DirEntry{}
	add := func(f File) {
		rest, ok := strings.CutPrefix(f.Path, prefix)
		if !ok {
			return
		}
		name, _, deeper := strings.Cut(rest, "/")
		if deeper {
			seen[name] = fs.FileInfoToDirEntry(info{name, 0, fs.ModeDir | 0o555})
			return
		}
		seen[name] = fs.FileInfoToDirEntry(info{name, int64(len(f.Data)), 0o444})
	}
	for _, f := range t.files {
		add(f)
	}
	add(t.manifest)
	if len(seen) == 0 {
		return nil
	}
	list := make([]fs.DirEntry, 0, len(seen))
	for _, e := range seen {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// parents yields the folders above a slash path, nearest first, without ".".
func parents(p string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for d := path.Dir(p); d != "."; d = path.Dir(d) {
			if !yield(d) {
				return
			}
		}
	}
}

type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }

type openFile struct {
	info
	*bytes.Reader
}

func (f *openFile) Size() int64                { return f.info.size }
func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info
	list []fs.DirEntry
	next int
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.list[d.next:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(rest) {
		rest = rest[:n]
	}
	d.next += len(rest)
	return slices.Clone(rest), nil
}
