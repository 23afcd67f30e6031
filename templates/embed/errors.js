/**
 * What an `error` event carries as its `code`. Codes are stable; messages are for developers and may change.
 *
 * @typedef {(
 *   'identity_failed' |     // identify(fn) threw or gave no usable identity, or the token endpoint refused
 *   'identity_network' |    // the authorization or token endpoint was not reached
 *   'sign_refused' |        // the authorization endpoint refused, or its answer has no signature
 *   'cec_network' |         // CEC was not reached: offline, CORS, or the page's connect-src
 *   'cec_refused' |         // CEC answered with a status other than 2xx; `status` has it
 *   'cec_empty' |           // CEC answered 200 with nothing: a refusal too
 *   'cec_not_script' |      // CEC answered with HTML or JSON where a script belongs: a login or error page
 *   'script_failed' |       // CEC's script has a syntax error, or threw while it ran or in a timer of its
 *   'script_blocked' |      // the page's Content-Security-Policy forbids CEC's script: put the nonce on our tag
 *   'client_blocked' |      // our own second script, assets/client.<hash>.js, did not load
 *   'library_blocked' |     // a library or co-browsing script did not load; the start goes on with a stand-in, or without
 *   'jquery_missing' |      // CEC's script called $(…), which needs jQuery: see `libraries.jquery`
 *   'second_channel' |      // another channel's embed script is already on this page
 *   'unsupported_browser' | // touch-only device, or a browser without what the chat needs
 *   'bad_call' |            // EmbedChat was called with an unknown command or unusable arguments
 *   'timeout' |             // something did not answer in time, or CEC's script never called thirdValidate
 *   'unexpected'            // a fault of this script
 * )} Code
 *
 * @typedef {{code: Code | 'unauthenticated', message: string, status?: number}} Failure
 */

/**
 * Makes what this script throws, and what an `error` event carries.
 *
 * @param {Code | 'unauthenticated'} code
 * @param {string} message
 * @param {number} [status] HTTP status, where there is one.
 * @returns {Failure}
 */
export function failure(code, message, status) {
  return { code, message, status };
}
