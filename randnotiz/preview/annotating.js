// Annotating in the page: words are selected, a form says what they are, the server writes it into the right file.
// And a panel: what `check` has to say, and what nothing touches. Never part of a published site.
"use strict";
(() => {
  const { element, token } = window.preview;
  const slug = decodeURIComponent(location.pathname).split("/")[1];
  const isArticle = document.querySelector("main.annotated") !== null;
  const action = (text, run, attributes = {}) => {
    const button = element("button", { type: "button", text, ...attributes });
    button.addEventListener("click", run);
    return button;
  };
  const find = (id) => document.getElementById(id);
  let behind = { entries: {}, panel: [], forms: {}, sources: [], choices: {}, digests: {}, footnotes: {}, shared: {} };

  async function ask(method, body) {
    const answer = await fetch(`/_preview/behind/${encodeURIComponent(slug) || "index"}`, {
      method, headers: { "X-Preview-Token": token, "Content-Type": "application/json" }, body: body && JSON.stringify(body),
    });
    if (!answer.headers.get("Content-Type").includes("json")) throw new Error((await answer.text()).trim());
    return { status: answer.status, ...await answer.json() };
  }

  let asking = 0, waiting = null;
  function look() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const turn = ++asking;
      const told = await ask("GET").catch(() => null); // the preview has ended; the page says so when it is back
      if (!told || turn !== asking) return;
      behind = { ...behind, ...told };
      decorate();
      fillPanel();
      document.dispatchEvent(new Event("preview:behind"));
    }, 80);
  }

  // ---- letters: how places in the page and in the text find each other ----

  const BLANK = /[\s\u00ad\u200b\u2060\ufeff]/u;
  const LEFT_OUT = "sup, .ref, figure.chart, svg, .hidden";

  function* textNodes(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(LEFT_OUT)) yield walker.currentNode;
  }

  // Each letter of the text with its node and offset.
  function letters() {
    const found = [];
    for (const node of textNodes(find("text"))) {
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
    const text = find("text");
    if (!text || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(text)) return null;
    const all = letters();
    const first = all.findIndex(({ node, offset }) => range.comparePoint(node, offset) === 0 && range.comparePoint(node, offset + 1) === 0);
    if (first < 0) return null;
    let end = first;
    while (end < all.length && range.comparePoint(all[end].node, all[end].offset) === 0 && range.comparePoint(all[end].node, all[end].offset + all[end].letter.length) === 0) end += 1;
    const words = (from, to) => all.slice(Math.max(0, from), to).map(({ letter }) => letter).join("");
    return {
      before: words(first - AROUND, first), words: words(first, end), after: words(end, end + AROUND), at: first,
      shown: range.toString().replace(/\s+/g, " ").trim(), box: range.getBoundingClientRect(),
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
    if (!window.Highlight) return;
    CSS.highlights.set("preview-jump", new Highlight(range));
    setTimeout(() => CSS.highlights.delete("preview-jump"), 4000);
  }

  // ---- the toolbar over selected words ----

  const bar = element("div", { id: "preview-bar", class: "preview", role: "toolbar", "aria-label": "Annotate the selected words", hidden: "" });
  document.body.append(bar);

  function offer() {
    const words = isArticle && !find("preview-form") && selected();
    if (!words || !words.words) return hideBar();
    if (bar.contains(document.activeElement)) return;
    bar.chosen = words;
    bar.replaceChildren(
      ...Object.entries(behind.forms).filter(([, form]) => form.selectable).map(([kind, form]) =>
        action(`${form.sign} ${form.label}`, () => openForm({ do: "add", kind, words, values: {} }), { "data-kind": kind })),
      action("Copy quote", copyQuote),
      action("Open text", openText));
    bar.hidden = false;
    const { left, bottom, top } = words.box;
    bar.style.left = Math.max(8, Math.min(left, innerWidth - bar.offsetWidth - 8)) + "px";
    bar.style.top = (bottom + bar.offsetHeight + 12 < innerHeight ? bottom + 8 : Math.max(8, top - bar.offsetHeight - 8)) + "px";
  }
  function hideBar() { bar.hidden = true; }

  const place = ({ before, words, after, at }) => ({ before, words, after, at });
  async function copyQuote() {
    const told = await ask("POST", { do: "quote", ...place(bar.chosen) });
    say(told.errors ? told.errors[0].words : await clip(told.yaml));
  }
  async function openText() {
    const told = await ask("POST", { do: "quote", ...place(bar.chosen) });
    if (told.editor) location.assign(told.editor);
    say(told.at || told.errors[0].words);
  }

  document.addEventListener("selectionchange", () => { clearTimeout(offer.soon); offer.soon = setTimeout(offer, 150); });
  addEventListener("scroll", () => { if (!bar.hidden && !bar.contains(document.activeElement)) hideBar(); }, { passive: true });
  // With the keyboard: Alt and A goes to the toolbar, the arrows along it, Escape back.
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.code === "KeyA" && !bar.hidden) {
      event.preventDefault();
      bar.firstElementChild.focus();
    } else if (event.key === "Escape" && !bar.hidden) {
      hideBar();
      event.stopImmediatePropagation();
    } else if (bar.contains(event.target) && ["ArrowRight", "ArrowLeft"].includes(event.key)) {
      const step = event.key === "ArrowRight" ? "nextElementSibling" : "previousElementSibling";
      event.target[step]?.focus();
    }
  }, { capture: true });

  // ---- saying and copying ----

  const told = element("p", { id: "preview-said", class: "preview", role: "status", hidden: "" });
  document.body.append(told);
  function say(words) {
    told.textContent = words;
    told.hidden = false;
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

  // ---- forms ----

  const fresh = (values, name, empty) => values[name] ?? empty;

  function openForm(asked) {
    closeForm();
    hideBar();
    const form = behind.forms[asked.kind];
    asked.digest = asked.digest || behind.digests[form.file];
    const adding = asked.do === "add";
    const fields = form.fields.map((field) => ({ field, ...WIDGETS[field.widget](field, asked.values) }));
    const id = element("input", { name: "id", autocomplete: "off", pattern: form.named ? "[a-z][a-z0-9_]*" : "[a-z0-9][a-z0-9\\-]*", placeholder: "made of the words" });
    const errors = element("div", { class: "errors", role: "alert" });
    const quote = adding ? asked.words.shown : typeof asked.quote === "string" ? asked.quote : asked.quote?.exact || asked.quote?.from || "";
    const quoted = quote ? element("blockquote", { text: quote }) : null;
    const box = element("form", { id: "preview-form", class: `preview ${asked.kind}`, "aria-label": `${adding ? "New" : "Edit"}: ${form.label}`, novalidate: "" },
      element("header", {}, element("h2", { text: `${form.sign} ${adding ? "" : "Edit: "}${form.label}` }), action("Close", closeForm)),
      quoted,
      errors,
      ...fields.map(({ field, parts }) => labelled(field, parts)),
      adding ? labelled({ name: "id", label: form.named ? "Name" : "Id" }, [id]) : null,
      element("footer", {}, element("button", { type: "submit", text: "Save", class: "main" }), action("Copy YAML", () => send(true)),
        element("span", { class: "place", text: asked.at || `${behind.slug}/${form.file}` })));
    const values = () => Object.fromEntries(fields.map(({ field, read }) => [field.name, read()]));

    function refuse(rows) {
      errors.replaceChildren(...rows.map(({ words }) => element("p", { text: words })));
      for (const part of box.querySelectorAll("[data-field]")) part.classList.toggle("wrong", rows.some(({ field }) => field === part.dataset.field));
      (box.querySelector(".wrong :is(input, textarea, select)") || box.querySelector("input, textarea, select")).focus();
    }

    async function send(show) {
      const given = values();
      const missing = form.fields.filter(({ name, required }) => required && !String(given[name].name ?? given[name]).trim());
      if (missing.length) return refuse(missing.map(({ name, label }) => ({ field: name, words: `${label} is missing.` })));
      const body = { do: asked.do, kind: asked.kind, key: asked.key, which: asked.which, digest: asked.digest, values: given,
        id: adding ? id.value.trim() : asked.id, show, ...(asked.words && place(asked.words)) };
      const answer = await ask("POST", body).catch((error) => ({ errors: [{ words: error.message }] }));
      if (answer.errors) return refuse(answer.errors);
      if (show) return say(await clip(answer.yaml));
      if (answer.status === 409) return conflict(answer, asked, given, id.value);
      closeForm();
      say(`Saved in ${answer.path}.`);
      if (answer.place) arrive(answer.place);
    }
    box.addEventListener("submit", (event) => { event.preventDefault(); send(false); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); closeForm(); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(false);
    });
    if (asked.idGiven) id.value = asked.idGiven;
    if (adding) ask("POST", { do: "quote", ...place(asked.words) }).then((told) => {
      if (told.errors) refuse(told.errors);
      else quoted.textContent = told.exact;
    }, (error) => refuse([{ words: error.message }]));
    closeForm.back = document.activeElement;
    document.body.append(box);
    box.querySelector("input, textarea, select").focus();
  }

  function closeForm() {
    find("preview-form")?.remove();
    if (closeForm.back?.isConnected) closeForm.back.focus({ preventScroll: true });
    closeForm.back = null;
  }

  // Once the page shows it, a new annotation is opened.
  function arrive(id) {
    const there = () => {
      if (!behind.entries[id] || !find(id)) return;
      document.removeEventListener("preview:behind", there);
      if (location.hash === "#" + id) history.replaceState(null, "", " ");
      location.hash = "#" + id;
    };
    document.addEventListener("preview:behind", there);
    there();
  }

  let count = 0;
  function labelled({ name, label, hint = "", required = false }, parts) {
    const id = `preview-field-${++count}`;
    const control = parts.find((part) => part.matches("input, textarea, select"));
    if (control) control.id = id;
    const about = hint && element("small", { id: id + "-hint", text: hint });
    if (hint && control) control.setAttribute("aria-describedby", id + "-hint");
    const words = label + (required ? " *" : "");
    return control
      ? element("div", { class: "field", "data-field": name }, element("label", { for: id, text: words }), ...parts, about)
      : element("fieldset", { class: "field", "data-field": name }, element("legend", { text: words }), ...parts, about);
  }

  const list = (choices) => (typeof choices === "string" ? behind.choices[choices] || [] : choices.map((word) => [word, word]));
  const area = (words, rows) => {
    const box = element("textarea", { rows });
    box.value = words;
    return box;
  };

  const WIDGETS = {
    line({ name, choices }, values) {
      const input = element("input", { name, autocomplete: "off", list: choices.length ? "preview-names" : null });
      input.value = fresh(values, name, "");
      const names = choices.length ? element("datalist", { id: "preview-names" }, ...list(choices).map(([value, words]) => element("option", { value, text: words }))) : null;
      return { parts: [input, names].filter(Boolean), read: () => input.value };
    },
    text({ name }, values) {
      const box = area(fresh(values, name, ""), 4);
      return { parts: [box], read: () => box.value };
    },
    date({ name }, values) {
      const input = element("input", { name, placeholder: "2026-11-24", inputmode: "numeric", autocomplete: "off" });
      input.value = fresh(values, name, "");
      return { parts: [input], read: () => input.value };
    },
    choice({ name, choices }, values) {
      const value = fresh(values, name, "");
      const known = list(choices);
      const all = [["", "–"], ...known, ...(value && !known.some(([key]) => key === value) ? [[value, value]] : [])];
      const select = element("select", { name }, ...all.map(([key, words]) => element("option", { value: key, text: words === key || !key ? words : `${key} – ${words}` })));
      select.value = value;
      return { parts: [select], read: () => select.value };
    },
    person({ name }, values) {
      const value = fresh(values, name, "");
      const who = typeof value === "string" ? { name: value } : value;
      const input = element("input", { name, autocomplete: "off" });
      const url = element("input", { name: name + ".url", type: "url", placeholder: "https://… (their page)", "aria-label": "Their page", autocomplete: "off" });
      input.value = who.name || "";
      url.value = who.url || "";
      return { parts: [input, url], read: () => ({ ...(who.type && { type: who.type }), name: input.value, ...(url.value.trim() && { url: url.value }) }) };
    },
    sources({ name }, values) {
      const uses = [];
      const rows = element("ul", { class: "chosen" });
      const add = (use) => {
        const id = typeof use === "string" ? use : use.id;
        const one = { id, locator: "", passage: "", verbatim: "", ...(typeof use === "string" ? {} : use) };
        const input = (key, label, wide) => {
          const box = wide ? area(one[key], 2) : element("input", { autocomplete: "off" });
          box.value = one[key];
          box.addEventListener("input", () => { one[key] = box.value; });
          return element("label", {}, element("span", { text: label }), box);
        };
        const row = element("li", {}, element("b", { text: id }), action("Remove", () => { uses.splice(uses.indexOf(one), 1); row.remove(); }, { "aria-label": `Remove ${id}` }),
          element("details", typeof use === "string" ? {} : { open: "" }, element("summary", { text: "where in it, and what it says" }),
            input("locator", "Place in it"), input("passage", "In our words", true), input("verbatim", "Its exact words", true)));
        uses.push(one);
        rows.append(row);
      };
      for (const use of fresh(values, name, [])) add(use);
      return { parts: [...search(add), rows], read: () => uses.map((use) => Object.fromEntries(Object.entries(use).filter(([key, value]) => key === "id" || value.trim()))) };
    },
  };

  // A search over the ids, titles and authors of all sources (a combobox as ARIA describes it).
  function search(choose) {
    const id = `preview-sources-${++count}`;
    const input = element("input", { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", placeholder: "Search title, author, id", autocomplete: "off" });
    const options = element("ul", { id, role: "listbox", "aria-label": "Sources", hidden: "" });
    let at = 0;
    const mark = () => [...options.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === at));
      if (place === at) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    });
    const close = () => { options.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const take = (source) => { choose(source.id); input.value = ""; close(); };
    const fill = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = behind.sources.filter((source) => words.every((word) => `${source.id} ${source.title} ${source.words}`.toLowerCase().includes(word))).slice(0, 8);
      options.replaceChildren(...found.map((source, place) => {
        const option = element("li", { role: "option", id: `${id}-${place}` }, element("b", { text: source.id }), element("span", { text: source.words }));
        option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(source); });
        option.source = source;
        return option;
      }));
      at = 0;
      options.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      mark();
    };
    input.addEventListener("input", fill);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const count = options.hidden ? 0 : options.children.length;
      if (event.key === "ArrowDown" && !count) fill();
      else if (["ArrowDown", "ArrowUp"].includes(event.key) && count) at = (at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { if (count) take(options.children[at].source); }
      else if (event.key === "Escape" && count) { event.stopPropagation(); return close(); }
      else return;
      event.preventDefault();
      mark();
    });
    return [input, options];
  }

  // ---- two editors ----

  function conflict(answer, asked, values, idGiven) {
    const lines = (words, others) => {
      const known = new Set(others.split("\n"));
      return words.split("\n").map((line) => element("span", { class: known.has(line) ? null : "differs", text: line + "\n" }));
    };
    const again = async () => {
      box.close();
      closeForm();
      if (asked.do === "add") return openForm({ ...asked, digest: answer.digest, values, idGiven });
      behind = { ...behind, ...await ask("GET") };
      const entry = Object.values(behind.entries).find(({ kind, id, which, place }) =>
        kind === asked.kind && (asked.place ? place === asked.place : id ? id === asked.id : which === asked.which));
      if (!entry) return say("There is no such entry any more.");
      if (asked.do === "delete") return remove(entry);
      openForm({ ...asked, which: entry.which, key: entry.key, digest: null, values });
    };
    const box = element("dialog", { id: "preview-conflict", class: "preview", "aria-label": "The file has been changed" },
      element("h2", { text: `${answer.path} has been changed since this page was loaded` }),
      element("p", { text: "Nothing was written. On the left the file as you wanted it, on the right as it is now." }),
      element("div", { class: "both" },
        element("figure", {}, element("figcaption", { text: "Yours" }), element("pre", { tabindex: "0" }, ...lines(answer.mine, answer.theirs))),
        element("figure", {}, element("figcaption", { text: "In the file" }), element("pre", { tabindex: "0" }, ...lines(answer.theirs, answer.mine)))),
      element("footer", {}, action("Put mine into the file as it is now", again, { class: "main" }), action("Copy mine", async () => say(await clip(answer.mine))),
        action("Leave the file as it is", () => box.close())));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    for (const pre of box.querySelectorAll("pre")) {
      pre.querySelector(".differs")?.scrollIntoView({ block: "center" });
      pre.scrollLeft = 0;
    }
  }

  async function remove(entry) {
    const answer = await ask("POST", { do: "delete", kind: entry.kind, key: entry.key, which: entry.which, digest: behind.digests[entry.file], values: {} });
    if (answer.errors) return say(answer.errors.map(({ words }) => words).join(" "));
    if (answer.status === 409) return conflict(answer, { ...entry, do: "delete" }, {}, "");
    say(`Deleted from ${answer.path}.`);
  }

  function confirmed(entry) {
    const form = behind.forms[entry.kind];
    const box = element("dialog", { id: "preview-confirm", class: "preview", "aria-label": "Delete?" },
      element("p", { text: `Delete this ${form.label.toLowerCase()} from ${entry.at}?` }),
      element("footer", {}, action("Delete", () => { box.close(); remove(entry); }, { class: "main" }), action("Keep it", () => box.close())));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  // ---- tools of notes, figures, charts and sources ----

  function decorate() {
    const all = { ...behind.footnotes, ...behind.shared, ...behind.entries };
    for (const old of document.querySelectorAll(".preview-tools")) old.remove();
    for (const [id, entry] of Object.entries(all)) {
      const tools = find(id)?.querySelector(".tools");
      if (!tools) continue;
      tools.append(element("span", { class: "preview preview-tools" },
        element("a", { href: entry.editor, title: "Open in the editor", text: entry.at }),
        entry.kind ? action("Edit", () => openForm({ ...entry, do: "change" })) : null,
        entry.kind ? action("Delete", () => confirmed(entry)) : null));
    }
  }

  // ---- the panel ----

  const NAMES = {
    check: "What check says", paragraphs: "Paragraphs without a note", numbers: "Numbers nothing supports",
    unused: "Sources and quantities nobody uses", recheck: "Sources due for another look",
  };
  const opener = action("", () => togglePanel(), { id: "preview-opener", class: "preview", "aria-controls": "preview-panel", "aria-expanded": "false" });
  const panel = element("aside", { id: "preview-panel", class: "preview", "aria-label": "Findings and coverage", hidden: "" });
  document.body.append(opener, panel);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); togglePanel(false); } });

  function togglePanel(on = panel.hidden) {
    panel.hidden = !on;
    opener.setAttribute("aria-expanded", String(on));
    (on ? panel.querySelector("button") : opener).focus();
  }

  function fillPanel() {
    const groups = behind.panel;
    const rows = (name) => groups.find((group) => group.name === name)?.rows || [];
    const faults = rows("check").filter(({ severity }) => severity === "error").length;
    const warnings = groups.flatMap((group) => group.rows).filter(({ severity }) => severity === "warning").length;
    const bare = rows("paragraphs").length + rows("numbers").length;
    opener.textContent = [faults && `${faults} fault${faults > 1 ? "s" : ""}`, `${warnings} warning${warnings === 1 ? "" : "s"}`, isArticle && `${bare} bare`].filter(Boolean).join(" · ");
    const had = panel.contains(document.activeElement);
    panel.replaceChildren(
      element("header", {}, element("h2", { text: "Preview" }), action("Close", () => togglePanel(false))),
      ...groups.flatMap((group) => [
        element("h3", { text: NAMES[group.name] + (group.of === null ? "" : `: ${group.rows.length} of ${group.of}`) }),
        group.rows.length ? element("ul", {}, ...group.rows.map(row)) : element("p", { class: "none", text: "None." }),
      ]));
    if (had) panel.querySelector("button").focus();
  }

  function row({ words, hint, severity, at, editor, text, place: id }) {
    const go = text ? () => jump(text) : id && find(id) ? () => {
      if (location.hash === "#" + id) history.replaceState(null, "", " ");
      location.hash = "#" + id;
    } : null;
    return element("li", { class: severity || null },
      go ? action(words, go, { class: "jump" }) : element("span", { text: words }),
      hint ? element("small", { text: hint }) : null,
      element("a", { class: "place", href: editor, text: at }));
  }

  document.addEventListener("preview:news", look);
  document.addEventListener("preview:read", decorate);
})();
