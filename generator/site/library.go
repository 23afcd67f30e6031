package site

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
)

// libraryLimit is the most that a library file may hold.
const libraryLimit = 4 << 20

// library resolves one library of a channel. A file is read once, however many channels use it.
func (r *resolver) library(name string, v config.Value[*config.Library]) Library {
	l := v.V
	switch {
	case l == nil:
	case l.File.V != "":
		return r.copied(name, l.File)
	case l.Src.V != "":
		r.checkRelease(name, l.Src, l.Src.V, nil)
		return Library{Name: name, Src: l.Src.V, Integrity: l.Integrity.V}
	}
	return Library{}
}

// copied reads a library file and gives it a name that changes with its content.
func (r *resolver) copied(name string, file config.Value[string]) Library {
	key := name + "\x00" + file.V
	if l, done := r.assets[key]; done {
		return l
	}
	data, err := readLibrary(r.fsys, file.V)
	if err != nil {
		hint := "download it from its publisher into that place"
		if errors.Is(err, errTooLarge) {
			hint = "name the minified release, such as jquery.min.js"
		}
		r.report(file.Pos, rule.UnreadableLibrary, hint, "library file %q cannot be used: %s", file.V, reason(err))
		r.assets[key] = Library{}
		return Library{}
	}
	r.checkRelease(name, file, file.V, data)
	short := sha256.Sum256(data)
	digest := sha512.Sum384(data)
	l := Library{
		Name:      name,
		Src:       "assets/" + name + "." + hex.EncodeToString(short[:8]) + ".js",
		Integrity: "sha384-" + base64.StdEncoding.EncodeToString(digest[:]),
		File:      file.V,
		Data:      data,
	}
	r.assets[key] = l
	return l
}

var errTooLarge = errors.New("it is larger than 4 MiB")

func readLibrary(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, libraryLimit+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, errors.New("it is empty")
	case len(data) > libraryLimit:
		return nil, errTooLarge
	}
	return data, nil
}

// reason returns why a file could not be read, without machine paths.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
