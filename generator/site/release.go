package site

import (
	"regexp"
	"strconv"
	"strings"

	"embedgen/generator/config"
	"embedgen/generator/config/rule"
)

var (
	inName = map[string]*regexp.Regexp{
		"jquery": regexp.MustCompile(`(?i)jquery[-.@/v]*?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?`),
		"axios":  regexp.MustCompile(`(?i)axios[-.@/v]*?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?`),
	}
	inBanner = map[string]*regexp.Regexp{
		"jquery": regexp.MustCompile(`(?i)jquery(?: javascript library)? v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?`),
		"axios":  regexp.MustCompile(`(?i)axios v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?`),
	}
	backdoored = map[string]bool{"1.14.1": true, "0.30.4": true}
)

// checkRelease refuses releases that must not be served, recognised by the name of the file or
// the banner at its start (requirements/security.md 29).
func (r *resolver) checkRelease(name string, at config.Value[string], file string, data []byte) {
	banner := string(data[:min(len(data), 2048)])
	version := inBanner[name].FindStringSubmatch(banner)
	if version == nil {
		version = inName[name].FindStringSubmatch(file)
	}
	if name == "jquery" && (strings.Contains(strings.ToLower(file), "slim") || strings.Contains(banner, "-ajax,")) {
		r.report(at.Pos, rule.SlimJQuery, "use the full build", "%q is the slim build of jQuery, which has no $.ajax", file)
	}
	if version == nil {
		return
	}
	number := strings.Trim(strings.Join(version[1:], "."), ".")
	switch {
	case name == "jquery" && olderThan35(version):
		r.report(at.Pos, rule.OldJQuery, "use 3.5 or newer", "%q is jQuery %s, which has known holes", file, number)
	case name == "axios" && backdoored[number]:
		r.report(at.Pos, rule.BackdooredAxios, "use another release", "%q is axios %s, which carried a backdoor", file, number)
	}
}

func olderThan35(version []string) bool {
	major, _ := strconv.Atoi(version[1])
	minor, _ := strconv.Atoi(version[2])
	return major < 3 || major == 3 && minor < 5
}
