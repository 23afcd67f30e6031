// Package generator turns one file tree into another: channels.yaml, templates and pages in, the
// output tree and a list of diagnostics out. [Generator.Build] is the whole of it; it touches no
// disk, no clock and no environment, so that every command is a different way of looking at the
// same result:
//
//	check   the diagnostics
//	build   the tree, written; with --check, compared
//	dev     the tree, served from memory, made again whenever an input changes
//
// The way through the packages below:
//
//	channels.yaml ─ config ─▶ what the user wrote: values with positions, absences
//	                  │
//	                site ───▶ what it means: every value resolved; Plan says which files must exist
//	                  │
//	               render ──▶ templates + data → bytes
//	                  │         script     embed script, integration page, snippet, policy
//	                  │         nginxconf  a typed directive tree
//	                  │         guide      Markdown, compiled once per template
//	              artifact ─▶ the output tree: compared, hashed, written
//
// Two models, never one: config is what the user wrote, site is what it means. Templates see only
// site.
//
// Beside that way stand the parts of a running chat. sign makes and verifies auth-v2 signatures.
// chatauth serves the three endpoints that CEC leaves to the company. cecsim simulates CEC.
// devserver puts all of it behind one port. secret resolves references and keeps values out of
// print; diag describes problems. sign, secret and diag import nothing of the project.
//
// Imports point one way; TestImportDirection holds them to it. Only config imports YAML, only
// render/guide imports Markdown, only devserver watches files, only artifact and the commands
// write them.
package generator
