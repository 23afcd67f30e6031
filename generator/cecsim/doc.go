// Package cecsim simulates CEC, so that an integrator sees a whole chat, visitor and agent, before
// access to a CEC exists, and a test can prove it.
//
// A [CEC] serves CEC's own paths as cec-contract describes them, for every channel of a site, and
// a console for the agent. It is strict where CEC is known to be strict: a signature is verified,
// a token is validated by the tenant's own endpoint, a channel cannot be started in the other mode.
// Each hop of a start and of a conversation is an [Event], which says who asked whom, what was
// checked, and at which stage a refusal happened. What nobody outside knows is marked open:
//
//	POST thirdPartyClient.js      settled   the answer is our own script: it looks for the globals
//	                                        of contract section 1, then calls thirdValidate
//	POST newThirdPartyClient.js   settled   the answer is our own script: it draws the widget
//	ccmessaging-token             settled   but for the session id in it, which is ours
//	webadapterfacade/…            settled   but for resultCode other than "0", and queue and robot
//	refusals                      open      here 401 (not vouched for), 403 (not this way), 400
//	cobrowse.js and its sibling   open      stubs: they show that they were asked for
//	click to call                 open      always "not supported"
//
// Nothing here is the vendor's; scripts, widget and console say so.
package cecsim
