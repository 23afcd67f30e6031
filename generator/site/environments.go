package site

import (
	"io/fs"

	"embedgen/generator/config"
	"embedgen/generator/diag"
)

// CheckEnvironments resolves the file for each of its environments and returns the problems that
// are not among those without environment, which are given.
func CheckEnvironments(f *config.File, fsys fs.FS, known diag.List) diag.List {
	type problem struct {
		pos  diag.Pos
		rule string
	}
	seen := make(map[problem]bool, len(known))
	for _, d := range known {
		seen[problem{d.Pos, d.Rule}] = true
	}
	var list diag.List
	for _, name := range f.EnvironmentNames() {
		_, more := ResolveEnv(f, fsys, name)
		for _, d := range more {
			if !seen[problem{d.Pos, d.Rule}] {
				d.Message += " (in environment " + name + ")"
				list = append(list, d)
			}
		}
	}
	return list
}
