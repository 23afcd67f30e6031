package config

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

var includePattern = grammar{rule.IncludeOutside, checkInclude}

// checkInclude accepts a slash path or glob that cannot leave the root directory.
func checkInclude(s string) (string, string) {
	if path.IsAbs(s) || strings.ContainsRune(s, '\\') || strings.Contains(s, ":") {
		return "is not a path below the directory of channels.yaml", "write a relative path with /"
	}
	for segment := range strings.SplitSeq(s, "/") {
		if segment == ".." {
			return "leaves the directory of channels.yaml", "move the file below it"
		}
	}
	return "", ""
}

// includes reads the list of patterns, or a single one.
func (r *reader) includes(n *yaml.Node, f *File) {
	f.Include = []Value[string]{}
	add := func(item *yaml.Node) {
		v := r.text(item, "include", includePattern)
		if v.V != "" && !validGlob(v.V) {
			r.report(item, rule.IncludePattern, "", "include %s is not a glob, expected a path with *, ? or [...]", quote(v.V))
			v.V = ""
		}
		f.Include = append(f.Include, v)
	}
	if n.Kind == yaml.ScalarNode && !isNull(n) {
		add(n)
		return
	}
	r.sequence(n, "include", add)
}

func validGlob(pattern string) bool {
	_, err := path.Match(pattern, "")
	return err == nil
}

// inclusion is a file to be read and the pattern that named it.
type inclusion struct {
	name    string
	pattern Value[string]
}

// loadIncludes reads the included files, several at a time, and adds their tenants in the order
// of the patterns and, within one, of the names.
func (f *File) loadIncludes(fsys fs.FS) diag.List {
	files, problems := f.match(fsys)
	parts := make([]*File, len(files))
	lists := make([]diag.List, len(files))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, file := range files {
		slots <- struct{}{}
		wait.Go(func() {
			parts[i], lists[i] = readFile(fsys, file.name, "an included file", includedKeys)
			<-slots
		})
	}
	wait.Wait()
	for i, part := range parts {
		f.Sources = append(f.Sources, files[i].name)
		f.Tenants = append(f.Tenants, part.Tenants...)
		problems = append(problems, included(lists[i], files[i])...)
		problems = append(problems, f.mergeEnvironments(part)...)
	}
	return problems
}

// included adds to problems that have no line where the file is included.
func included(list diag.List, file inclusion) diag.List {
	for i := range list {
		if list[i].Pos.Line == 0 {
			list[i].Related = append(list[i].Related, diag.Related{Pos: file.pattern.Pos.Diag(), Message: "included here"})
		}
	}
	return list
}

// match lists the files that the patterns name, each once.
func (f *File) match(fsys fs.FS) ([]inclusion, diag.List) {
	var files []inclusion
	var problems diag.List
	first := map[string]Value[string]{}
	for _, pattern := range f.Include {
		if pattern.V == "" {
			continue
		}
		names := glob(fsys, path.Clean(pattern.V))
		if len(names) == 0 {
			problems = append(problems, pattern.Pos.Problem(rule.IncludeNoMatch, "", "include %s matches no file", quote(pattern.V)))
		}
		for _, name := range names {
			before, twice := first[name]
			switch {
			case name == f.Name:
				problems = append(problems, pattern.Pos.Problem(rule.IncludeCycle, "put the included files into a folder of their own",
					"include %s matches %s itself", quote(pattern.V), name))
			case twice:
				d := pattern.Pos.Problem(rule.IncludeDuplicate, "make the patterns exclude each other", "include %s matches %s again", quote(pattern.V), quote(name))
				d.Related = []diag.Related{{Pos: before.Pos.Diag(), Message: "first matched here"}}
				problems = append(problems, d)
			default:
				first[name] = pattern
				files = append(files, inclusion{name, pattern})
			}
		}
	}
	return files, problems
}

// glob lists the files that a pattern names; folders do not count.
func glob(fsys fs.FS, pattern string) []string {
	names, _ := fs.Glob(fsys, pattern) // the pattern was checked
	var files []string
	for _, name := range names {
		if info, err := fs.Stat(fsys, name); err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
			files = append(files, name)
		}
	}
	return files
}
