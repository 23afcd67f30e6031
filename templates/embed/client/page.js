/**
 * Follows what is added to the document, and moves CEC's nodes along when a page swaps its body (Turbo, Astro).
 */

/** CEC's nodes. @type {Set<Element>} */
const nodes = new Set();

/** Whether an added element is CEC's. @type {(element: Element) => boolean} */
let isCECs;

const observer = new MutationObserver(read);

/**
 * Reads what was added, in order. A node that was there before, and is only moved, stays the page's.
 *
 * @param {MutationRecord[]} records
 */
function read(records) {
  const moved = new Set();
  for (const { addedNodes, removedNodes, target } of records) {
    for (const node of removedNodes) {
      if (!nodes.has(/** @type {Element} */ (node))) moved.add(node);
      // A page that replaces all that is in its body or head does not mean CEC's.
      else if (removedNodes.length > 1 && !node.parentNode && [document.body, document.head].includes(/** @type {HTMLElement} */ (target))) target.appendChild(node);
    }
    for (const node of /** @type {NodeListOf<any>} */ (addedNodes)) {
      if (node === document.body) moveInto(node);
      else if (node.parentElement && node.matches && !moved.has(node) && isCECs(node) && !isWithin(node)) nodes.add(node);
    }
  }
}

/** Whether a node is in one of CEC's, and goes with it. */
export const isWithin = (node) => [...nodes].some((other) => other.contains(node));

function moveInto(body) {
  for (const node of nodes) {
    if (node.isConnected) continue;
    if (node.parentElement?.localName === 'body') body.append(node);
    // Whoever swaps the body has swept the head before.
    else if (!node.parentNode && node.matches('style, link')) document.head.append(node);
  }
}

/**
 * Collects the elements that judge calls CEC's, from now until the scope ends; then they are removed.
 *
 * @param {import('../scope.js').Scope} scope
 * @param {(element: Element) => boolean} judge
 * @returns {ReadonlySet<Element>}
 */
export function collect(scope, judge) {
  isCECs = judge;
  observer.observe(document, { childList: true, subtree: true });
  scope.add(() => {
    observer.disconnect();
    for (const node of nodes) node.remove();
    nodes.clear();
  });
  return nodes;
}

/** Reads at once what has been added so far. */
export function catchUp() {
  read(observer.takeRecords());
}
