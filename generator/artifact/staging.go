package artifact

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// stagingPrefix starts the name of the folder, inside the output directory, where files are
// written before they are renamed into place. What a killed build left there is ours to remove.
const stagingPrefix = ".embedgen-staging"

// staging is that folder. A folder of the tree that does not exist yet is staged with all that
// is in it and renamed as a whole; a single file is staged and renamed alone.
type staging struct {
	root  *os.Root // the output directory
	name  string   // of the folder, below root
	path  string   // of the folder, for the operating system
	files atomic.Int64

	mu      sync.Mutex
	folders map[string]bool // of the tree → whether it is staged
	fresh   []string        // the topmost staged folders
}

func newStaging(dir string, root *os.Root) *staging {
	name := fmt.Sprintf("%s-%d", stagingPrefix, os.Getpid())
	return &staging{root: root, name: name, path: filepath.Join(dir, name), folders: map[string]bool{".": false}}
}

// open makes the folder, after removing those of killed builds.
func (s *staging) open() error {
	list, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.IsDir() && strings.HasPrefix(e.Name(), stagingPrefix) {
			if err := s.root.RemoveAll(e.Name()); err != nil {
				return err
			}
		}
	}
	return s.root.Mkdir(s.name, 0o777)
}

func (s *staging) close() { s.root.RemoveAll(s.name) }

// folder sees that a folder of the tree can be written into, and reports whether it is staged.
func (s *staging) folder(dir string) (staged bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ensure(dir)
}

func (s *staging) ensure(dir string) (staged bool, err error) {
	if staged, known := s.folders[dir]; known {
		return staged, nil
	}
	above, err := s.ensure(path.Dir(dir))
	if err != nil {
		return false, err
	}
	if !above {
		if _, err := s.root.Stat(dir); err == nil {
			s.folders[dir] = false
			return false, nil
		}
		s.fresh = append(s.fresh, dir)
	}
	s.folders[dir] = true
	return true, os.MkdirAll(s.place(dir), 0o777)
}

// place is where a path of the tree is staged.
func (s *staging) place(p string) string { return filepath.Join(s.path, "tree", filepath.FromSlash(p)) }

// write stages a file of a staged folder.
func (s *staging) write(f File) error { return os.WriteFile(s.place(f.Path), f.Data, 0o666) }

// replace puts a file into a folder that exists.
func (s *staging) replace(f File) error {
	name := fmt.Sprint(s.files.Add(1))
	if err := os.WriteFile(filepath.Join(s.path, name), f.Data, 0o666); err != nil {
		return err
	}
	return s.root.Rename(path.Join(s.name, name), f.Path)
}

// publish renames the staged folders into place.
func (s *staging) publish() error {
	slices.Sort(s.fresh)
	for _, dir := range s.fresh {
		if err := s.root.Rename(path.Join(s.name, "tree", dir), dir); err != nil {
			return err
		}
	}
	return nil
}
