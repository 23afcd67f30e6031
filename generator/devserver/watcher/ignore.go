package watcher

import "strings"

// probePrefix starts the name of the file that tests whether a file system delivers events.
const probePrefix = ".embedgen-probe-"

// ignored reports whether a file or folder of this name never counts: version control, installed
// packages, and the files that editors and file systems make beside the one being saved.
func ignored(name string) bool {
	switch name {
	case ".git", ".hg", ".svn", ".jj", "node_modules", ".DS_Store":
		return true
	case "4913": // vim tests with it whether it may write
		return true
	}
	for _, p := range []string{".#", "#", ".goutputstream-", ".nfs", ".fuse_hidden", "~$", probePrefix} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	for _, s := range []string{"~", ".swp", ".swo", ".swx", ".tmp", ".temp", ".bak", ".kate-swp", ".crswap"} {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return strings.Contains(name, "___jb_") // JetBrains' safe write
}
