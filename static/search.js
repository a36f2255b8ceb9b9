// The search: shows its box, loads index and library with the first letter, and asks the library.
// The index comes as classic scripts, because a page opened from the disk may load those and nothing else.
"use strict";
(() => {
  const form = document.querySelector(".search");
  const field = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const list = form.querySelector(".found");
  const row = form.querySelector("[data-kinds]");
  const kinds = row.dataset.kinds.split(" ").map((kind) => form.querySelector(`[data-kind=${kind}]`).content.textContent);
  const MOST = 30; // results
  const PARTS = 4; // of the alphabet, for one unfinished word
  const parts = self.searchParts = {};
  const loading = new Map();
  const folded = new Set(); // parts that the library knows
  let library;
  let asked = 0;

  // The words of a text as they are compared: exports/search.py folds the index in the same way.
  const words = (text) => text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}+/gu, "")
    .match(/[\p{L}\p{N}]+/gu)?.map((word) => word.slice(0, 40)) || [];

  function load(address) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.onload = done;
        script.onerror = () => { loading.delete(address); script.remove(); failed(new Error(address)); };
        script.src = address;
        document.head.append(script);
      }));
    }
    return loading.get(address);
  }

  async function part(name) {
    const edition = parts.index ? "?" + parts.index.edition : "";
    if (!parts[name]) await load(`${form.dataset.root}search/${name}.js${edition}`);
    return parts[name];
  }

  async function begin() {
    await Promise.all([part("index"), load(form.dataset.library)]);
    if (library) return;
    library = self.elasticlunr(function () { this.setRef("id"); this.addField("text"); this.saveDocument(false); });
    library.pipeline.reset(); // no English endings: words are compared as they stand
    library.documentStore.length = parts.index.count;
  }

  // Gives the library the words that may begin with this one.
  async function learn(word) {
    const { first } = parts.index;
    let from = first.findLastIndex((start) => start <= word);
    const to = first.findLastIndex((start) => start <= word + "\uffff");
    const wanted = [];
    for (from = Math.max(from, 0); from <= to && wanted.length < PARTS; from += 1) wanted.push("words-" + from);
    for (const name of wanted) {
      const some = await part(name);
      if (folded.has(name)) continue;
      folded.add(name);
      for (const [term, places] of Object.entries(some)) {
        places.split("|").forEach((half, at) => {
          let number = 0;
          for (const step of half ? half.split(" ") : []) {
            number += +step;
            library.index.text.addToken(term, { ref: String(number), tf: at ? 1 : 2 });
          }
        });
      }
    }
  }

  async function found(text) {
    await begin();
    const { common } = parts.index;
    const telling = words(text).filter((word) => !common.includes(word)).slice(0, 12);
    for (const word of telling) await learn(word);
    const hits = library.search(telling.join(" "), { bool: "AND", expand: true });
    hits.sort((one, other) => other.score - one.score || one.ref - other.ref);
    const shown = await Promise.all(hits.slice(0, MOST).map(async ({ ref }) => {
      const size = parts.index.part;
      return (await part("entries-" + Math.floor(ref / size)))[ref % size];
    }));
    return [hits.length, shown];
  }

  function show(entry) {
    const [kind, title, below, address, lang] = entry;
    const item = row.content.firstElementChild.cloneNode(true);
    item.className = row.dataset.kinds.split(" ")[kind];
    item.querySelector("span").textContent = kinds[kind];
    const link = item.querySelector("a");
    link.href = form.dataset.root + address;
    link.textContent = title;
    if (lang) link.lang = item.querySelector("p").lang = lang;
    item.querySelector("p").textContent = below;
    return item;
  }

  async function answer() {
    const mine = asked += 1;
    const text = field.value;
    history.replaceState(null, "", text ? "#" + encodeURIComponent(text) : "#");
    const [count, entries] = words(text).length ? await found(text) : [0, []];
    if (mine !== asked) return; // the reader has typed on
    list.replaceChildren(...entries.map(show));
    status.textContent = !words(text).length ? "" : count === 0 ? form.dataset.none
      : count === 1 ? form.dataset.one : form.dataset.many.replace("#", count.toLocaleString(document.documentElement.lang));
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  field.addEventListener("input", answer);
  field.addEventListener("focus", () => begin().catch(() => {}), { once: true });
  try {
    field.value = decodeURIComponent(location.hash.slice(1));
  } catch {
    field.value = location.hash.slice(1); // a per cent sign that somebody typed
  }
  if (field.value) answer();
  field.focus();
})();
