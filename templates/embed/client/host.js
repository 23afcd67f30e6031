/** What embed.js shares with this script, found on this script's own element. */

const host = /** @type {{host: import('../client.js').Host}} */ (/** @type {unknown} */ (document.currentScript)).host;

export const { config, base, absolute, nonce, emit } = host;

/** What the page gave with identify(fn). */
export const source = () => host.source;

/** @param {NonNullable<import('../client.js').Host['connect']>} connect */
export function provide(connect) {
  host.connect = connect;
}
