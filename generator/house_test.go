package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed lists, for each package of the project, the packages of the project that it may
// import. A folder that is not listed here inherits the list of the nearest folder above.
var allowed = map[string][]string{
	"cmd/embedgen":                   {"generator", "generator/*", "templates"},
	"generator":                      {"generator/artifact", "generator/config", "generator/diag", "generator/render", "generator/site", "templates"},
	"generator/artifact":             {},
	"generator/chatauth":             {"generator/secret", "generator/sign", "generator/site"},
	"generator/cecsim":               {"generator/cecsim/*", "generator/secret", "generator/sign", "generator/site"},
	"generator/config":               {"generator/config/rule", "generator/diag", "generator/secret"},
	"generator/config/edit":          {"generator/config", "generator/config/rule", "generator/config/schema", "generator/diag"},
	"generator/config/rule":          {"generator/diag"},
	"generator/config/rule/ruledoc":  {"generator/config/rule", "generator/diag"},
	"generator/config/schema":        {"generator/config", "generator/config/rule"},
	"generator/devserver":            {"generator/artifact", "generator/devserver/*", "generator/diag", "generator/site"},
	"generator/diag":                 {},
	"generator/internal/lab":         {},
	"generator/internal/lab/browser": {"generator/internal/lab"},
	"generator/leak":                 {"generator/artifact", "generator/secret"},
	"generator/render":               {"generator/artifact", "generator/diag", "generator/render/*", "generator/secret", "generator/site"},
	"generator/render/caddyfile":     {"generator/render/route", "generator/site"},
	"generator/render/nginxconf":     {"generator/render/route", "generator/site"},
	"generator/render/route":         {"generator/site"},
	"generator/secret":               {},
	"generator/sign":                 {},
	"generator/site":                 {"generator/config", "generator/config/rule", "generator/diag", "generator/secret"},
	"templates":                      {},
}

// only lists the packages that may import a library.
var only = map[string][]string{
	"gopkg.in/yaml.v3":                {"generator/config"},
	"github.com/yuin/goldmark":        {"generator/render/guide"},
	"github.com/fsnotify/fsnotify":    {"generator/devserver"},
	"github.com/golang-jwt/jwt/v5":    {"generator/chatauth"},
	"github.com/evanw/esbuild":        {"generator/render/script"},
	"github.com/alecthomas/chroma/v2": {"generator/render/guide"},
}

// source is one parsed Go file that is not a test.
type source struct {
	pkg  string // folder below the module root
	path string
	file *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || e.Name() == "testdata" || p == "out"):
			return fs.SkipDir
		case e.IsDir() || path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", p), nil, parser.ParseComments)
		list = append(list, source{path.Dir(p), p, f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (s source) imports() []string {
	var list []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		list = append(list, p)
	}
	return list
}

// rules finds the nearest listed folder.
func rules(pkg string) []string {
	for p := pkg; p != "."; p = path.Dir(p) {
		if list, ok := allowed[p]; ok {
			return list
		}
	}
	return nil
}

func matches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		below, ok := strings.CutSuffix(p, "/*")
		return p == pkg || ok && strings.HasPrefix(pkg, below+"/")
	})
}

func TestImportDirection(t *testing.T) {
	list := sources(t)
	if len(list) < 20 {
		t.Fatalf("only %d sources found", len(list))
	}
	for _, s := range list {
		for _, imported := range s.imports() {
			ours, ok := strings.CutPrefix(imported, "embedgen/")
			if ok && !matches(rules(s.pkg), ours) {
				t.Errorf("%s: %s must not import %s", s.path, s.pkg, ours)
			}
		}
	}
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		for _, imported := range s.imports() {
			for library, places := range only {
				if imported != library && !strings.HasPrefix(imported, library+"/") {
					continue
				}
				seen[library] = true
				if !slices.ContainsFunc(places, func(p string) bool { return s.pkg == p || strings.HasPrefix(s.pkg, p+"/") }) {
					t.Errorf("%s imports %s, which belongs to %v", s.path, library, places)
				}
			}
		}
	}
	for library := range only {
		if !seen[library] {
			t.Errorf("nothing imports %s: the rule about it checks nothing", library)
		}
	}
}

// writers are the functions of package os that change the disk, the environment or the process.
var writers = regexp.MustCompile(`^(Chmod|Chtimes|Create|CreateTemp|Exit|Getenv|Link|LookupEnv|Mkdir|MkdirAll|MkdirTemp|OpenFile|Remove|RemoveAll|Rename|Setenv|Symlink|Truncate|WriteFile)$`)

// TestOnlyEdgesTouchTheWorld: no clock, environment or disk below cmd, except where a package
// exists for it.
func TestOnlyEdgesTouchTheWorld(t *testing.T) {
	edges := []string{"cmd/*", "generator/artifact", "generator/devserver", "generator/devserver/*",
		"generator/internal/*", "generator/secret"}
	for _, s := range sources(t) {
		if matches(edges, s.pkg) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if !ok || pkg.Obj != nil {
				return true
			}
			if pkg.Name == "os" && writers.MatchString(sel.Sel.Name) || pkg.Name == "time" && sel.Sel.Name == "Now" {
				t.Errorf("%s uses %s.%s", s.path, pkg.Name, sel.Sel.Name)
			}
			return true
		})
	}
}
