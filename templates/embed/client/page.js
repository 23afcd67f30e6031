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
  for (const { addedNodes, removedNodes } of records) {
    for (const node of removedNodes) if (!nodes.has(/** @type {Element} */ (node))) moved.add(node);
    for (const node of addedNodes) {
      if (node === document.body) moveInto(node);
      else if (node instanceof Element && !moved.has(node) && isCECs(node)) nodes.add(node);
    }
  }
}

function moveInto(body) {
  for (const node of nodes) {
    if (!node.isConnected && node.parentNode?.nodeName === 'BODY') body.append(node);
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
