// Package devserver is the development server: it builds the site in memory, serves it, rebuilds
// it when a file changes, reloads the tabs whose bytes changed, and runs the three endpoints of
// DESIGN section 5 and a simulated CEC beside the pages.
//
// The package knows nothing about how a site is built or a request is signed: [Options] takes
// functions for both. Everything is served from memory.
//
// # Addresses
//
// One port serves several hosts; a request for any other Host is refused with 421, which is what
// stops DNS rebinding. On 127.0.0.1, localhost and [::1] everything is reachable; all tenants share
// their cookies there, so one chat at a time works. <tenant>.localhost is a tenant's own origin,
// where its pages, its endpoints and its context paths lie as on its real site. The simulated CEC
// of a channel without a proxy answers on cec.<tenant>.localhost: another origin of the same site.
//
//	/                                     the dashboard
//	<publicPath>                          www/<tenant>/, as on the tenant's origin
//	/webchat/…, /rest/…                   the three endpoints
//	<contextPath>/                        CEC, through a reverse proxy that does what the emitted nginx does
//	/docs/, /snippets/, /nginx/, /extension/, /manifest.json
//	/_embedgen/demo/<tenant>/<channel>    a page of somebody's site with the snippet pasted in
//	/_embedgen/playground/<tenant>/<channel>  the visitor's page under other settings, rendered anew
//	/_embedgen/agent/                     the console of the simulated CEC
//	/_embedgen/requests                   the inspector; the data as requests.json
//	/_embedgen/events                     the stream that reloads tabs
//
// # Rebuilding
//
// A [state] is everything that one build made. It never changes; a new build puts a new one in its
// place and wakes the streams. A stream tells a tab what changed since the build that the tab
// shows, so nothing is lost when a connection is, and no queue can fill. A failed build keeps the
// last good pages and adds its diagnostics, which the tabs show.
//
// What is served is what a build writes, byte for byte, but for one script element before </body>
// (the reload client) and its nonce in the Content-Security-Policy.
package devserver
