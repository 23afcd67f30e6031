/**
 * The channel this script is for, and where it was loaded from.
 *
 * @typedef {object} Library
 * @property {string} src Absolute URL, or a path on the origin of this script.
 * @property {string} [integrity]
 *
 * @typedef {object} Config
 * @property {string} channel Tenant and channel, "acme/web_support": what makes two scripts the same.
 * @property {string} client Path of the client script, templates/embed/client.
 * @property {string} context The context path, or CEC's absolute address; no trailing slash.
 * @property {string} tenantSpaceId
 * @property {string} channelConfigId
 * @property {boolean} token Token mode; otherwise authorization mode.
 * @property {string} endpoint Path of the tenant's authorization or token endpoint.
 * @property {string} locale
 * @property {string} mapService
 * @property {boolean} cobrowse Load CEC's co-browsing scripts.
 * @property {'eager' | 'idle' | 'interaction'} load
 * @property {boolean} consent Do nothing before consent.
 * @property {[label: string, url: string] | []} fallback Offered when there is no chat. The label of a page is "".
 * @property {Library} [jquery]
 * @property {Library} [axios]
 */

/**
 * The generator writes the channel's JSON in place of this name.
 *
 * @type {Config}
 */
export const config = EMBEDGEN_CONFIG;

const self = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** The nonce of our own tag: every script element that we add carries it. */
export const nonce = self?.nonce;

/**
 * Makes a path absolute on the origin that this script came from.
 *
 * @param {string} path
 * @returns {string}
 */
export const absolute = (path) => new URL(path, /^http/.test(self?.src) ? self.src : location.href).href;
