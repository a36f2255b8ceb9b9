// Annotating in the page: words are selected, a form says what they are, the server writes it into the right file.
// And a panel: what `check` has to say, and what nothing touches. Never part of a published site.
"use strict";
(() => {
  const { preview } = window;
  const { element } = preview;
  let token = ""; // never in the page, which is also what content makes of it
  const slug = decodeURIComponent(location.pathname).split("/")[1].replace(/\.html$/, "");
  const isArticle = document.querySelector("main.annotated") !== null;
  const action = (text, run, attributes = {}) => {
    const { "data-key": key } = attributes;
    const button = element("button", { type: "button", text, "aria-keyshortcuts": key?.length === 1 ? key : null, ...attributes });
    button.addEventListener("click", run);
    return button;
  };
  const find = (id) => document.getElementById(id);
  const named = () => decodeURIComponent(location.hash.slice(1));
  let behind = { entries: {}, panel: [], forms: {}, sources: [], choices: {}, digests: {}, footnotes: {}, shared: {} };

  async function ask(method, body) {
    token ||= await (await fetch("/_preview/token")).text();
    const answer = await fetch(`/_preview/behind/${encodeURIComponent(slug) || "index"}`, {
      method, headers: { "X-Preview-Token": token, "Content-Type": "application/json" }, body: body && JSON.stringify(body),
    });
    if (!answer.headers.get("Content-Type").includes("json")) throw new Error((await answer.text()).trim());
    return { status: answer.status, ...await answer.json() };
  }

  const failed = (error) => ({ errors: [{ words: error.message }] }); // the preview has ended, or its page is too old

  let asking = 0, waiting = null;
  let heard = 0, known = 0; // news of the page, and how much of it what is known of the files behind it takes in
  async function refresh() {
    const turn = ++asking, news = heard;
    const told = await ask("GET").catch(() => null); // the preview has ended; the page says so when it is back
    if (!told || turn !== asking) return;
    behind = { ...behind, ...told };
    known = news;
    decorate();
    fillPanel();
    document.dispatchEvent(new Event("preview:behind"));
  }
  function look() {
    heard += 1;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 80);
  }
  // What is changed is changed as the page now shows it: right after a save its files are not yet known.
  async function upToDate() {
    for (let turn; known !== heard && turn !== asking;) { // asked for once more meanwhile, it is not that answer
      turn = asking + 1;
      await refresh();
    }
  }

  // ---- letters: how places in the page and in the text find each other ----

  const BLANK = /[\s\u00ad\u200b\u2060\ufeff]/u;
  const LEFT_OUT = "sup, .ref, figure.chart, svg, .hidden, .tools";

  // The text of the article, and behind it those of its footnotes: in the order in which quotations are looked for.
  const texts = () => [find("text"), ...document.querySelectorAll("li.footnote .inside")].filter(Boolean);
  function* textNodes() {
    for (const text of texts()) {
      const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(LEFT_OUT)) yield walker.currentNode;
    }
  }

  // Each letter of the text with its node and offset.
  function letters() {
    const found = [];
    for (const node of textNodes()) {
      let offset = 0;
      for (const letter of node.data) {
        if (!BLANK.test(letter)) found.push({ letter, node, offset });
        offset += letter.length;
      }
    }
    return found;
  }

  const AROUND = 200;
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!texts().some((text) => range.intersectsNode(text))) return null;
    const all = letters();
    const first = all.findIndex(({ node, offset }) => range.comparePoint(node, offset) === 0 && range.comparePoint(node, offset + 1) === 0);
    if (first < 0) return null;
    let end = first;
    while (end < all.length && range.comparePoint(all[end].node, all[end].offset) === 0 && range.comparePoint(all[end].node, all[end].offset + all[end].letter.length) === 0) end += 1;
    const words = (from, to) => all.slice(Math.max(0, from), to).map(({ letter }) => letter).join("");
    return {
      before: words(first - AROUND, first), words: words(first, end), after: words(end, end + AROUND), at: first,
      shown: range.toString().replace(/\s+/g, " ").trim(), box: range.getBoundingClientRect(), range: range.cloneRange(),
    };
  }

  function jump([from, to]) {
    const all = letters();
    if (!all[from]) return;
    const range = new Range();
    const last = all[Math.min(to, all.length) - 1];
    range.setStart(all[from].node, all[from].offset);
    range.setEnd(last.node, last.offset + last.letter.length);
    show(range, all[from].node.parentElement);
  }

  function show(range, place) {
    place.scrollIntoView({ block: "center" });
    light("preview-jump", range);
    setTimeout(light, 4000, "preview-jump", null);
  }
  function light(name, range) {
    if (!window.Highlight) return;
    if (range) CSS.highlights.set(name, new Highlight(range));
    else CSS.highlights.delete(name);
  }

  // ---- the toolbar over selected words ----

  const bar = element("div", { id: "preview-bar", class: "preview", role: "toolbar", "aria-label": "Annotate the selected words", hidden: "" });
  document.body.append(bar);

  const KEYS = { source: "S", counter: "C", figure: "F", note: "N" };
  function offer() {
    const words = isArticle && selected();
    const form = preview.form();
    if (!words || !words.words || (form && !form.asked.words && !form.asked.moves)) return hideBar();
    if (bar.contains(document.activeElement)) return;
    bar.chosen = words;
    const kinds = Object.entries(behind.forms).filter(([, kind]) => kind.selectable);
    bar.replaceChildren(
      ...(form
        ? [action(form.asked.do === "add" ? "Use these words" : "Move it here", () => { hideBar(); preview.about(words); form.box.querySelector("input, select, textarea").focus(); }, { "data-key": "M" })]
        : kinds.map(([kind, { sign, label }]) => action(`${sign} ${label}`, () => add(kind, words), { "data-kind": kind, "data-key": KEYS[kind] }))),
      action("Copy quote", copyQuote, { "data-key": "Q" }),
      action("Open text", openText, { "data-key": "O" }));
    bar.hidden = false;
    const { left, bottom, top } = words.box;
    bar.style.left = Math.max(8, Math.min(left, innerWidth - bar.offsetWidth - 8)) + "px";
    bar.style.top = (bottom + bar.offsetHeight + 12 < innerHeight ? bottom + 8 : Math.max(8, top - bar.offsetHeight - 8)) + "px";
  }
  function hideBar() { bar.hidden = true; }
  // What is new is opened at once, and is for the files as they are by the time that they are known.
  function add(kind, words) {
    const asked = { do: "add", kind, words, values: {} };
    hideBar();
    preview.openForm(asked);
    upToDate().then(() => { asked.digests = { ...behind.digests }; });
  }
  async function present(find, run) {
    await upToDate();
    const entry = find();
    if (entry) run(entry);
    else say("There is no such entry any more.");
  }
  const edit = (find) => present(find, (entry) => { hideBar(); preview.openForm({ ...entry, do: "change" }); });

  const place = ({ before, words, after, at }) => ({ before, words, after, at });
  async function copyQuote() {
    const told = await ask("POST", { do: "quote", ...place(bar.chosen) }).catch(failed);
    say(told.errors ? told.errors[0].words : await clip(told.yaml));
  }
  async function openText() {
    const told = await ask("POST", { do: "quote", ...place(bar.chosen) }).catch(failed);
    if (told.editor) location.assign(told.editor);
    say(told.at || told.errors[0].words);
  }

  document.addEventListener("selectionchange", () => { clearTimeout(offer.soon); offer.soon = setTimeout(offer, 150); });
  addEventListener("scroll", () => { if (!bar.hidden && !bar.contains(document.activeElement)) hideBar(); }, { passive: true });
  // With the keyboard: over selected words each button has its letter; Alt and A goes to the toolbar, the arrows along
  // it, Escape back. Without any, E edits the note that is open and P shows the panel.
  document.addEventListener("keydown", (event) => {
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select, dialog");
    const pressed = plain && !bar.hidden && [...bar.children].find(({ dataset }) => dataset.key === event.key.toUpperCase());
    if (pressed) {
      event.preventDefault();
      pressed.click();
    } else if (event.altKey && event.code === "KeyA" && !bar.hidden) {
      event.preventDefault();
      bar.firstElementChild.focus();
    } else if (plain && !preview.form() && event.key === "z" && behind.undo) {
      event.preventDefault();
      undo();
    } else if (plain && !preview.form() && event.key === "e" && current()) {
      event.preventDefault();
      edit(current);
    } else if (plain && !preview.form() && event.key === "p") {
      event.preventDefault();
      togglePanel();
    } else if (plain && !preview.form() && !panel.hidden && LIST[event.key]) {
      event.preventDefault();
      LIST[event.key]();
    } else if (event.key === "Escape" && !bar.hidden) {
      hideBar();
      event.stopImmediatePropagation();
    } else if (bar.contains(event.target) && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
      const step = event.key === "ArrowRight" ? "nextElementSibling" : "previousElementSibling";
      event.target[step]?.focus();
    }
  }, { capture: true });

  // The entry of the note or source that has the focus, or that was opened last.
  function current() {
    const around = [document.activeElement.entry].filter(Boolean);
    for (let place = document.activeElement; place; place = place.parentElement) around.push(place.id.replace(/^r-/, "n-"));
    const open = [...document.querySelectorAll("li:popover-open, .endnotes details[open]")].map((place) => place.closest("[id]").id);
    return [...around, named(), ...open].map((id) => behind.entries[id]).find((entry) => entry?.kind);
  }

  // ---- saying and copying ----

  const told = element("p", { id: "preview-said", class: "preview", role: "status", hidden: "" });
  document.body.append(told);
  function say(words) {
    told.textContent = words;
    told.hidden = !words;
    clearTimeout(say.soon);
    say.soon = setTimeout(() => { told.hidden = true; }, 5000);
  }
  async function clip(words) {
    try {
      await navigator.clipboard.writeText(words);
      return "Copied.";
    } catch {
      return words; // the browser does not allow it here; then to be read
    }
  }

  // Once the page shows it, a new annotation is opened.
  function arrive(id) {
    const there = () => {
      if (!behind.entries[id] || !find(id)) return;
      document.removeEventListener("preview:behind", there);
      if (named() === id) history.replaceState(null, "", " ");
      location.hash = "#" + id;
    };
    document.addEventListener("preview:behind", there);
    there();
  }

  // ---- tools of notes, figures, charts and sources ----

  const entries = () => ({ ...behind.footnotes, ...behind.shared, ...behind.entries });
  function decorate() {
    const all = entries();
    for (const old of document.querySelectorAll(".preview-tools")) old.remove();
    for (const [id, entry] of Object.entries(all)) find(id)?.querySelector(".tools")?.append(toolsOf(id, entry));
    for (const number of document.querySelectorAll(".inputs [data-figure]")) {
      const id = `quantity-${number.dataset.figure}`, entry = all[id];
      if (entry) number.closest("tr").querySelector("th").append(toolsOf(id, entry, entry.at.replace(/^.*\//, "")));
    }
  }
  const toolsOf = (id, entry, at = entry.at) => element("span", { class: "preview preview-tools" },
    element("a", { href: entry.editor, title: `Open ${entry.at} in the editor`, text: at }),
    entry.kind ? action("Edit", () => edit(() => entries()[id])) : null,
    entry.kind ? action("Delete", () => present(() => entries()[id], preview.confirmed)) : null);

  // Where a place of the panel is to be seen: a note, a source, or a number that goes in.
  const spot = (id) => find(id) || document.querySelector(`.inputs [data-figure="${CSS.escape(id.replace(/^quantity-/, ""))}"]`);

  // ---- the panel ----

  const NAMES = {
    quotes: "Quotations that are lost or stand twice", sums: "Sums that disagree", check: "What check says", recheck: "Sources due for another look",
    comments: "Comments left in a text", verdicts: "Verdicts without a reason", drafts: "Drafts", numbers: "Numbers nothing supports",
    paragraphs: "Paragraphs without a note", unused: "Sources and quantities nobody uses", elsewhere: "What check says of the rest of the site",
  };
  const HELP = "Select words: S source, C counter-claim, F figure, N note, Q copy the quote, O open the text. E edits the note that is open, P shows this panel, Z takes the last change back. In the panel: J and K or the arrows go down and up, Enter shows the place, A takes what is proposed, E edits the note. In a form: Ctrl and Enter saves, Escape leaves it, other words in the text move the note there.";
  const opener = action("", () => togglePanel(), { id: "preview-opener", class: "preview", "aria-controls": "preview-panel", "aria-expanded": "false" });
  const panel = element("aside", { id: "preview-panel", class: "preview", "aria-label": "Findings and coverage", hidden: "" });
  document.body.append(opener, panel);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); togglePanel(false); } });

  function togglePanel(on = panel.hidden) {
    panel.hidden = !on;
    opener.setAttribute("aria-expanded", String(on));
    (on ? listed()[at] || panel.querySelector("button") : opener).focus();
  }

  // One row after the other, with the keyboard; where a row was settled, the next has taken its place.
  let at = 0;
  const listed = () => [...panel.querySelectorAll(".jump")];
  function step(by) {
    mark(at + by);
    listed()[at]?.focus();
    listed()[at]?.closest("li").scrollIntoView({ block: "nearest" }); // with what is said of it
  }
  function take() {
    step(0); // the focus may be at its place in the text
    listed()[at]?.closest("li").querySelector(".mend")?.click();
  }
  function mark(place) {
    listed()[at]?.removeAttribute("aria-current");
    at = Math.max(0, Math.min(place, listed().length - 1));
    listed()[at]?.setAttribute("aria-current", "true");
  }
  const LIST = { j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1), a: take };
  for (const event of ["focusin", "click"]) panel.addEventListener(event, ({ target }) => { // Safari's clicks give no focus
    const row = target.closest("li")?.querySelector(".jump");
    if (row) mark(listed().indexOf(row));
  });

  async function wanted(body, done) {
    const answer = await ask("POST", body).catch(failed);
    say(answer.errors ? answer.errors.map(({ words }) => words).join(" ") : `${done} ${answer.path}.`);
    refresh();
  }
  const undo = () => wanted({ do: "undo" }, "Taken back:");

  function fillPanel() {
    const groups = behind.panel;
    const rows = (name) => groups.find((group) => group.name === name)?.rows || [];
    const faults = rows("check").filter(({ severity }) => severity === "error").length;
    const warnings = groups.flatMap((group) => group.rows).filter(({ severity }) => severity === "warning").length;
    const bare = rows("paragraphs").length + rows("numbers").length;
    opener.textContent = [faults && `${faults} fault${faults > 1 ? "s" : ""}`, `${warnings} warning${warnings === 1 ? "" : "s"}`, isArticle && `${bare} bare`].filter(Boolean).join(" · ");
    const had = panel.contains(document.activeElement), open = groups.filter(({ name }) => name !== "elsewhere").flatMap(({ rows }) => rows).length;
    panel.scrolled = panel.scrollTop;
    panel.replaceChildren(...[
      element("header", {}, element("h2", { text: `Open: ${open}` }), behind.undo ? action("Undo", undo, { "data-key": "Z" }) : null, action("Close", () => togglePanel(false), { "data-key": "P" })),
      ...Object.keys(NAMES).map((name) => groups.find((group) => group.name === name)).filter(Boolean).sort((one, other) => !one.rows.length - !other.rows.length).map((group) => element("section", {},
        element("h3", { text: NAMES[group.name] + (group.of === null ? "" : `: ${group.rows.length} of ${group.of}`) }),
        group.rows.length ? element("ul", {}, ...group.rows.map(row)) : element("p", { class: "none", text: "None." }))),
      isArticle ? element("section", {}, element("h3", { text: "Keys" }), element("p", { class: "none", text: HELP })) : null,
    ].filter(Boolean));
    mark(at);
    if (had) (listed()[at] || panel.querySelector("button")).focus({ preventScroll: true });
    panel.scrollTop = panel.scrolled;
  }

  let count = 0;
  function row({ words, hint, severity, at: where, editor, text, place: id, mends = [] }) {
    const go = () => {
      const place = id && spot(id);
      if (text) return jump(text);
      if (!place) return location.assign(editor);
      const shown = place.id || place.closest("[id]").id;
      if (named() === shown) history.replaceState(null, "", " ");
      location.hash = "#" + shown;
    };
    const more = `preview-row-${++count}`; // is read out with the row: what to do about it
    const main = action(words, go, { class: "jump", "aria-describedby": more });
    main.entry = id;
    return element("li", { class: severity || null }, main,
      element("div", { id: more },
        hint ? element("small", { text: hint }) : null,
        ...mends.map(({ title, of }, place) => action(title, () => wanted({ do: "mend", of, title }, "Changed:"), { class: "mend", "data-key": place ? null : "A", tabindex: place ? null : "-1" })),
        element("a", { class: "place", href: editor, text: where, tabindex: "-1" })));
  }

  Object.assign(preview, { action, ask, failed, light, say, clip, place, arrive, refresh });
  Object.defineProperty(preview, "behind", { get: () => behind });
  document.addEventListener("preview:news", look);
  look(); // the first news may have come before this script
  document.addEventListener("preview:read", decorate);
})();
