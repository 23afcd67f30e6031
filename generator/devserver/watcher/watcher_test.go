package watcher

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Each row of the table in requirements/dev-server.md: what is done, and what must be reported.
func TestDS3EveryKindOfSave(t *testing.T) {
	rows := []struct {
		name  string
		files []string
		do    func(p *project)
		want  string
	}{
		{"in-place write", []string{"docs/a.md"}, func(p *project) { p.write("docs/a.md", "new") }, "docs/a.md"},
		{"vim save", []string{"docs/a.md"}, vimSave, "docs/a.md"},
		{"rename over", []string{"docs/a.md"}, func(p *project) {
			p.write("docs/a.md.tmp", "new")
			p.must(os.Rename(p.path("docs/a.md.tmp"), p.path("docs/a.md")))
		}, "docs/a.md"},
		{"new file", nil, func(p *project) { p.write("docs/new.md", "new") }, "docs/new.md"},
		{"deletion", []string{"docs/a.md"}, func(p *project) { p.must(os.Remove(p.path("docs/a.md"))) }, "docs/a.md"},
		{"case rename", []string{"docs/a.md"}, func(p *project) {
			p.must(os.Rename(p.path("docs/a.md"), p.path("docs/A.md")))
		}, "docs/A.md"},
		{"mkdir -p with a file at once", nil, func(p *project) { p.write("docs/a/b/c.md", "new") }, "docs/a"},
		{"moved in folder", []string{"elsewhere/x/y.md"}, func(p *project) {
			p.must(os.Rename(p.path("elsewhere/x"), p.path("docs/x")))
		}, "docs/x"},
		{"watched folder is deleted", []string{"docs/a.md"}, func(p *project) { p.must(os.RemoveAll(p.path("docs"))) }, "docs"},
		{"hard link over", []string{"docs/a.md", "b"}, func(p *project) {
			p.must(os.Remove(p.path("docs/a.md")))
			p.must(os.Link(p.path("b"), p.path("docs/a.md")))
		}, "docs/a.md"},
	}
	for _, polls := range []bool{false, true} {
		for _, row := range rows {
			t.Run(fmt.Sprintf("%s/poll=%v", row.name, polls), func(t *testing.T) {
				t.Parallel()
				p := newProject(t, Options{Poll: polls, Interval: 20 * time.Millisecond}, append(row.files, "docs/sentinel")...)
				p.watch("docs")
				row.do(p)
				p.until(row.want)
			})
		}
	}
}

// vimSave does what vim does with backupcopy=auto: probe, move away, write, delete the backup.
func vimSave(p *project) {
	p.write("docs/4913", "")
	p.must(os.Remove(p.path("docs/4913")))
	p.write("docs/.a.md.swp", "swap")
	p.must(os.Rename(p.path("docs/a.md"), p.path("docs/a.md~")))
	p.write("docs/a.md", "")
	p.write("docs/a.md", "new")
	p.must(os.Chmod(p.path("docs/a.md"), 0o644))
	p.must(os.Remove(p.path("docs/a.md~")))
	p.must(os.Remove(p.path("docs/.a.md.swp")))
}

func TestDS3AVimSaveIsOneBatch(t *testing.T) {
	p := newProject(t, Options{Quiet: 200 * time.Millisecond, Limit: 5 * time.Second}, "docs/a.md").watch("docs")
	vimSave(p)
	if got := p.next(); !slices.Equal(got, []string{"docs/a.md"}) {
		t.Errorf("reported %v", got)
	}
	p.only("docs/sentinel")
}

// A second save after a rename over a single watched file is where watching files fails.
func TestDS3AFileIsSeenAfterEveryRenameOver(t *testing.T) {
	p := newProject(t, Options{}, "channels.yaml").watch("channels.yaml")
	for i := range 3 {
		p.write("fresh", fmt.Sprint(i))
		p.must(os.Rename(p.path("fresh"), p.path("channels.yaml")))
		if got := p.next(); !slices.Equal(got, []string{"channels.yaml"}) {
			t.Fatalf("save %d: reported %v", i, got)
		}
	}
}

func TestDS3EditInsideANewFolder(t *testing.T) {
	p := newProject(t, Options{}, "docs/x").watch("docs")
	p.write("docs/a/b/c.md", "new")
	p.until("docs/a")
	p.write("docs/a/b/c.md", "newer")
	p.until("docs/a/b/c.md")
}

func TestDS3EditInsideARenamedFolder(t *testing.T) {
	p := newProject(t, Options{}, "docs/a/deep/x.md").watch("docs")
	for i, names := range [][2]string{{"docs/a", "docs/b"}, {"docs/b", "docs/a"}, {"docs/a", "docs/c"}} {
		p.must(os.Rename(p.path(names[0]), p.path(names[1])))
		p.until(names[1])
		p.write(names[1]+"/deep/x.md", fmt.Sprint(i))
		p.until(names[1] + "/deep/x.md")
	}
}

// The name of a watched folder is taken over by another folder.
func TestDS3EditInsideASwappedFolder(t *testing.T) {
	p := newProject(t, Options{}, "docs/a/deep/x.md", "next/deep/x.md").watch("docs")
	p.must(os.Rename(p.path("docs/a"), p.path("gone")))
	p.must(os.Rename(p.path("next"), p.path("docs/a")))
	p.until("docs/a")
	p.write("docs/a/deep/x.md", "new")
	p.until("docs/a/deep/x.md")
	p.write("gone/deep/x.md", "not ours any more")
	p.only("docs/sentinel")
}

func TestDS3AWatchedFolderIsDeletedAndComesBack(t *testing.T) {
	p := newProject(t, Options{}, "docs/a.md").watch("docs")
	p.must(os.RemoveAll(p.path("docs")))
	p.until("docs")
	p.write("docs/a.md", "back")
	p.until("docs")
	p.write("docs/a.md", "new")
	p.until("docs/a.md")
}

func TestDS3AFolderAboveIsRenamed(t *testing.T) {
	p := newProject(t, Options{}, "s/a/b/c/x.md", "channels.yaml").watch("channels.yaml", "s/a/b/c/x.md")
	p.must(os.Rename(p.path("s/a"), p.path("s/z")))
	p.until("s/a")
	p.must(os.Rename(p.path("s/z"), p.path("s/a")))
	p.until("s/a")
	p.write("s/a/b/c/x.md", "new")
	p.until("s/a/b/c/x.md")
}

func TestDS3EditOfALinkTarget(t *testing.T) {
	p := newProject(t, Options{}, "real/a.md", "real/tree/b.md", "docs/x", "file-target")
	p.must(os.Symlink(p.path("real/a.md"), p.path("docs/a.md")))
	p.must(os.Symlink("../real/tree", p.path("docs/tree")))
	p.must(os.Symlink(p.path("docs"), p.path("docs/loop")))
	p.must(os.Symlink("file-target", p.path("channels.yaml")))
	p.watch("docs", "channels.yaml")
	for _, name := range []string{"real/a.md", "real/tree/b.md", "file-target"} {
		p.write(name, "new")
		p.until(name)
	}
	p.must(os.Remove(p.path("docs/a.md")))
	p.must(os.Symlink(p.path("real/z.md"), p.path("docs/a.md")))
	p.until("docs/a.md")
	p.write("real/z.md", "the new target appears")
	p.until("real/z.md")
}

func TestDS3TouchAndChmodAreIgnored(t *testing.T) {
	p := newProject(t, Options{}, "docs/a.md", "docs/sub/b.md").watch("docs")
	now := time.Now()
	p.must(os.Chtimes(p.path("docs/a.md"), now, now))
	p.must(os.Chmod(p.path("docs/a.md"), 0o600))
	p.must(os.Chmod(p.path("docs/sub"), 0o700))
	p.only("docs/sentinel")
}

func TestDS3AWatchedPathThatAppearsLater(t *testing.T) {
	p := newProject(t, Options{}, "channels.yaml").watch("channels.yaml", "templates/page/index.html")
	p.write("templates/page/index.html", "new")
	p.until("templates")
	p.write("templates/page/index.html", "newer")
	p.until("templates/page/index.html")
}

func TestDS6OutputAndTemporaryFilesDoNotCount(t *testing.T) {
	noise := []string{
		"out/www/a.html", ".git/index", "docs/node_modules/x/index.js", "docs/a.md~", "docs/.a.md.swp",
		"docs/4913", "docs/#a.md#", "docs/.#a.md", "docs/a.md.tmp", "docs/.goutputstream-1A", "docs/a.md___jb_tmp___",
	}
	for _, polls := range []bool{false, true} {
		p := newProject(t, Options{Ignore: []string{"out"}, Poll: polls, Interval: 20 * time.Millisecond}, append(noise, "docs/a.md")...)
		p.watch(".")
		for _, name := range noise {
			p.write(name, "new")
		}
		p.must(os.Remove(p.path("docs/4913")))
		p.only("docs/sentinel")
	}
}

func TestFilesBesideAWatchedFileDoNotCount(t *testing.T) {
	p := newProject(t, Options{}, "channels.yaml", "README.md").watch("channels.yaml")
	p.write("README.md", "new")
	p.only("channels.yaml")
}

func TestDS5ABurstIsAtMostTwoBatches(t *testing.T) {
	p := newProject(t, Options{Limit: 2 * time.Second}, "docs/x").watch("docs")
	for i := range 500 {
		p.write(fmt.Sprintf("docs/f%03d.md", i), "new")
	}
	seen, batches := map[string]bool{}, 0
	for len(seen) < 500 {
		for _, name := range p.next() {
			seen[name] = true
		}
		batches++
	}
	if batches > 2 {
		t.Errorf("%d batches for one burst", batches)
	}
	p.only("docs/x")
}

func TestDS5BatchesMergeWhileNobodyReceives(t *testing.T) {
	p := newProject(t, Options{Quiet: time.Millisecond, Limit: 2 * time.Millisecond}, "docs/x").watch("docs")
	for i := range 50 {
		p.write(fmt.Sprintf("docs/%d.md", i), "new")
		p.w.Watch([]string{p.path("docs")}, time.Time{}) // a round trip through the loop
	}
	seen := map[string]bool{}
	for len(seen) < 50 {
		for _, name := range p.next() {
			seen[name] = true
		}
	}
}

// Files that change between the reading of a build and the call of Watch are not lost.
func TestChangesSinceAreReported(t *testing.T) {
	p := newProject(t, Options{}, "channels.yaml", "docs/old.md")
	past := time.Now().Add(-time.Hour)
	p.must(os.Chtimes(p.path("docs/old.md"), past, past))
	p.must(os.Chtimes(p.path("channels.yaml"), past, past))
	p.write("docs/new.md", "new")
	p.w.Watch([]string{p.path("channels.yaml"), p.path("docs")}, past.Add(time.Minute))
	if got := p.next(); !slices.Equal(got, []string{"docs/new.md"}) {
		t.Errorf("reported %v", got)
	}
	p.w.Watch([]string{p.path("channels.yaml"), p.path("docs")}, past.Add(time.Minute))
	p.only("docs/sentinel")
}

func TestDebounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDebounce(50*time.Millisecond, 400*time.Millisecond)
		start := time.Now()
		d.touch()
		if <-d.C(); time.Since(start) != 50*time.Millisecond {
			t.Errorf("one event fired after %v", time.Since(start))
		}
		d.stop()
		start = time.Now()
		for fired := false; !fired; {
			d.touch()
			select {
			case <-d.C():
				fired = true
			case <-time.After(30 * time.Millisecond):
			}
		}
		if got := time.Since(start); got != 400*time.Millisecond {
			t.Errorf("a stream of events fired after %v, want the limit", got)
		}
		d.stop()
	})
}
