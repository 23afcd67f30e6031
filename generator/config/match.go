package config

import (
	"errors"
	"io/fs"
	"path"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// inclusion is a file to be read and the pattern that named it.
type inclusion struct {
	name    string
	pattern Value[string]
}

// matcher finds the files that patterns name, each once and no more than the limits allow.
type matcher struct {
	fsys     fs.FS
	main     string // channels.yaml itself
	files    []inclusion
	first    map[string]Value[string]
	bytes    int64
	problems diag.List
	full     bool // a limit was passed and reported
}

func match(fsys fs.FS, f *File) ([]inclusion, diag.List) {
	m := &matcher{fsys: fsys, main: f.Name, first: map[string]Value[string]{}}
	for _, pattern := range f.Include {
		if pattern.V != "" && !m.full {
			m.pattern(pattern)
		}
	}
	return m.files, m.problems
}

// pattern adds the files of one pattern; folders do not count.
func (m *matcher) pattern(pattern Value[string]) {
	names, _ := fs.Glob(m.fsys, path.Clean(pattern.V)) // the pattern was checked
	found := false
	for _, name := range names {
		info, err := fs.Stat(m.fsys, name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
			continue
		}
		found = true
		if err == nil {
			m.bytes += info.Size()
		}
		if m.add(name, pattern); m.full {
			return
		}
	}
	if !found {
		m.report(pattern, rule.IncludeNoMatch, m.noMatchHint(pattern.V), "include %s matches no file", quote(pattern.V))
	}
}

// noMatchHint says why a pattern may match nothing.
func (m *matcher) noMatchHint(pattern string) string {
	switch info, err := fs.Stat(m.fsys, path.Clean(pattern)); {
	case err == nil && info.IsDir():
		return "it is a folder: write " + path.Clean(pattern) + "/*.yaml"
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "it cannot be read: " + cause(err)
	}
	return "paths are relative to the folder of " + m.main
}

func (m *matcher) add(name string, pattern Value[string]) {
	before, twice := m.first[name]
	switch {
	case name == m.main:
		m.report(pattern, rule.IncludeCycle, "put the included files into a folder of their own",
			"include %s matches %s itself", quote(pattern.V), name)
	case twice:
		d := m.report(pattern, rule.IncludeDuplicate, "make the patterns exclude each other", "include %s matches %s again", quote(pattern.V), quote(name))
		d.Related = []diag.Related{{Pos: before.Pos.Diag(), Message: "first matched here"}}
	case len(m.files) == fileLimit:
		m.full = true
		m.report(pattern, rule.IncludePattern, "put several tenants into a file", "more than %d files are included", fileLimit)
	case m.bytes > includeLimit:
		m.full = true
		m.report(pattern, rule.FileTooLarge, "put them into several projects", "the included files are larger than %d MiB together", includeLimit>>20)
	default:
		m.first[name] = pattern
		m.files = append(m.files, inclusion{name, pattern})
	}
}

// report adds a problem; past the limit of problems there is nothing more to look for.
func (m *matcher) report(pattern Value[string], id rule.ID, hint, format string, args ...any) *diag.Diagnostic {
	m.full = m.full || len(m.problems) >= problemLimit
	m.problems = append(m.problems, pattern.Pos.Problem(id, hint, format, args...))
	return &m.problems[len(m.problems)-1]
}
