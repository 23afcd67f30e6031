package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Program returns the path of the first of some programs that is installed. A test that needs one
// which is missing is skipped, and fails if CI is set.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		for _, candidate := range []string{name, "/usr/sbin/" + name} {
			if path, err := exec.LookPath(candidate); err == nil {
				return path
			}
		}
	}
	missing(t, strings.Join(names, " or "))
	return ""
}

// Package returns the absolute path of a file of the npm packages that test.sh installs, such as
// axe-core/axe.min.js. What is missing counts as it does for [Program].
func Package(t testing.TB, file string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		if dir == filepath.Dir(dir) {
			t.Fatal("the test does not run inside the module")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "generator", "internal", "lab", "npm", "node_modules", filepath.FromSlash(file))
	if !exists(path) {
		missing(t, file)
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func missing(t testing.TB, what string) {
	t.Helper()
	message := what + " is not installed: run test.sh"
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
}
