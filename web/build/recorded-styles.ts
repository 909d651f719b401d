// rrweb compares an old style with a new one by writing the old one into an attribute of an element in a document of its
// own. That document has the policy of the site it stands in: without 'unsafe-inline' the browser refuses the attribute and
// reports it, and the site's owner reads of a breach that is ours. Through the CSSOM no policy is asked (CSP 3, 6.1.14).
// https://github.com/rrweb-io/rrweb, mutation.ts, processMutation.
import type { Plugin } from "vite";

const RECORDER = /@rrweb\/record\/dist\/record\.js$/;
const BY_ATTRIBUTE = 'old.setAttribute("style", m.oldValue);';

export function recordedStyles(): Plugin {
  return {
    name: "madang-recorded-styles",
    transform(code, id) {
      if (!RECORDER.test(id)) return null;
      if (code.split(BY_ATTRIBUTE).length !== 2) this.error("the recorder compares styles in another way: look at build/recorded-styles.ts");
      return { code: code.replace(BY_ATTRIBUTE, "old.style.cssText = m.oldValue;"), map: null };
    },
  };
}
