package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replace gives a file new content, as a whole or not at all: it is written beside it and renamed.
// The file keeps its permissions; through a symbolic link, what that points to is replaced. A file
// that does not exist is made.
func replace(file string, content []byte) error {
	permissions := fs.FileMode(0o644)
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	if info, err := os.Stat(file); err == nil {
		permissions = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".embedgen-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // nothing is left of it after the rename
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(permissions), temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}
