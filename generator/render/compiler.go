package render

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"embedgen/generator/diag"
	"embedgen/generator/render/extension"
	"embedgen/generator/render/guide"
	"embedgen/generator/render/script"
)

// A Compiler compiles templates. It remembers what it made, and compiles the folders anew whose
// files have changed: an edit of a guide does not bundle the embed script again. The zero Compiler
// is ready; it must not be used by two goroutines at once.
type Compiler struct {
	script    part[*script.Engine]
	extension part[*extension.Engine]
	guide     part[*guide.Engine]
}

// Compile returns the engine for templates, which has every file of package templates. Faults are
// diagnostics whose file is a path of templates; there is no engine if any of them is an error.
func (c *Compiler) Compile(templates fs.FS) (*Engine, diag.List) {
	var group sync.WaitGroup
	group.Go(func() { c.script.compile(folders{templates, []string{"embed", "page"}}, script.New) })
	group.Go(func() { c.extension.compile(folders{templates, []string{"extension"}}, extension.New) })
	group.Go(func() { c.guide.compile(folders{templates, []string{"docs"}}, guide.New) })
	group.Wait()
	list := slices.Concat(c.script.problems, c.extension.problems, c.guide.problems)
	if list.HasErrors() {
		return nil, list
	}
	return &Engine{c.script.engine, c.extension.engine, c.guide.engine}, list
}

// part is the engine of some folders and what it was made from.
type part[E any] struct {
	key      string // fingerprint of the folders
	engine   E
	problems diag.List
}

func (p *part[E]) compile(f folders, compile func(fs.FS) (E, diag.List)) {
	key, err := fingerprint(f)
	if err != nil {
		p.key = ""
		p.problems = diag.List{{
			Rule: "template-file", Message: err.Error(), Hint: "see that the templates folder can be read",
		}}
		return
	}
	if key != p.key {
		p.engine, p.problems = compile(f)
		p.key = key
	}
}

// folders are some folders of a tree, and nothing else of it: what is compiled from them cannot
// depend on more than their fingerprint.
type folders struct {
	tree  fs.FS
	names []string
}

// Open implements [fs.FS].
func (f folders) Open(name string) (fs.File, error) {
	first, _, _ := strings.Cut(name, "/")
	if !slices.Contains(f.names, first) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.tree.Open(name)
}

// fingerprint hashes the names and bytes of all files, so that equal fingerprints mean equal
// folders. A folder that does not exist is empty.
func fingerprint(f folders) (string, error) {
	h := sha256.New()
	for _, folder := range f.names {
		err := fs.WalkDir(f, folder, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(f, name)
			fmt.Fprintf(h, "%d:%s %d:", len(name), name, len(data))
			h.Write(data)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
