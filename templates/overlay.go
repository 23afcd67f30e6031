package templates

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Overlay returns the default templates with those of over in front: same path wins. A nil over
// gives the defaults alone.
func Overlay(over fs.FS) fs.FS {
	if over == nil {
		return FS
	}
	return overlay{over, FS}
}

type overlay struct{ over, base fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	for _, layer := range []fs.FS{o.over, o.base} {
		f, err := layer.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err != nil || info.IsDir() {
			return o.openDir(name, f)
		}
		return f, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// openDir replaces the entries of one layer's folder by those of both.
func (o overlay) openDir(name string, layer fs.File) (fs.File, error) {
	list, err := o.ReadDir(name)
	if err != nil {
		layer.Close()
		return nil, err
	}
	return &dir{File: layer, list: list}, nil
}

type dir struct {
	fs.File
	list []fs.DirEntry
}

// ReadDir implements [fs.ReadDirFile].
func (d *dir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.list)
	} else if len(d.list) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.list))
	head := d.list[:n:n]
	d.list = d.list[n:]
	return head, nil
}

// ReadDir lists both layers.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	upper, upperErr := fs.ReadDir(o.over, name)
	lower, lowerErr := fs.ReadDir(o.base, name)
	if upperErr != nil && lowerErr != nil {
		return nil, lowerErr
	}
	all := append(upper, lower...) // stable: the override stands before what it replaces
	slices.SortStableFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(all, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}
