package watcher

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// scope says which paths count and which directories must be watched to see them. All its paths
// are real ones: symbolic links are resolved, since an edit of a link's target raises an event
// in the real directory only.
type scope struct {
	exact  map[string]bool // paths that were asked for, and what they link to
	above  map[string]bool // folders on the way to them
	trees  map[string]bool // folders of which everything counts
	dirs   map[string]bool // directories to watch
	ignore map[string]bool
	base   string
}

// newScope looks at the file system as it is now.
func newScope(paths []string, o Options) *scope {
	s := &scope{
		exact:  map[string]bool{},
		above:  map[string]bool{},
		trees:  map[string]bool{},
		dirs:   map[string]bool{},
		ignore: map[string]bool{},
	}
	if o.Base != "" {
		s.base = realPath(o.Base)
	}
	for _, p := range o.Ignore {
		s.ignore[realPath(p)] = true
	}
	for _, p := range paths {
		s.add(p)
	}
	return s
}

func (s *scope) add(path string) {
	path = realPath(path)
	if s.exact[path] {
		return
	}
	s.exact[path] = true
	s.dirs[existing(filepath.Dir(path))] = true
	for d := filepath.Dir(path); !s.above[d]; d = filepath.Dir(d) {
		s.above[d] = true
		if s.base != "" && within(d, s.base) {
			s.dirs[existing(d)] = true
		}
	}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
	case info.Mode()&fs.ModeSymlink != 0:
		s.follow(path)
	case info.IsDir():
		s.addTree(path)
	}
}

func (s *scope) follow(link string) {
	target, err := os.Readlink(link)
	if err != nil {
		return
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(link), target)
	}
	s.add(target)
}

func (s *scope) addTree(root string) {
	if s.trees[root] {
		return
	}
	s.trees[root] = true
	s.walk(root, func(path string, e fs.DirEntry) {
		switch {
		case e.IsDir():
			s.dirs[path] = true
		case e.Type()&fs.ModeSymlink != 0:
			s.add(path)
		}
	})
}

// walk visits a folder and everything in it that counts. What cannot be read is left out.
func (s *scope) walk(root string, visit func(string, fs.DirEntry)) {
	filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if path != root && (ignored(e.Name()) || s.ignore[path]) {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		visit(path, e)
		return nil
	})
}

// wants reports whether a change of the path counts.
func (s *scope) wants(path string) bool {
	if s.exact[path] || s.above[path] {
		return true
	}
	for p := path; !s.trees[p]; {
		parent := filepath.Dir(p)
		if parent == p || ignored(filepath.Base(p)) || s.ignore[p] {
			return false
		}
		p = parent
	}
	return true
}

// snapshot returns the state of every file and folder that counts.
func (s *scope) snapshot() map[string]fs.FileInfo {
	m := map[string]fs.FileInfo{}
	for p := range s.exact {
		if info, err := os.Stat(p); err == nil {
			m[p] = info
		}
	}
	for root := range s.trees {
		s.walk(root, func(path string, e fs.DirEntry) {
			if info, err := e.Info(); err == nil {
				m[path] = info
			}
		})
	}
	return m
}

// writtenSince lists the files that count here but not in the older scope, and were written at
// or after a time.
func (s *scope) writtenSince(older *scope, since time.Time) []string {
	var list []string
	for path, info := range s.snapshot() {
		fresh := older == nil || !older.wants(path)
		if fresh && !info.IsDir() && !info.ModTime().Before(since) {
			list = append(list, path)
		}
	}
	return list
}

// realPath resolves the links of the folder that holds path, but not path itself. What does not
// exist is kept as it stands.
func realPath(path string) string {
	path = filepath.Clean(path)
	dir := filepath.Dir(path)
	if dir == path {
		return path
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return filepath.Join(real, filepath.Base(path))
	}
	return filepath.Join(realPath(dir), filepath.Base(path))
}

// existing returns the nearest folder at or above dir that exists.
func existing(dir string) string {
	for {
		info, err := os.Stat(dir)
		parent := filepath.Dir(dir)
		if err == nil && info.IsDir() || parent == dir {
			return dir
		}
		dir = parent
	}
}
