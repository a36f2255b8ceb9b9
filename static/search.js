// The search: shows its box, and loads with the first letter what a question needs of the index, as classic scripts,
// because a page opened from the disk may load those and nothing else. exports/search.py says what they hold.
"use strict";
(() => {
  const form = document.querySelector(".search");
  const [field, status, list, more] = ["input", "[role=status]", ".found", ".more"].map((one) => form.querySelector(one));
  const row = form.querySelector("[data-kinds]");
  const kinds = row.dataset.kinds.split(" ");
  const kindWords = kinds.map((kind) => form.querySelector(`[data-kind=${kind}]`)?.content.textContent || "");
  const ARTICLES = 4; // whose passages are shown at once
  const PASSAGES = 8; // of all these
  const WEIGHTS = { claim: 1.3, heading: 1.5, note: 1.1, text: 1 };
  const PARTS = 3; // of the alphabet, for one unfinished word
  const LONGER = 3; // words that have one within
  const SMALL = 8; // parts: an index of no more is looked through whole
  const parts = self.searchParts = Object.create(null);
  const loading = new Map();
  let asked = 0;

  // The words of a text as they are compared: exports/search_text.py folds the index in the same way.
  const fold = (text) => text.toLowerCase().replace(/ß/g, "ss").replace(/\u00ad/g, "").normalize("NFKD").replace(/\p{M}+/gu, "");
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\u{20000}-\u{3ffff}]+/gu;
  const pairs = (run) => { const some = [...run]; return ` ${some.slice(0, -1).map((one, at) => one + some[at + 1]).join(" ") || run} `; };
  const words = (text) => fold(text).replace(unspaced, pairs).match(/[\p{L}\p{N}]+/gu)?.map((word) => word.slice(0, 40)) || [];

  async function part(address, name) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.onload = done;
        script.onerror = () => { loading.delete(address); script.remove(); failed(new Error(address)); };
        script.src = form.dataset.root + address;
        document.head.append(script);
      }));
    }
    await loading.get(address);
    return parts[name];
  }
  const ours = (name) => part(`search/${name}.js`, name);

  const fileName = (word) => (/^[a-z0-9]*$/.test(word) ? word
    : Array.from(new TextEncoder().encode(word), (byte) => byte.toString(16).padStart(2, "0")).join(""));

  // The words of the index between two, as far as a few parts reach.
  async function known(from, to, most) {
    const { words: first } = await ours("index");
    const begin = Math.max(first.findLastIndex((word) => word <= from), 0);
    const end = first.findLastIndex((word) => word <= to);
    return Promise.all(first.slice(begin, Math.min(end + 1, begin + most)).map((word) => ours("words-" + fileName(word))));
  }

  // How many letters have to be exchanged, added, left out or swapped with the next, if no more than `most`.
  function near(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i += 1) {
      const now = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        now[j] = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + !same);
        if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) now[j] = Math.min(now[j], before[j - 2] + 1);
      }
      if (Math.min(...now) > most) return false;
      [before, last] = [last, now];
    }
    return last[other.length] <= most;
  }

  // What the index has for a word that somebody typed: by how well it fits, the words and where they stand.
  async function matches(word) {
    const found = new Map();
    const take = (some, fits, weight) => {
      for (const one of some) for (const [term, places] of Object.entries(one)) {
        if (fits(term) && !found.has(term)) found.set(term, [places, weight]);
      }
    };
    const stem = word.length > 6 ? word.slice(0, -2) : word; // other endings are as good as a beginning
    const some = await known(stem, stem + "\uffff", PARTS);
    take(some, (term) => term === word, 1);
    if (found.size && /^\p{N}+$/u.test(word)) return found; // 17 is no beginning of 1791
    take(some, (term) => term.startsWith(word), 0.8);
    take(some, (term) => term.startsWith(stem), 0.7);
    const longer = [...found.values()].flatMap(([places]) => places.split("|")[3]?.split(" ") || []).slice(0, LONGER);
    for (const one of longer) take(await known(one, one, 1), (term) => term === one, 0.3);
    if (found.size || word.length < 4 || /^\p{N}+$/u.test(word)) return found;
    const most = word.length < 8 ? 1 : 2;
    // Most mistakes are made behind the first letters; else two of these are swapped, or one is missing or too many.
    const [first, second, third] = word;
    const half = Math.max(4, word.length >> 1);
    const swapped = [first + third + second + word.slice(3), second + first + word.slice(2), word.slice(1)];
    const begins = [word.slice(0, -3), ...[word, ...swapped].map((one) => one.slice(0, half)), word.slice(0, 4), word.slice(0, 2)];
    const tried = [];
    for (const begin of parts.index.words.length > SMALL ? begins : [""]) {
      const some = await known(begin, begin + "\uffff", parts.index.words.length > SMALL ? PARTS : SMALL);
      tried.push(...some);
      take(some, (term) => near(term, word, most) || near(term.slice(0, word.length), word, most), 0.5);
      take(some, (term) => term.includes(word), 0.3);
      if (found.size) return found;
    }
    take(tried, (term) => term.length > 3 && (word.startsWith(term) || word.endsWith(term)), 0.2);
    return found;
  }

  // Which articles have most of the words, best first.
  async function ranked(terms) {
    const { articles } = parts.index;
    const scores = new Map();
    let telling = 0;
    for (const found of terms) {
      const own = new Map();
      for (const [places, weight] of found.values()) {
        if (places === "*") { own.clear(); own.all = true; break; }
        places.split("|").slice(0, 3).forEach((rank, at) => {
          let number = 0;
          const each = rank ? rank.split(" ") : [];
          const score = [4, 2, 1][at] * weight * Math.log(1 + articles / each.length);
          for (const step of each) own.set(number += parseInt(step, 36), Math.max(score, own.get(number) || 0));
        });
      }
      if (own.all) continue; // nearly all have it
      telling += 1;
      for (const [number, score] of own) {
        const [count, sum] = scores.get(number) || [0, 0];
        scores.set(number, [count + 1, sum + score]);
      }
    }
    if (!telling) return [...Array(articles).keys()].reverse();
    const most = Math.max(0, ...[...scores.values()].map(([count]) => count));
    return [...scores].filter(([, [count]]) => count === most).sort(([a, [, one]], [b, [, other]]) => other - one || b - a)
      .map(([number]) => number);
  }

  async function article(number) {
    const size = parts.index.part;
    const slug = (await ours("articles-" + Math.floor(number / size)))[number % size];
    return [slug, await part(`${slug}/search.js`, slug)];
  }

  // The words of a text that answer a question: which of its words, how well it fits, and where.
  function hits(text, asking) {
    const found = [];
    for (const { 0: token, index } of text.matchAll(/[\p{L}\p{N}\p{M}\u00ad]+/gu)) {
      const own = words(token);
      asking.forEach(([word, terms], at) => {
        const fit = own.includes(word) ? 1 : own.some((one) => one.startsWith(word)) ? 0.9
          : own.some((one) => terms.has(one)) ? 0.7
          : word.length > 3 && own.some((one) => one.includes(word)) ? 0.5 : 0;
        if (fit) found.push({ at, fit, index, end: index + token.length });
      });
    }
    return found;
  }

  // How much of a question a text answers; what a word is worth depends on how many texts have it.
  function score(found, worth) {
    const best = [];
    for (const { at, fit } of found) best[at] = Math.max(best[at] || 0, fit * worth[at]);
    return best.reduce((sum, one) => sum + one, 0);
  }

  // The sentence of a passage that answers most, and how much.
  function sentence(text, lang, asking, worth) {
    const each = self.Intl?.Segmenter ? Array.from(new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text), (one) => one.segment) : [text];
    return each.map((one) => [score(hits(one, asking), worth), one.trim()]).reduce((best, one) => (one[0] > best[0] ? one : best));
  }

  // A place in a page; of its text the beginning of the sentence (Text Fragments), or else the heading above.
  function address(slug, kind, place, words) {
    if (kind === "source") return `${form.dataset.root}${place}index.html`;
    const start = kind === "text" && words.match(/[\p{L}\p{N}]+(?:[^\p{L}\p{N}]+[\p{L}\p{N}]+){0,3}/u)?.[0];
    const text = start ? ":~:text=" + encodeURIComponent(start).replace(/-/g, "%2D") : "";
    return `${form.dataset.root}${slug}/index.html${place || text ? "#" : ""}${encodeURIComponent(place)}${text}`;
  }

  function item(kind, href, text, below, lang, asking) {
    const one = row.content.firstElementChild.cloneNode(true);
    one.className = kind;
    one.querySelector("span").textContent = kindWords[kinds.indexOf(kind)];
    const link = one.querySelector("a");
    link.href = href;
    let done = 0;
    for (const { index, end } of hits(text, asking)) {
      if (index < done) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(index, end);
      link.append(text.slice(done, index), mark);
      done = end;
    }
    link.append(text.slice(done));
    if (lang && lang !== document.documentElement.lang) link.lang = one.querySelector("p").lang = lang;
    one.querySelector("p").textContent = below;
    return one;
  }

  // What of an article answers a question: itself, its best passages, and its sources, which come last.
  function answers([slug, [title, below, lang, rows]], asking, many) {
    const found = rows.map(([kind, place, text]) => ({ kind: kinds[kind], place, text, hits: hits(text, asking) })).filter((one) => one.hits.length);
    if (!found.length && !hits(`${title} ${below}`, asking).length) return [[], []]; // what the index says of it no longer holds
    const worth = asking.map((_, at) => Math.log(1 + rows.length / found.filter((one) => one.hits.some((hit) => hit.at === at)).length));
    for (const one of found) {
      const [best, words] = one.kind === "source" ? [score(one.hits, worth), one.text] : sentence(one.text, lang, asking, worth);
      Object.assign(one, { words, score: (best + score(one.hits, worth)) * (WEIGHTS[one.kind] || 1) });
    }
    const most = Math.max(...found.map((one) => one.score));
    const bestOf = (some, least) => {
      some.sort((one, other) => other.score - one.score);
      const places = new Set();
      return some.filter((one) => one.score >= most * least
        && (one.kind === "text" || (!places.has(one.place) && places.add(one.place))));
    };
    const passages = bestOf(found.filter(({ kind }) => kind !== "source" && kind !== "article"), 0.5).slice(0, many);
    const sources = bestOf(found.filter(({ kind }) => kind === "source"), 0.7);
    const row = ({ kind, place, words }) => item(kind, address(slug, kind, place, words), words, "", kind === "source" ? "" : lang, asking);
    return [[item("article", address(slug, "article", ""), title, passages.length ? "" : below, lang, asking), ...passages.map(row)],
      sources.map((one) => [one.place, row(one)])];
  }

  async function answer() {
    const mine = asked += 1;
    history.replaceState(null, "", field.value ? "#" + encodeURIComponent(field.value) : "#");
    const typed = [...new Set(words(field.value))].slice(0, 12);
    const asking = [];
    for (const word of typed) asking.push([word, await matches(word)]);
    const numbers = typed.length ? await ranked(asking.map(([, terms]) => terms)) : [];
    let shown = 0;
    const sources = new Map();
    const articles = [];
    const show = async () => {
      const some = await Promise.all(numbers.slice(shown, shown += ARTICLES).map(article));
      if (mine !== asked) return; // the reader has typed on
      const each = Math.max(2, Math.floor(PASSAGES / numbers.length));
      for (const [items, works] of some.map((one) => answers(one, asking, each))) {
        articles.push(...items);
        for (const [place, work] of works) if (!sources.has(place)) sources.set(place, work);
      }
      list.replaceChildren(...articles, ...sources.values());
      more.hidden = shown >= numbers.length;
      status.textContent = !typed.length ? "" : !list.childElementCount ? form.dataset.none
        : numbers.length === 1 ? form.dataset.one : form.dataset.many.replace("#", numbers.length.toLocaleString(document.documentElement.lang));
    };
    more.onclick = show;
    await show();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  field.addEventListener("input", answer);
  field.addEventListener("focus", () => ours("index").catch(() => {}), { once: true });
  try {
    field.value = decodeURIComponent(location.hash.slice(1));
  } catch {
    field.value = location.hash.slice(1); // a per cent sign that somebody typed
  }
  if (field.value) answer();
  field.focus();
})();
