package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"embedgen/generator/config/rule"
	"embedgen/generator/diag"
)

// sizeLimit is the most that a file may hold.
const sizeLimit = 64 << 20

var byteOrderMark = []byte("\ufeff")

// openSource reads a file. When it cannot be used at all the source is nil.
func openSource(fsys fs.FS, name string) (*source, diag.List) {
	src := &source{name: name}
	at := Pos{src: src}
	text, err := readLimited(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, diag.List{at.Problem(rule.UnreadableFile, "run embedgen init to make one, or name it with --config", "%s does not exist", name)}
	case err != nil:
		return nil, diag.List{at.Problem(rule.UnreadableFile, "", "%s cannot be read: %s", name, cause(err))}
	case len(text) > sizeLimit:
		return nil, diag.List{at.Problem(rule.FileTooLarge, "split it with include", "%s is larger than %d MiB", name, sizeLimit>>20)}
	}
	src.text = bytes.TrimPrefix(text, byteOrderMark)
	problems, ok := src.clean()
	if !ok {
		return nil, problems
	}
	return src, problems
}

// readLimited reads a file up to one byte past the limit.
func readLimited(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var text bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Size() <= sizeLimit {
		text.Grow(int(info.Size()) + bytes.MinRead)
	}
	_, err = text.ReadFrom(io.LimitReader(f, sizeLimit+1))
	return text.Bytes(), err
}

// cause returns the last reason of an error, without machine paths.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
