// Clients of annotations that others make, bundled for a page; prints the script. Hypothesis publishes no package of
// its anchoring, but its sources stand in the source map of its client.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const map = JSON.parse(readFileSync(join(here, "node_modules/hypothesis/build/scripts/annotator.bundle.js.map"), "utf8"));
const folder = mkdtempSync(join(here, ".clients-"));
try {
  map.sources.forEach((source, at) => {
    const path = source.replace("app:///", "");
    if (!path.startsWith("src/annotator/") || !map.sourcesContent[at]) return;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), map.sourcesContent[at]);
  });
  writeFileSync(join(folder, "entry.js"), `
    import { anchor } from "./src/annotator/anchoring/html";
    import { createCssSelectorMatcher, createTextPositionSelectorMatcher, createTextQuoteSelectorMatcher } from "@apache-annotator/dom";
    import * as quotes from "dom-anchor-text-quote";

    async function first(matches) { for await (const match of matches) return match; return null; }
    globalThis.clients = {
      hypothesis: (selectors) => anchor(document.body, selectors),
      async apache(selector, type) {
        const root = await first(createCssSelectorMatcher(selector)(document));
        const refined = selector.refinedBy.find((one) => one.type === type);
        const matcher = type === "TextQuoteSelector" ? createTextQuoteSelectorMatcher : createTextPositionSelectorMatcher;
        return first(matcher(refined)(root));
      },
      quotes: (selector) => quotes.toRange(document.querySelector(selector.value), selector.refinedBy.find((one) => one.type === "TextQuoteSelector")),
    };`);
  const { outputFiles } = await build({ entryPoints: [join(folder, "entry.js")], bundle: true, write: false, format: "iife", logLevel: "error", nodePaths: [join(here, "node_modules")] });
  process.stdout.write(outputFiles[0].text);
} finally {
  rmSync(folder, { recursive: true });
}
