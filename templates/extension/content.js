/*
 * Co-browsing: adds CEC's cobrowse.js to a page whose address carries cobrowse_share_url, and does nothing else.
 * The browser runs this only on pages of the site that manifest.json names, in the page's own world: the policy of an
 * extension's isolated world allows no script from elsewhere. The page's policy decides instead.
 */
(() => {
  const SITE = {{js .Origin}};
  const SOURCES = {{js .Sources}};

  const shared = new URLSearchParams(location.search).get('cobrowse_share_url');
  // manifest.json names the host on every port.
  if (location.origin !== SITE || shared === null) return;

  // The address only chooses among the CECs above, where there are several; it never adds one.
  const origin = URL.canParse(shared) ? new URL(shared).origin : '';
  const src = SOURCES.find((source) => new URL(source).origin === origin) ?? SOURCES[0];
  if (document.querySelector('script[src$="/cobrowse/sdk/cobrowse.js"]')) return;

  const script = document.createElement('script');
  script.src = src;
  (document.head ?? document.documentElement).append(script);
})();
