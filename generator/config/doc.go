// Package config reads channels.yaml: what the user wrote, where, and what is wrong with it.
//
// [Load] walks the YAML tree itself instead of decoding it into structs, so that every value
// keeps its position, absence differs from the zero value, and all problems are found in one
// run. What the values mean together (inheritance, defaults) is the business of package site;
// the rules of both are registered in package rule.
//
// Decisions on YAML, each held by a fixture in testdata/rules:
//
//   - A file is one document, UTF-8, at most 64 MiB and 3,000,000 values; a byte order mark and
//     CRLF are fine. All files together have at most 250,000 tenants and channels. The number of
//     values is bounded before the parser sees the text, so that memory is too.
//   - Text that another YAML reader could take for a number, boolean, null or date is quoted;
//     only long ids may be plain decimal digits, and are read as written.
//   - Aliases (*name) work, up to a total expansion; merge keys (<<) are refused, because
//     defaults does their work and says where a value came from.
//   - What an environment says wins over whatever is said outside of it; [File.In] applies one.
//   - Duplicate keys are errors that show both places.
//   - A syntax error does not hide the other problems of its file, where the line at fault can be
//     told from the rest.
package config
