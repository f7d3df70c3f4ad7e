// CodeMirror's style without a <style> element, which the portal's Content-Security-Policy refuses: the rules
// go into a sheet that the document adopts, as CodeMirror itself does below a shadow root.
import { StyleModule } from "style-mod";

const { mount } = StyleModule;
const adopting = {
  ownerDocument: document,
  get adoptedStyleSheets() {
    return document.adoptedStyleSheets;
  },
  set adoptedStyleSheets(sheets) {
    document.adoptedStyleSheets = sheets;
  },
};

/** Whether this browser can; without it the plain textarea stays. */
export const canStyle = "adoptedStyleSheets" in document && "replaceSync" in CSSStyleSheet.prototype;

StyleModule.mount = (root, modules) => mount(root === document ? adopting : root, modules);
