// What the scripts of templates/embed meet beside the browser's own types.

declare const EMBEDGEN_CONFIG: any; // the generator puts the channel's configuration there

declare module '*.css' {
  const css: string;
  export default css;
}

interface Window {
  [name: string]: any; // what the page and CEC's scripts put there
}

interface Navigator {
  connection?: { saveData?: boolean }; // not in every browser
}

interface ErrorConstructor {
  // Not in every browser.
  stackTraceLimit?: number;
  prepareStackTrace?: any;
}
