package diag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// RuleInfo is what SARIF readers show about a rule.
type RuleInfo struct {
	ID       string
	Severity Severity
	Summary  string // one sentence, what is demanded
	Help     string // why, and what to do; plain text, may be empty
}

// SARIF prints a list as one run in the Static Analysis Results Interchange Format 2.1.0 (OASIS),
// made by a version of embedgen. Rules that the list names and rules does not are described by
// their id alone. Files are relative to the root of the sources, %SRCROOT%.
//
// A result's partial fingerprint is of its rule, its file and the text of its line, so that it
// stays the same when lines are added above; equal ones are numbered.
func SARIF(w io.Writer, list List, version string, rules []RuleInfo) error {
	run := newSARIFRun(version, rules)
	for _, d := range list {
		run.add(d)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []*sarifRun{run},
	})
}

// The types below follow the sections of the standard; fields that embedgen does not use are
// left out.
type (
	sarifLog struct { // 3.13
		Schema  string      `json:"$schema"`
		Version string      `json:"version"`
		Runs    []*sarifRun `json:"runs"`
	}

	sarifRun struct { // 3.14
		Tool       sarifTool                `json:"tool"`
		Bases      map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind string                   `json:"columnKind"`
		Results    []sarifResult            `json:"results"`

		index map[string]int // of the rules
		seen  map[string]int // how often a fingerprint occurred
	}

	sarifTool struct { // 3.18
		Driver sarifDriver `json:"driver"`
	}

	sarifDriver struct { // 3.19
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}

	sarifRule struct { // 3.49
		ID      string             `json:"id"`
		Summary *sarifText         `json:"shortDescription,omitempty"`
		Full    *sarifText         `json:"fullDescription,omitempty"`
		Help    *sarifText         `json:"help,omitempty"`
		Default sarifConfiguration `json:"defaultConfiguration"`
	}

	sarifConfiguration struct { // 3.50
		Level string `json:"level"`
	}

	sarifText struct { // 3.11 and 3.12
		Text string `json:"text"`
	}

	sarifResult struct { // 3.27
		Rule         string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}

	sarifLocation struct { // 3.28
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}

	sarifPhysical struct { // 3.29
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}

	sarifArtifact struct { // 3.4
		URI         string     `json:"uri,omitempty"`
		Base        string     `json:"uriBaseId,omitempty"`
		Description *sarifText `json:"description,omitempty"`
	}

	sarifRegion struct { // 3.30; columns in UTF-16 code units, the end is exclusive
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
)

// sourceRoot names the directory that files are relative to.
const sourceRoot = "%SRCROOT%"

func newSARIFRun(version string, rules []RuleInfo) *sarifRun {
	run := &sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "embedgen", Version: version, Rules: []sarifRule{}}},
		Bases:      map[string]sarifArtifact{sourceRoot: {Description: &sarifText{"the directory of channels.yaml"}}},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
		index:      map[string]int{},
		seen:       map[string]int{},
	}
	for _, r := range rules {
		run.rule(r)
	}
	return run
}

// rule returns the index of a rule, which it adds if need be.
func (run *sarifRun) rule(r RuleInfo) int {
	if i, known := run.index[r.ID]; known {
		return i
	}
	rules := &run.Tool.Driver.Rules
	run.index[r.ID] = len(*rules)
	*rules = append(*rules, sarifRule{
		ID: r.ID, Summary: &sarifText{cmp.Or(r.Summary, r.ID)}, Full: &sarifText{cmp.Or(r.Summary, r.ID)},
		Help:    &sarifText{cmp.Or(r.Help, r.Summary, r.ID)}, // GitHub wants all three
		Default: sarifConfiguration{r.Severity.String()},
	})
	return run.index[r.ID]
}

func (run *sarifRun) add(d Diagnostic) {
	message := d.Message
	if d.Hint != "" {
		message += "\nhint: " + d.Hint
	}
	r := sarifResult{
		Rule:         d.Rule,
		RuleIndex:    run.rule(RuleInfo{ID: d.Rule, Severity: d.Severity}),
		Level:        d.Severity.String(),
		Message:      sarifText{message},
		Locations:    []sarifLocation{{Physical: sarifPhysical{sarifFile(d.Pos.File), d.region()}}},
		Fingerprints: map[string]string{"embedgen/v1": run.fingerprint(d)},
	}
	for i, other := range d.Related {
		r.Related = append(r.Related, sarifLocation{i + 1, sarifPhysical{sarifFile(other.Pos.File), other.Pos.region()}, &sarifText{other.Message}})
	}
	run.Results = append(run.Results, r)
}

// sarifFile names a file by a relative URI reference (RFC 3986).
func sarifFile(name string) sarifArtifact {
	return sarifArtifact{URI: (&url.URL{Path: name}).EscapedPath(), Base: sourceRoot}
}

// fingerprint is a hash of rule, file and line text, and how often it occurred before.
func (run *sarifRun) fingerprint(d Diagnostic) string {
	sum := sha256.Sum256([]byte(d.Rule + "\x00" + d.Pos.File + "\x00" + strings.TrimSpace(d.Source)))
	hash := hex.EncodeToString(sum[:16])
	run.seen[hash]++
	return fmt.Sprintf("%s:%d", hash, run.seen[hash])
}

// region returns the underlined part of the line, or nil for a file as a whole.
func (d Diagnostic) region() *sarifRegion {
	if d.Pos.Line == 0 || d.Pos.Column == 0 || d.Source == "" {
		return d.Pos.region()
	}
	start, end := d.Span()
	return &sarifRegion{d.Pos.Line, utf16Column(d.Source[:start]), d.Pos.Line, utf16Column(d.Source[:end])}
}

// region returns a line: without its text, a column in characters cannot be told in UTF-16.
func (p Pos) region() *sarifRegion {
	if p.Line == 0 {
		return nil
	}
	return &sarifRegion{StartLine: p.Line}
}

// utf16Column returns the column behind a text that begins a line, in UTF-16 code units from 1.
func utf16Column(before string) int {
	column := 1
	for _, c := range before {
		column++
		if c > 0xffff {
			column++
		}
	}
	return column
}
