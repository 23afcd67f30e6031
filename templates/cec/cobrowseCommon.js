/* simulated, not the vendor's script: a stub of cobrowseCommon.js. It shows that the page asked for it, and does nothing. */
