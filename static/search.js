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
  const LONGER = 4; // words that have one within, for a question of one word
  const ENOUGH = 20; // articles that have a word: the same within longer words need not be looked for
  const SMALL = 16; // parts: an index of no more is looked through whole
  const MOST = 6; // words of a question that are looked for, the longest ones; one of more than four is long
  const BLOCKS = 10; // of the passages of long articles, for all that are shown at once
  const FEW = 100; // articles, whose index is so small that there is room for all blocks
  const parts = self.searchParts = Object.create(null);
  const loading = new Map();
  let asked = 0;

  // The words of a text as they are compared: exports/search_text.py folds the index in the same way.
  const fold = (text) => text.toLowerCase().replace(/ß/g, "ss").replace(/ı/g, "i").replace(/ς/g, "σ").replace(/\u00ad/g, "").normalize("NFKD").replace(/\p{M}+/gu, "");
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d\u{20000}-\u{3ffff}]+/gu;
  const pairs = (run) => { const some = [...run]; return ` ${some.slice(0, -1).map((one, at) => one + some[at + 1]).join(" ") || run} `; };
  const words = (text) => fold(text).replace(unspaced, pairs).match(/[\p{L}\p{N}]+/gu)?.flatMap(pieces) || [];
  const pieces = (word) => Array.from({ length: Math.max(Math.ceil((word.length - 20) / 20), 1) }, (_, at) => word.slice(at * 20, at * 20 + 40));

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

  const fileName = (word) => (/^[@a-z0-9]*$/.test(word) ? word
    : Array.from(new TextEncoder().encode(word), (byte) => byte.toString(16).padStart(2, "0")).join(""));

  // Those of the first words of some lists or parts that begin them from where a word is to where another is.
  function between(first, from, to, most) {
    const begin = Math.max(first.findLastIndex((word) => word <= from), 0);
    return first.slice(begin, Math.min(first.findLastIndex((word) => word <= to) + 1, begin + most));
  }
  const named = (kind, some) => Promise.all(some.map((word) => ours(`${kind}-${fileName(word)}`)));

  // The words of the index between two, as far as a few parts reach; `ends` are words from the last letter to the first.
  async function known(from, to, most, kind = "words") {
    const { [kind]: first = [] } = await ours("index");
    const lists = await named(kind === "ends" ? "ends-parts" : "parts", between(first, from, to, 2));
    return named(kind, between(lists.flat(), from, to, most));
  }
  const turned = (word) => [...word].reverse().join("");
  const isSmall = async () => parts.index.words.length < 2 && (await named("parts", parts.index.words)).flat().length <= SMALL;

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
  async function matches(word, count) {
    const found = new Map();
    const take = (some, fits, weight) => {
      for (const one of some) for (const [term, places] of Object.entries(one)) {
        if (fits(term) && !found.has(term)) found.set(term, [places, weight]);
      }
    };
    const long = count > 4; // where words help each other, less is looked for beside each, for the sake of bytes
    const stem = word.length > 6 && !long ? word.slice(0, -2) : word; // other endings are as good as a beginning
    const some = [...new Set([...await known(word, word, 1), ...await known(stem, stem + "\uffff", count > 2 ? 1 : PARTS - 1)])];
    take(some, (term) => term === word, 1);
    if (found.size && /^\p{N}+$/u.test(word)) return found; // 17 is no beginning of 1791
    take(some, (term) => term.startsWith(word), 0.8);
    take(some, (term) => term.startsWith(stem), 0.7);
    if (word.length < 4 || /^\p{N}+$/u.test(word)) return found;
    const direct = found.size;
    const end = turned(word);
    const small = await isSmall();
    if (small) take(await known("", "\uffff", SMALL), (term) => term.includes(word), 0.3);
    const room = direct ? Math.floor(LONGER / count ** 2) : long ? 1 : LONGER / 2;
    if (!small && room && ![...found.values()].some(([places]) => places === "*" || places.split(" ").length > ENOUGH)) {
      const middle = [...found.values()].flatMap(([places]) => places.split("|")[3]?.split(" ") || []);
      const ending = (await known(end, end + "\uffff", Math.min(room, 2), "ends")).flatMap(Object.keys).filter((term) => term.startsWith(end) && term.length > end.length + 1);
      for (const one of [...ending.map(turned), ...middle].slice(0, room)) take(await known(one, one, 1), (term) => term === one, 0.3);
    }
    if (direct || (found.size && !small)) return found;
    const most = word.length < 8 ? 1 : 2;
    // Most mistakes are made behind the first letters; else two of these are swapped, or one is missing or too many.
    const [first, second, third] = word;
    const half = Math.max(4, word.length >> 1);
    const swapped = [first + third + second + word.slice(3), second + first + word.slice(2), first + word.slice(2), word.slice(1)];
    const begins = [word.slice(0, -3), ...[word, ...swapped].map((one) => one.slice(0, half)), word.slice(0, 4), word.slice(0, 3), word.slice(0, 2)];
    const tried = [];
    const tries = begins.map((begin) => ["words", begin]);
    tries.splice(2, 0, ["ends", end.slice(0, half)]); // with a mistake in the first half, the second is right
    for (const [kind, begin] of small ? [["words", ""]] : tries.slice(0, long ? 2 : tries.length)) {
      const some = await known(begin, begin + "\uffff", small ? SMALL : long ? 1 : PARTS, kind);
      const fits = (term) => near(term, word, most) || near(term.slice(0, word.length), word, most);
      if (kind === "ends") {
        const ending = some.flatMap(Object.keys).map(turned).filter(fits).slice(0, 2);
        for (const one of ending) take(await known(one, one, 1), (term) => term === one, 0.5);
      } else {
        tried.push(...some);
        take(some, fits, 0.5);
      }
      if (found.size) return found;
    }
    take(tried, (term) => term.length > 3 && (word.startsWith(term) || word.endsWith(term)), 0.2);
    return found;
  }

  // Which articles have most of the words, best first, each with those of the index that it has for each of these.
  async function ranked(terms) {
    const { articles } = parts.index;
    const scores = new Map();
    const common = [];
    let telling = 0;
    for (const [asked, found] of terms.entries()) {
      const own = new Map();
      const having = new Map();
      for (const [term, [places, weight]] of found) {
        if (places === "*") { own.clear(); own.all = true; break; }
        places.split("|").slice(0, 3).forEach((rank, at) => {
          let number = 0;
          const each = rank ? rank.split(" ") : [];
          const score = [4, 2, 1][at] * weight * Math.log(1 + articles / each.length);
          for (const step of each) {
            own.set(number += parseInt(step, 36), Math.max(score, own.get(number) || 0));
            having.set(number, [...having.get(number) || [], [asked, term]]);
          }
        });
      }
      if (own.all) { common.push(...Array.from(found.keys(), (term) => [asked, term])); continue; } // nearly all have it
      telling += 1;
      for (const [number, score] of own) {
        const [count, sum, has] = scores.get(number) || [0, 0, common];
        scores.set(number, [count + 1, sum + score, [...has, ...having.get(number)]]);
      }
    }
    if (!telling) return Array.from({ length: articles }, (_, at) => [articles - 1 - at, common]);
    const most = Math.max(0, ...[...scores.values()].map(([count]) => count));
    return [...scores].filter(([, [count]]) => count === most).sort(([a, [, one]], [b, [, other]]) => other - one || b - a)
      .map(([number, [, , has]]) => [number, has]);
  }

  // The same, those in the language of the page before all others, for which the index has a word such as @fr.
  async function ownFirst(numbers) {
    const languages = form.dataset.languages?.split(" ") || [];
    const [own, ...others] = await Promise.all(languages.map(async (tag) => (await known(`@${tag}`, `@${tag}`, 1)).map((some) => some[`@${tag}`]).find(Boolean)));
    const all = own === "*"; // as most are
    const listed = new Set((all ? others : [own]).flatMap((places) => {
      let number = 0;
      return /^\w/.test(places || "") ? places.split(" ").map((step) => number += parseInt(step, 36)) : [];
    }));
    return numbers.sort(([one], [other]) => (listed.has(other) - listed.has(one)) * (all ? -1 : 1));
  }

  // Whether a word is among those of a filter: search_text.word_filter.
  function isIn(filter, word) {
    let crc = -1;
    for (const byte of new TextEncoder().encode(word)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    crc = ~crc >>> 0;
    return [0, 1, 2].every((step) => {
      const at = (crc + step * (crc >>> 16 | 1)) % (filter.length * 8);
      return filter.charCodeAt(at >> 3) >> (at & 7) & 1;
    });
  }

  // An article with its passages; of a long one, with those that have most of the words.
  async function article(number, has, most) {
    const size = parts.index.part;
    const slug = (await ours("articles-" + Math.floor(number / size)))[number % size];
    const [title, below, lang, rows, filters = []] = await part(`${slug}/search.js`, slug);
    const fits = filters.map((filter, at) => [new Set(has.filter(([, term]) => isIn(atob(filter), term)).map(([asked]) => asked)).size, at]);
    const best = fits.filter(([count]) => count).sort(([one], [other]) => other - one).slice(0, most);
    const more = await Promise.all(best.sort(([, one], [, other]) => one - other).map(([, at]) => part(`${slug}/search/${at}.js`, `${slug}/${at}`)));
    return [slug, [title, below, lang, [...rows, ...more.flat()]]];
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
    if (lang && lang !== document.documentElement.lang) for (const each of [link, one.querySelector("p")]) Object.assign(each, { lang, dir: "auto" });
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
    const own = words(field.value).filter((word) => word.length > 1 || word > "\x7f"); // as search_text.folded
    const typed = [...new Set(own)].sort((one, other) => other.length - one.length).slice(0, MOST);
    const asking = [];
    for (const word of typed) asking.push([word, await matches(word, typed.length)]);
    const numbers = typed.length ? await ownFirst(await ranked(asking.map(([, terms]) => terms))) : [];
    let shown = 0;
    const sources = new Map();
    const articles = [];
    const show = async () => {
      const many = parts.index?.articles <= FEW ? Infinity : Math.floor(BLOCKS / Math.min(numbers.length, ARTICLES));
      const some = await Promise.all(numbers.slice(shown, shown += ARTICLES).map(([number, has]) => article(number, has, many)));
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
