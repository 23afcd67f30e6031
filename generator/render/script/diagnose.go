package script

import (
	"errors"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"embedgen/generator/diag"
)

// Rules of the diagnostics of this package.
const (
	ruleScript = "template-script" // a script or style sheet that does not compile
	rulePage   = "template-html"   // a template of a page or snippet that does not compile or render
)

// diagnose turns esbuild's messages about a script and what it imports into diagnostics.
func diagnose(entry string, messages []api.Message) diag.List {
	var list diag.List
	for _, m := range messages {
		d := diag.Diagnostic{Pos: diag.Pos{File: entry}, Rule: ruleScript, Message: uncapitalize(m.Text)}
		if at := m.Location; at != nil {
			d.Pos = diag.Pos{File: strings.TrimPrefix(at.File, "templates:"), Line: at.Line, Column: characters(at.LineText, 0, at.Column) + 1}
			d.Length, d.Source = characters(at.LineText, at.Column, at.Length), at.LineText
		}
		list = append(list, d)
	}
	return list
}

// characters counts those of a part of a line that esbuild gives in bytes.
func characters(line string, from, length int) int {
	from = min(from, len(line))
	return utf8.RuneCountInString(line[from:min(from+length, len(line))])
}

// uncapitalize makes esbuild's sentences look like ours.
func uncapitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// place finds the position and the message in an error of a template package: "template: NAME:LINE: …"
// when it parses, "template: NAME:LINE:COLUMN: …" when it runs, columns from zero.
var place = regexp.MustCompile(`^(?:html/)?template: ?[^:]*:(\d+):(?:(\d+):)? (.*)$`)

// diagnoseTemplate turns an error of a template package about the template name, whose source is
// text, into a diagnostic.
func diagnoseTemplate(name, text string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Pos: diag.Pos{File: name}, Rule: rulePage, Message: err.Error()}
	var escape *template.Error
	if errors.As(err, &escape) {
		d.Pos.Line, d.Message = escape.Line, escape.Description
	} else if m := place.FindStringSubmatch(err.Error()); m != nil {
		d.Pos.Line, _ = strconv.Atoi(m[1])
		if m[2] != "" {
			column, _ := strconv.Atoi(m[2])
			d.Pos.Column = column + 1
		}
		d.Message = m[3]
	}
	if lines := strings.Split(text, "\n"); d.Pos.Line >= 1 && d.Pos.Line <= len(lines) {
		d.Source = lines[d.Pos.Line-1]
	}
	if d.Pos.Column > 0 {
		d.Pos.Column = characters(d.Source, 0, d.Pos.Column-1) + 1
	}
	return d
}
