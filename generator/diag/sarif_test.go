package diag_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"embedgen/generator/diag"
)

// sarifLog is what a reader of SARIF 2.1.0 takes from a log. Every property name that embedgen
// writes is here: decoding refuses others.
type sarifLog struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID                   string
					ShortDescription     *struct{ Text string }
					FullDescription      *struct{ Text string }
					Help                 *struct{ Text string }
					DefaultConfiguration struct{ Level string }
				}
			}
		}
		OriginalURIBaseIDs map[string]struct{ Description struct{ Text string } } `json:"originalUriBaseIds"`
		ColumnKind         string
		Results            []sarifResult
	}
}

type sarifResult struct {
	RuleID              string `json:"ruleId"`
	RuleIndex           int
	Level               string
	Message             struct{ Text string }
	Locations           []sarifLocation
	RelatedLocations    []sarifLocation
	PartialFingerprints map[string]string
}

type sarifLocation struct {
	ID               int
	Message          struct{ Text string }
	PhysicalLocation struct {
		ArtifactLocation struct {
			URI       string `json:"uri"`
			URIBaseID string `json:"uriBaseId"`
		}
		Region *sarifRegion
	}
}

type sarifRegion struct{ StartLine, StartColumn, EndLine, EndColumn int }

func sarif(t *testing.T, list diag.List, rules ...diag.RuleInfo) sarifLog {
	t.Helper()
	var b bytes.Buffer
	if err := diag.SARIF(&b, list, "1.2.3", rules); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&b)
	d.DisallowUnknownFields()
	var log sarifLog
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestSARIF(t *testing.T) {
	rules := []diag.RuleInfo{
		{ID: "unknown-key", Summary: "Every key is a known one.", Help: "Look at the hint."},
		{ID: "bare", Severity: diag.Warning},
	}
	log := sarif(t, diag.List{
		{Pos: at(12, 3), Length: 4, Rule: "unknown-key", Message: `unknown key "mdoe"`, Hint: "did you mean mode?", Source: "  mdoe: token",
			Related: []diag.Related{{Pos: at(3, 1), Message: "first here"}}},
		{Pos: diag.Pos{File: "页/a b#1?.md"}, Severity: diag.Warning, Rule: "of-another-package", Message: "m"},
	}, rules...)
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-schema-2.1.0.json") || len(log.Runs) != 1 {
		t.Fatalf("the log is %+v", log)
	}
	run := log.Runs[0]
	driver := run.Tool.Driver
	if driver.Name != "embedgen" || driver.Version != "1.2.3" || run.ColumnKind != "utf16CodeUnits" || run.OriginalURIBaseIDs["%SRCROOT%"].Description.Text == "" {
		t.Errorf("the run is %+v", run)
	}
	if len(driver.Rules) != 3 || driver.Rules[0].Help.Text != "Look at the hint." || driver.Rules[0].ShortDescription.Text != "Every key is a known one." ||
		driver.Rules[0].DefaultConfiguration.Level != "error" || driver.Rules[1].Help.Text != "bare" || driver.Rules[0].FullDescription.Text == "" || driver.Rules[1].DefaultConfiguration.Level != "warning" ||
		driver.Rules[2].ID != "of-another-package" {
		t.Errorf("the rules are %+v", driver.Rules)
	}
	first, second := run.Results[0], run.Results[1]
	if first.RuleID != "unknown-key" || first.RuleIndex != 0 || first.Level != "error" || first.Message.Text != "unknown key \"mdoe\"\nhint: did you mean mode?" {
		t.Errorf("the result is %+v", first)
	}
	if want := (sarifRegion{12, 3, 12, 7}); *first.Locations[0].PhysicalLocation.Region != want {
		t.Errorf("the region is %+v, want %+v", first.Locations[0].PhysicalLocation.Region, want)
	}
	related := first.RelatedLocations[0]
	if related.ID != 1 || related.Message.Text != "first here" || *related.PhysicalLocation.Region != (sarifRegion{StartLine: 3}) {
		t.Errorf("the related place is %+v", related)
	}
	if second.RuleIndex != 2 || second.Level != "warning" || second.Locations[0].PhysicalLocation.Region != nil {
		t.Errorf("the result of a whole file is %+v", second)
	}
	file := second.Locations[0].PhysicalLocation.ArtifactLocation
	if file.URI != "%E9%A1%B5/a%20b%231%3F.md" || file.URIBaseID != "%SRCROOT%" {
		t.Errorf("the file is %+v", file)
	}
}

// TestSARIFOfNothing holds that an empty list has its lists, which the standard wants to tell
// "nothing found" from "not looked".
func TestSARIFOfNothing(t *testing.T) {
	var b bytes.Buffer
	diag.SARIF(&b, nil, "", nil)
	for _, want := range []string{`"results": []`, `"rules": []`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}

func TestSARIFColumns(t *testing.T) {
	for name, test := range map[string]struct {
		d    diag.Diagnostic
		want sarifRegion
	}{
		"two units for a character outside the basic plane": {diag.Diagnostic{Pos: at(1, 6), Length: 1, Source: "a: 😀 x"}, sarifRegion{1, 7, 1, 8}},
		"one unit for three bytes":                          {diag.Diagnostic{Pos: at(1, 4), Length: 2, Source: "a: 银行x"}, sarifRegion{1, 4, 1, 6}},
		"a caret is an empty region":                        {diag.Diagnostic{Pos: at(1, 2), Source: "银行"}, sarifRegion{1, 2, 1, 2}},
		"past the end":                                      {diag.Diagnostic{Pos: at(1, 8), Length: 5, Source: "a: 银"}, sarifRegion{1, 5, 1, 5}},
		"longer than the line":                              {diag.Diagnostic{Pos: at(1, 4), Length: 50, Source: "a: 银"}, sarifRegion{1, 4, 1, 5}},
		"without its text":                                  {diag.Diagnostic{Pos: at(4, 8), Length: 5}, sarifRegion{StartLine: 4}},
	} {
		got := sarif(t, diag.List{test.d}).Runs[0].Results[0].Locations[0].PhysicalLocation.Region
		if got == nil || *got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// TestSARIFFingerprints holds that a fingerprint outlives lines added above and differs between
// rules, files, texts and repetitions.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(list ...diag.Diagnostic) (all []string) {
		for _, r := range sarif(t, list).Runs[0].Results {
			all = append(all, r.PartialFingerprints["embedgen/v1"])
		}
		return all
	}
	d := func(line int, rule, file, source string) diag.Diagnostic {
		return diag.Diagnostic{Pos: diag.Pos{File: file, Line: line, Column: 1}, Rule: rule, Source: source}
	}
	before := prints(d(3, "r", "a", "mode: tokn"), d(9, "r", "a", "  mode: tokn"), d(10, "r", "a", "load: x"), d(3, "r", "b", "mode: tokn"), d(3, "s", "a", "mode: tokn"))
	after := prints(d(5, "r", "a", "mode: tokn"), d(11, "r", "a", "mode: tokn"), d(12, "r", "a", "load: x"), d(5, "r", "b", "mode: tokn"), d(5, "s", "a", "mode: tokn"))
	if !reflect.DeepEqual(before, after) {
		t.Errorf("fingerprints move with their lines: %q, then %q", before, after)
	}
	seen := map[string]bool{}
	for _, p := range before {
		if p == "" || seen[p] {
			t.Errorf("fingerprint %q is empty or of two results", p)
		}
		seen[p] = true
	}
}
