package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// fingerprint hashes the names and bytes of all files, so that equal fingerprints mean equal
// trees.
func fingerprint(tree fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(tree, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, p)
		fmt.Fprintf(h, "%d:%s %d:", len(p), p, len(data))
		h.Write(data)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
