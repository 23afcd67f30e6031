package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// sizeLimit is the most bytes that a secret file may hold.
const sizeLimit = 64 << 10

// ErrMissing is wrapped by the error for a variable that is not set or a file that is not there.
var ErrMissing = errors.New("secret is missing")

// Error says why a reference did not resolve. It never holds the secret.
type Error struct {
	Ref     Ref
	Problem string // lower case, no period
	Hint    string // what to do next
	Err     error  // the cause, or nil
}

// Error names the reference and the problem.
func (e *Error) Error() string { return e.Ref.String() + ": " + e.Problem }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Resolver finds the secrets that references name. It may be used by many goroutines.
type Resolver struct {
	Root    string                      // directory of channels.yaml: relative files are below, commands run in it
	Getenv  func(string) (string, bool) // nil means os.LookupEnv
	Timeout time.Duration               // of a command; 0 means 10 seconds
}

// Resolve returns the secret that a reference names. A variable must be set and not empty. A
// file must be a regular one that group and others may not read (requirements/security.md 17)
// and not empty but for one line end, which is cut off. A command must end well, in time, and
// print the secret, of which one line end is cut off too. Errors are of type [*Error].
func (r Resolver) Resolve(ref Ref) (Value, error) {
	switch ref {
	case Ref{}:
	case Ref{Env: ref.Env}:
		return r.fromEnv(ref)
	case Ref{File: ref.File}:
		return r.fromFile(ref)
	case Ref{Exec: ref.Exec}:
		return r.fromExec(ref)
	}
	return Value{}, &Error{Ref: ref, Problem: "expected a variable, a file or a command"}
}

func (r Resolver) fromEnv(ref Ref) (Value, error) {
	getenv := r.Getenv
	if getenv == nil {
		getenv = os.LookupEnv
	}
	switch value, set := getenv(ref.Env); {
	case !set:
		return Value{}, &Error{ref, "environment variable is not set", "set " + ref.Env + " to the secret", ErrMissing}
	case value == "":
		return Value{}, &Error{ref, "environment variable is empty", "set " + ref.Env + " to the secret", nil}
	default:
		return New(value), nil
	}
}

func (r Resolver) fromFile(ref Ref) (Value, error) {
	f, err := r.open(ref.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Value{}, &Error{ref, "file does not exist", "write the secret into it, readable by you alone (chmod 600)", ErrMissing}
	case err != nil:
		return Value{}, &Error{ref, "file cannot be read: " + cause(err), "", err}
	}
	defer f.Close()
	if problem, hint := check(f); problem != "" {
		return Value{}, &Error{ref, problem, hint, nil}
	}
	data, err := io.ReadAll(io.LimitReader(f, sizeLimit+1))
	switch text := trimLineEnd(string(data)); {
	case err != nil:
		return Value{}, &Error{ref, "file cannot be read: " + cause(err), "", err}
	case len(data) > sizeLimit:
		return Value{}, &Error{ref, "file is larger than 64 KiB", "", nil}
	case text == "":
		return Value{}, &Error{ref, "file is empty", "write the secret into it", nil}
	default:
		return New(text), nil
	}
}

// open opens an absolute path as it stands and a relative one below Root only.
func (r Resolver) open(name string) (*os.File, error) {
	if path.IsAbs(name) {
		return os.Open(filepath.FromSlash(name))
	}
	root, err := os.OpenRoot(r.Root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Open(filepath.FromSlash(name))
}

// check looks at the open file itself, so that it cannot be exchanged in between.
func check(f *os.File) (problem, hint string) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return "file cannot be read: " + cause(err), ""
	case !info.Mode().IsRegular():
		return "is not a regular file", ""
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o066 != 0:
		return fmt.Sprintf("file is open to group or others (mode %04o)", info.Mode().Perm()), "chmod 600 " + f.Name()
	}
	return "", ""
}

// trimLineEnd cuts off one line end.
func trimLineEnd(s string) string {
	return strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
}

// cause returns the last reason of an error, without paths.
func cause(err error) string {
	var p *fs.PathError
	var x *exec.Error
	switch {
	case errors.As(err, &p):
		return p.Err.Error()
	case errors.As(err, &x):
		return x.Err.Error()
	}
	return err.Error()
}
