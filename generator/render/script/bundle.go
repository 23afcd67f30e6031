package script

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"embedgen/generator/diag"
)

const (
	embedEntry  = "embed/main.js"
	clientEntry = "embed/client/main.js"
	// slot is the name that stands in the bundle where a channel's configuration goes.
	slot = "EMBEDGEN_CONFIG"
)

// bundle is the embed script of every channel: prefix, the channel's configuration, suffix.
type bundle struct{ prefix, suffix []byte }

// newBundle bundles and minifies the sources of embed.js, once for all channels.
func newBundle(fsys fs.FS) (bundle, diag.List) {
	code, problems := compile(fsys, embedEntry)
	if problems != nil {
		return bundle{}, problems
	}
	if n := bytes.Count(code, []byte(slot)); n != 1 {
		return bundle{}, diag.List{{
			Pos:     diag.Pos{File: embedEntry},
			Rule:    ruleScript,
			Message: fmt.Sprintf("the embed script uses %s %d times, expected once", slot, n),
			Hint:    "read the configuration in one place, as embed/config.js does",
		}}
	}
	prefix, suffix, _ := bytes.Cut(code, []byte(slot))
	return bundle{prefix, suffix}, nil
}

// fill returns the script with a value in its slot.
func (b bundle) fill(v any) []byte {
	return bytes.Join([][]byte{b.prefix, b.suffix}, scriptJSON(v))
}

// compile bundles a script and what it imports into one minified function call that leaks nothing
// into the page.
func compile(fsys fs.FS, entry string) ([]byte, diag.List) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{entry},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2020,
		Platform:          api.PlatformBrowser,
		Charset:           api.CharsetASCII, // the page may have any character set
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       "{}", // or esbuild looks for one on disk
		AbsWorkingDir:     "/",
		LogLevel:          api.LogLevelSilent,
		Plugins:           []api.Plugin{reader(fsys)},
	})
	if len(result.Errors) > 0 {
		return nil, diagnose(entry, result.Errors)
	}
	return bytes.TrimRight(result.OutputFiles[0].Contents, "\n"), nil
}

// reader makes esbuild read every file from fsys and none from disk.
func reader(fsys fs.FS) api.Plugin {
	const namespace = "templates"
	return api.Plugin{Name: namespace, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name := args.Path
			if strings.HasPrefix(name, ".") {
				name = path.Join(path.Dir(args.Importer), name)
			}
			if _, err := fs.Stat(fsys, name); err != nil {
				return api.OnResolveResult{}, fmt.Errorf("%q is not among the templates", name)
			}
			return api.OnResolveResult{Path: name, Namespace: namespace}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			return load(fsys, args.Path)
		})
	}}
}

// load reads a module. A style sheet becomes a module whose default is its minified text.
func load(fsys fs.FS, name string) (api.OnLoadResult, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	text := string(data)
	if path.Ext(name) != ".css" {
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	}
	minified, messages := minify(name, data)
	text = string(minified)
	return api.OnLoadResult{Contents: &text, Loader: api.LoaderText, Errors: messages}, nil
}

// minify shrinks one file that imports nothing: a style sheet, or a script in ES5.
func minify(name string, data []byte) ([]byte, []api.Message) {
	options := api.TransformOptions{
		Sourcefile:       name,
		Loader:           api.LoaderCSS,
		Target:           api.ES2020,
		Charset:          api.CharsetASCII,
		LegalComments:    api.LegalCommentsNone,
		MinifyWhitespace: true,
		MinifySyntax:     true,
		TsconfigRaw:      "{}",
		LogLevel:         api.LogLevelSilent,
	}
	if path.Ext(name) == ".js" {
		options.Loader, options.Target, options.MinifyIdentifiers = api.LoaderJS, api.ES5, true
	}
	result := api.Transform(string(data), options)
	problems := result.Errors
	if options.Loader == api.LoaderCSS {
		problems = append(problems, result.Warnings...) // all that esbuild says of broken CSS
	}
	return bytes.TrimRight(result.Code, "\n"), problems
}
