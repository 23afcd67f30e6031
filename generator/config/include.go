package config

import (
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
	if s == "" || path.IsAbs(s) || strings.ContainsRune(s, '\\') || strings.Contains(s, ":") {
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
		if len(f.Include) == fileLimit {
			r.report(item, rule.IncludePattern, "use globs such as tenants/*.yaml", "there are more than %d includes", fileLimit)
		}
		if len(f.Include) >= fileLimit {
			f.Include = append(f.Include, Value[string]{})
			return
		}
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

// loadIncludes reads the included files, several at a time, and adds their tenants in the order
// of the patterns and, within one, of the names.
func (f *File) loadIncludes(fsys fs.FS, limits *quota) diag.List {
	files, problems := match(fsys, f)
	parts := make([]*File, len(files))
	lists := make([]diag.List, len(files))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, file := range files {
		slots <- struct{}{}
		wait.Go(func() {
			parts[i], lists[i] = readFile(fsys, limits, file.name, "an included file", includedKeys)
			<-slots
		})
	}
	wait.Wait()
	if limits.exceeded() {
		return nil // what was read is chance
	}
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
