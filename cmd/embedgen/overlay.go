package main

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// overlay is a file system in which one file has other content, or exists at all.
type overlay struct {
	fs.FS
	name    string
	content []byte
}

// Open opens a file.
func (o overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return &overlayFile{bytes.NewReader(o.content), overlayInfo{o}}, nil
	}
	return o.FS.Open(name)
}

// ReadDir lists a folder, so that a glob finds the file.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(o.FS, name)
	base := path.Base(o.name)
	if name != path.Dir(o.name) || slices.ContainsFunc(list, func(e fs.DirEntry) bool { return e.Name() == base }) {
		return list, err
	}
	list = append(list, fs.FileInfoToDirEntry(overlayInfo{o}))
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// overlayFile is the file of an overlay, opened.
type overlayFile struct {
	*bytes.Reader
	info overlayInfo
}

func (f *overlayFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *overlayFile) Close() error               { return nil }

// overlayInfo describes the file of an overlay.
type overlayInfo struct{ o overlay }

func (i overlayInfo) Name() string       { return path.Base(i.o.name) }
func (i overlayInfo) Size() int64        { return int64(len(i.o.content)) }
func (i overlayInfo) Mode() fs.FileMode  { return 0o644 }
func (i overlayInfo) ModTime() time.Time { return time.Time{} }
func (i overlayInfo) IsDir() bool        { return false }
func (i overlayInfo) Sys() any           { return nil }
