package secret

import (
	"io"
	"os"
	"path"
	"path/filepath"
)

// alphabet is what CEC's secret keys are made of (cec-contract section 3).
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// keyLength is the greatest length of CEC's secret keys; 43 characters are 256 bits.
const keyLength = 43

// Random makes a secret of 43 letters and digits from a source of random bytes.
func Random(random io.Reader) (Value, error) {
	key := make([]byte, 0, keyLength)
	for one := make([]byte, 1); len(key) < keyLength; {
		if _, err := io.ReadFull(random, one); err != nil {
			return Value{}, err
		}
		if fair := byte(256 - 256%len(alphabet)); one[0] < fair {
			key = append(key, alphabet[int(one[0])%len(alphabet)])
		}
	}
	return New(string(key)), nil
}

// Create makes a missing secret file with a random value, for development: below Root only,
// readable by its owner alone, in folders of the same kind. It never writes over a file.
func (r Resolver) Create(ref Ref, random io.Reader) (Value, error) {
	if ref.File == "" || ref != (Ref{File: ref.File}) || path.IsAbs(ref.File) {
		return Value{}, &Error{Ref: ref, Problem: "only a file below the directory of channels.yaml can be made"}
	}
	value, err := Random(random)
	if err == nil {
		err = r.write(filepath.FromSlash(path.Clean(ref.File)), value.Reveal()+"\n")
	}
	if err != nil {
		return Value{}, &Error{ref, "file cannot be made: " + cause(err), "", err}
	}
	return value, nil
}

// write makes a new file; one that could not be written whole is removed again.
func (r Resolver) write(name, text string) error {
	root, err := os.OpenRoot(r.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		root.Remove(name)
	}
	return err
}
