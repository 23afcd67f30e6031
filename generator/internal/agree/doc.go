// Package agree has one table of requests and runs it through everything that stands between a
// browser and CEC: the emitted nginx files in their forms, the emitted Caddyfile, the complete
// nginx.conf for a laptop, and the development server's proxy. All of them come from one
// channels.yaml, and all must do the same.
//
// It has tests only.
package agree
