/** What embed.js shares with this script, found on this script's own element. */

// A page may have replaced document.currentScript, and the element may have left the document.
const { host } = /** @type {HTMLScriptElement & {host: import('../client.js').Host}} */ (
  [document.currentScript, ...document.scripts].find((script) => script?.['host'])
);

export const { config, absolute, nonce, emit } = host;

/** Where CEC is, absolute, without a trailing slash: CEC's $ContextPath. */
export const base = absolute(config.context);

/** What the page gave with identify(fn). */
export const source = () => host.source;

/** @param {NonNullable<import('../client.js').Host['connect']>} connect */
export function provide(connect) {
  host.connect = connect;
}
