// The forms of the preview: what is to be said of words in the text, with the sources and quantities that it takes,
// and what happens when two people write into one file. Never part of a published site.
"use strict";
(() => {
  const { preview } = window;
  const { element } = preview;
  const action = (...given) => preview.action(...given);
  const find = (id) => document.getElementById(id);

  let form = null; // the one that is open

  // ---- the form ----

  // `asked` says what to do (add or change), with an entry of which kind, what it says by now (`values`, and `work` and
  // `quantity` for what is to be new beside it), and for `add` the words it is about.
  function openForm(asked) {
    closeForm();
    const { behind } = preview;
    const kind = behind.forms[asked.kind];
    const adding = asked.do === "add";
    form = { asked, news: { work: [], quantity: [] }, given: asked.news || {}, taken: null };
    asked.digests ||= { ...behind.digests };
    const fields = kind.fields.map((field) => ({ field, ...widget(field, asked.values) }));
    const id = element("input", { name: "id", autocomplete: "off", spellcheck: "false", placeholder: "made of the words" });
    id.value = asked.idGiven || "";
    const errors = element("div", { class: "errors", role: "alert" });
    const quote = element("blockquote", { hidden: "" });
    const parts = fields.map(({ field, parts }) => labelled(field, parts));
    if (asked.kind === "figure") {
      const at = parts.findIndex((part) => part.dataset.field === "formula");
      parts.splice(at + 1, 0, quantities(parts[at].querySelector("input")));
    }
    const lists = new Set([...kind.fields, ...behind.forms.quantity.fields].map(({ choices }) => choices).filter((choices) => typeof choices === "string"));
    const box = element("form", { id: "preview-form", class: `preview ${asked.kind}`, "aria-label": `${adding ? "New" : "Edit"}: ${kind.label}`, novalidate: "" },
      element("div", { class: "head" }, element("h2", { text: `${kind.sign} ${adding ? "" : "Edit: "}${kind.label}` }), action("Close", () => leave(), { "data-key": "Esc" })),
      quote,
      asked.moves && !adding ? element("p", { class: "hint", text: "To move it, select other words in the text." }) : null,
      errors,
      ...parts,
      adding ? labelled({ name: "id", label: kind.named ? "Name" : "Id" }, [id]) : null,
      ...[...lists].map((name) => element("datalist", { id: `preview-list-${name}` }, ...list(name).map(([value, text]) => element("option", { value, text })))),
      element("div", { class: "end" }, element("button", { type: "submit", text: "Save", class: "main", "data-key": "Ctrl ↵" }), action("Copy YAML", () => send(true)),
        element("span", { class: "place", text: asked.at || `${behind.slug}/${kind.file}` })));

    const sent = (name) => form.news[name].filter(({ used }) => used > 0);
    const read = () => ({
      values: Object.fromEntries(fields.map(({ field, read }) => [field.name, read()])),
      work: sent("work").map((work) => work.read()),
      quantity: sent("quantity").map((one) => one.read()),
    });
    Object.assign(form, { box, kind, read, quote, id, refuse });

    function refuse(rows) {
      errors.replaceChildren(...rows.map(({ words }) => element("p", { text: words })));
      for (const part of box.querySelectorAll(".wrong")) part.classList.remove("wrong");
      for (const { field = "" } of rows) {
        const [name, place, part] = field.split("/");
        const within = part === undefined ? box : sent(name)[place]?.box;
        within?.querySelector(`[data-field="${part === undefined ? name : `${name}:${part}`}"]`)?.classList.add("wrong");
      }
      const first = box.querySelector(".wrong :is(input, textarea, select)");
      for (let around = first?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      (first || box.querySelector("input, textarea, select")).focus();
    }

    async function send(show) {
      if (form.sending) return;
      const said = read();
      const empty = (value) => !String(value?.name ?? value).trim();
      const missing = kind.fields.filter(({ name, required }) => required && (adding || name in asked.values) && empty(said.values[name]));
      if (missing.length) return refuse(missing.map(({ name, label }) => ({ field: name, words: `${label} is missing.` })));
      const words = form.taken || (adding ? asked.words : null);
      form.sending = true;
      const answer = await preview.ask("POST", {
        do: asked.do, kind: asked.kind, key: asked.key, which: asked.which, digests: asked.digests, ...said,
        id: adding ? id.value.trim() : asked.id, show, moved: !adding && words !== null, ...(words && preview.place(words)),
      }).catch(preview.failed);
      if (form?.box !== box) return;
      form.sending = false;
      if (answer.errors) return refuse(answer.errors);
      if (show) return preview.say(await preview.clip(answer.yaml));
      if (answer.status === 409) return conflict(answer, { ...asked, words, moved: !adding && words !== null }, said, id.value);
      form.before = null;
      closeForm();
      preview.say(`Saved in ${answer.path}. Z takes it back.`);
      if (answer.place) preview.arrive(answer.place);
    }
    box.addEventListener("submit", (event) => { event.preventDefault(); send(false); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); leave(); }
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(false); }
    });
    form.back = document.activeElement;
    document.body.append(box);
    form.before = JSON.stringify(read());
    if (adding || asked.moved) about(asked.words);
    else cite(typeof asked.quote === "string" ? asked.quote : asked.quote?.exact || asked.quote?.from);
    box.querySelector("input, textarea, select").focus({ preventScroll: true });
    uncover(asked.words?.range || find(`r-${asked.id}`) || (asked.place && find(asked.place)));
  }

  // On a narrow screen the form lies over the text, but not over what it is about.
  function uncover(place) {
    const { top, bottom } = place?.getBoundingClientRect() || {};
    const { top: edge, left } = form.box.getBoundingClientRect();
    if (left === 0 && edge > 0 && (top < 0 || bottom > edge)) scrollBy({ top: (top + bottom - edge) / 2, behavior: "instant" });
  }

  function cite(words, fresh = false) {
    form.quote.textContent = words || "";
    form.quote.hidden = !words;
    form.quote.classList.toggle("fresh", fresh);
  }

  // The words that the annotation is to be about from now on.
  function about(words) {
    const { box } = form;
    form.taken = words;
    cite(words.shown, form.asked.do !== "add");
    preview.light("preview-about", words.range);
    preview.ask("POST", { do: "quote", ...preview.place(words) }).then((told) => {
      if (form?.box !== box || form.taken !== words) return;
      if (told.errors) form.refuse(told.errors);
      else cite(told.exact, form.asked.do !== "add");
    }, (error) => form?.refuse([{ words: error.message }]));
  }

  function closeForm() {
    if (!form) return;
    const { box, back, warned } = form;
    form = null;
    if (warned) preview.say("");
    box.remove();
    preview.light("preview-about", null);
    if (back?.isConnected) back.focus({ preventScroll: true });
  }

  const isChanged = () => form.before !== JSON.stringify(form.read()) || (form.asked.do !== "add" && form.taken);

  // What was written is not lost by one key, nor by leaving the page.
  addEventListener("beforeunload", (event) => { if (form && isChanged()) event.preventDefault(); });
  function leave() {
    if (!isChanged() || form.warned) return closeForm();
    form.warned = true;
    preview.say("Once more throws away what you wrote; Ctrl and Enter saves it.");
  }

  // ---- fields ----

  let count = 0;
  function labelled({ name, label, hint = "", required = false }, parts, within = "") {
    const id = `preview-field-${++count}`;
    parts[0].id = id;
    const about = hint && element("small", { id: `${id}-hint`, text: hint });
    if (hint) parts[0].setAttribute("aria-describedby", about.id);
    return element("div", { class: "field", "data-field": within + name }, element("label", { for: id, text: label + (required ? " *" : "") }), ...parts, about);
  }

  const list = (choices) => (typeof choices === "string" ? preview.behind.choices[choices] || [] : choices.map((word) => [word, word]));
  const widget = (field, values) => WIDGETS[field.widget](field, values[field.name]);
  const filled = (box, words) => { box.value = words; return box; };
  const input = (attributes, words = "") => filled(element("input", { autocomplete: "off", ...attributes }), words);
  const area = (words, rows) => filled(element("textarea", { rows }), words);

  const WIDGETS = {
    line({ name, choices }, value = "") {
      const box = input({ name, list: choices.length ? `preview-list-${choices}` : null }, value);
      return { parts: [box], read: () => box.value };
    },
    people: (field, value) => WIDGETS.line({ ...field, choices: [] }, value),
    text(_, value = "") {
      const box = area(value, 4);
      return { parts: [box], read: () => box.value };
    },
    date({ name }, value = "") {
      const box = input({ name, placeholder: "2026-11-24", inputmode: "numeric" }, value);
      return { parts: [box], read: () => box.value };
    },
    choice({ name, choices }, value = "") {
      const known = list(choices);
      const all = [["", "–"], ...known, ...(value && !known.some(([key]) => key === value) ? [[value, value]] : [])];
      const select = element("select", { name }, ...all.map(([key, words]) => element("option", { value: key, text: words === key || !key ? words : `${key} – ${words}` })));
      select.value = value;
      return { parts: [select], read: () => select.value };
    },
    person({ name }, value = "") {
      const who = typeof value === "string" ? { name: value } : value;
      const box = input({ name }, who.name || "");
      const url = input({ name: `${name}.url`, type: "url", placeholder: "https://… (their page)", "aria-label": "Their page" }, who.url || "");
      return { parts: [box, url], read: () => ({ ...(who.type && { type: who.type }), name: box.value, ...(url.value.trim() && { url: url.value }) }) };
    },
    sources(_, value = []) {
      const uses = [];
      const rows = element("ul", { class: "chosen" });
      const [box, options] = search((use) => add(use, true));
      const add = (use, focus) => {
        const one = { locator: "", passage: "", verbatim: "", ...(typeof use === "string" ? { id: use } : use) };
        const work = one.work || newWork(one.id);
        if (work) work.used += 1;
        const part = (key, label, wide) => {
          const control = wide ? area(one[key], 2) : input({}, one[key]);
          control.addEventListener("input", () => { one[key] = control.value; });
          return element("label", {}, element("span", { text: label }), control);
        };
        const gone = () => {
          uses.splice(uses.indexOf(kept), 1);
          if (work) work.used -= 1;
          row.remove();
          box.focus();
        };
        const kept = { read: () => Object.fromEntries(["locator", "passage", "verbatim"].map((key) => [key, one[key]]).filter(([, words]) => words.trim()).concat([["id", work ? work.id() : one.id]])) };
        const fresh = work && !work.shown;
        const row = element("li", { class: fresh ? "new" : null },
          element("b", { text: fresh ? "New source" : work ? work.id() : one.id }), action("Remove", gone, { "aria-label": `Remove ${work ? "the new source" : one.id}` }),
          fresh ? work.box : null,
          element("details", one.locator || one.passage || one.verbatim ? { open: "" } : {}, element("summary", { text: "where in it, and what it says" }),
            part("locator", "Place in it"), part("passage", "In our words", true), part("verbatim", "Its exact words", true)));
        if (fresh) work.shown = true;
        uses.push(kept);
        rows.append(row);
        if (focus && fresh) ["URL", "title", "author"].map((name) => row.querySelector(`[name=${name}]`)).find((box) => !box.value)?.focus();
      };
      for (const use of value) add(use);
      return { parts: [box, options, rows], read: () => uses.map((use) => use.read()) };
    },
  };

  // A source of the form that is not in the file yet, by the id it was given before.
  function newWork(id) {
    const known = form.news.work.find((work) => work.id() === id);
    const given = !known && (form.given.work || []).find((work) => work.id === id);
    return known || (given ? work(given.values, given.id) : null);
  }

  // As it may be typed: without accents, capitals and the signs of typography.
  const plainly = (words) => words.toLowerCase().normalize("NFKD").replace(/[\p{M}\u00ad]/gu, "").replace(/[‘’]/g, "'").replace(/[“”„]/g, '"').replace(/[‐-―]/g, "-");

  // A search over the ids, titles, authors and addresses of all sources (a combobox as ARIA describes it). What it
  // does not find can be made a new source at once.
  function search(choose) {
    const id = `preview-sources-${++count}`;
    const box = input({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", placeholder: "Search title, author, id; or paste an address", spellcheck: "false" });
    const options = element("ul", { id, role: "listbox", "aria-label": "Sources", hidden: "" });
    let at = 0;
    const mark = () => [...options.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === at));
      if (place === at) { box.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    });
    const close = () => { options.hidden = true; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
    const take = (use) => { const chosen = use(); box.value = ""; close(); choose(chosen); };
    const fill = () => {
      const typed = box.value.trim();
      const words = plainly(typed).split(/\s+/).filter(Boolean);
      const fits = ({ id, title, words: about, url }) => words.every((word) => plainly(`${id} ${title} ${about} ${url}`).includes(word));
      const pending = form.news.work.filter((work) => work.used).map((work) => ({ ...work.about(), use: () => ({ work }) }));
      const found = [...pending, ...preview.behind.sources.map((source) => ({ ...source, use: () => source.id }))].filter(fits).slice(0, 8);
      const fresh = { id: "New source", words: typed, use: () => ({ work: work(/^https?:\/\/\S+$/.test(typed) ? { URL: typed } : { title: typed }) }) };
      options.replaceChildren(...[...found, fresh].map(({ id: name, words: about, use }, place) => {
        const option = element("li", { role: "option", id: `${id}-${place}` }, element("b", { text: name }), element("span", { text: about }));
        option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(use); });
        option.use = use;
        return option;
      }));
      at = 0;
      options.hidden = false;
      box.setAttribute("aria-expanded", "true");
      mark();
    };
    box.addEventListener("input", fill);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", (event) => {
      const length = options.hidden ? 0 : options.children.length;
      if (event.key === "ArrowDown" && !length) fill();
      else if (["ArrowDown", "ArrowUp"].includes(event.key) && length) at = (at + (event.key === "ArrowDown" ? 1 : length - 1)) % length;
      else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { if (length) take(options.children[at].use); }
      else if (event.key === "Escape" && length) { event.stopPropagation(); return close(); }
      else return;
      event.preventDefault();
      mark();
    });
    return [box, options];
  }

  // ---- what is new beside an annotation ----

  const FIRST = ["URL", "title", "author", "container-title", "issued", "accessed", "type"]; // of a new source; others on demand
  const today = () => new Date().toLocaleDateString("sv"); // as the rest of the world writes it: 2026-11-24

  // The fields of a kind for another form: `parts` makes those of some names, `read` gives what all of them say.
  function fieldsOf(kind, values, first = []) {
    const made = new Map(preview.behind.forms[kind].fields.map((field) => [field.name, { field, ...widget(field, values) }]));
    return {
      parts: (names) => names.map((name) => labelled(made.get(name).field, made.get(name).parts, `${kind}:`)),
      rest: [...made.keys()].filter((name) => !first.includes(name)),
      read: () => Object.fromEntries([...made].map(([name, { read }]) => [name, read()])),
    };
  }

  function work(given, idGiven = "") {
    const values = idGiven ? given : { type: "webpage", ...(given.URL && { accessed: today() }), ...given };
    const fields = fieldsOf("work", values, FIRST);
    const id = input({ name: "source-id", spellcheck: "false" }, idGiven);
    let typed = Boolean(idGiven);
    const propose = () => { if (!typed) id.value = proposed(fields.read(), box); };
    const box = element("div", { class: "new" }, ...fields.parts(FIRST), labelled({ name: "id", label: "Id", required: true }, [id], "work:"),
      element("details", {}, element("summary", { text: "more about it" }), ...fields.parts(fields.rest)));
    id.addEventListener("input", () => { typed = id.value !== ""; });
    box.addEventListener("input", (event) => { if (event.target !== id) propose(); });
    const made = {
      box, used: 0, shown: false, id: () => id.value.trim(),
      about: () => { const { title, author } = fields.read(); return { id: id.value.trim(), title, words: [author, title].filter(Boolean).join(": "), url: "" }; },
      read: () => ({ id: id.value.trim(), values: fields.read() }),
    };
    form.news.work.push(made);
    propose();
    return made;
  }

  // An id as editors like them: who and when, as in berger2026; a letter more where that is taken.
  function proposed({ author, issued, title, URL: url, "container-title": container }, own) {
    const UMLAUTS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
    const plain = (words) => words.toLowerCase().replace(/[äöüß]/g, (letter) => UMLAUTS[letter]).normalize("NFKD").replace(/\p{M}/gu, "").match(/[a-z0-9]+/)?.[0] || "";
    const host = /^https?:\/\/(?:www\.)?([^/.]+)/.exec(url.trim())?.[1] || "";
    const base = [author.split(/[,;]/)[0], container, host, title].map(plain).find(Boolean) || "source";
    const year = /\d{4}/.exec(issued)?.[0] || "";
    const taken = new Set([...preview.behind.sources.map(({ id }) => id), ...form.news.work.filter((work) => work.box !== own).map((work) => work.id())]);
    const letters = ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => base + year + letter);
    return letters.find((id) => !taken.has(id)) || base + year;
  }

  // The quantities that a formula needs and nobody has written down yet.
  function quantities(formula) {
    const rows = element("ul", { class: "chosen" });
    const offers = element("p", { class: "offers" });
    const add = (name, values = {}) => {
      const fields = fieldsOf("quantity", values);
      const names = input({ name: "quantity-name", spellcheck: "false" }, name);
      const row = element("li", { class: "new" }, element("b", { text: "New quantity" }),
        action("Remove", () => { form.news.quantity.splice(form.news.quantity.indexOf(one), 1); row.remove(); offer(); formula.focus(); }, { "aria-label": `Remove ${name || "the new quantity"}` }),
        labelled({ name: "id", label: "Name", required: true }, [names], "quantity:"),
        ...fields.parts(["label"]),
        element("div", { class: "numbers" }, ...fields.parts(["value", "low", "best", "high", "unit"])),
        ...fields.parts(["sources", "assumed"]));
      const one = { box: row, used: 1, name: () => names.value.trim(), read: () => ({ id: names.value.trim(), values: fields.read() }) };
      names.addEventListener("input", offer);
      form.news.quantity.push(one);
      rows.append(row);
      offer();
      return row;
    };
    const offer = () => {
      const known = new Set(["name", "unit", "function"].flatMap((kind) => list(kind).map(([name]) => name)).concat(form.news.quantity.map((one) => one.name())));
      const unknown = [...new Set(formula.value.match(/(?<![\w.])[A-Za-z_]\w*/g) || [])].filter((name) => !known.has(name));
      offers.replaceChildren(
        ...unknown.map((name) => action(`+ ${name}`, () => add(name).querySelector("[name=label]").focus(), { "aria-label": `New quantity ${name}` })),
        action("+ New quantity", () => add("").querySelector("input").focus()));
    };
    formula.addEventListener("input", offer);
    for (const { id, values } of form.given.quantity || []) add(id, values);
    offer();
    return element("fieldset", { class: "field", "data-field": "quantity" }, element("legend", { class: "hidden", text: "Quantities" }), rows, offers);
  }

  // ---- two editors ----

  function conflict(answer, asked, said, idGiven) {
    const { say, clip } = preview;
    const lines = (words, others) => {
      const known = new Set(others.split("\n"));
      return words.split("\n").map((line) => element("span", { class: known.has(line) ? null : "differs", text: line + "\n" }));
    };
    const again = async () => {
      box.close();
      closeForm();
      const { values = {}, ...news } = said;
      const digests = { ...asked.digests, [answer.file]: answer.digest };
      if (asked.do === "add") return openForm({ ...asked, digests, values, news, idGiven });
      await preview.refresh();
      const entry = Object.values(preview.behind.entries).find(({ kind, id, which, place }) =>
        kind === asked.kind && (asked.place ? place === asked.place : id ? id === asked.id : which === asked.which));
      if (!entry) return say("There is no such entry any more.");
      if (asked.do === "delete") return remove(entry, preview.behind.digests);
      openForm({ ...asked, which: entry.which, key: entry.key, digests: { ...preview.behind.digests }, values, news });
    };
    const box = element("dialog", { id: "preview-conflict", class: "preview", "aria-label": "The file has been changed" },
      element("h2", { text: `${answer.path} has been changed since this page was loaded` }),
      element("p", { text: "Nothing was written. On the left the file as you wanted it, on the right as it is now." }),
      element("div", { class: "both" },
        element("figure", {}, element("figcaption", { text: "Yours" }), element("pre", { tabindex: "0" }, ...lines(answer.mine, answer.theirs))),
        element("figure", {}, element("figcaption", { text: "In the file" }), element("pre", { tabindex: "0" }, ...lines(answer.theirs, answer.mine)))),
      element("div", { class: "end" }, action("Put mine into the file as it is now", again, { class: "main" }), action("Copy mine", async () => say(await clip(answer.mine))),
        action("Leave the file as it is", () => box.close())));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    for (const pre of box.querySelectorAll("pre")) {
      pre.querySelector(".differs")?.scrollIntoView({ block: "center" });
      pre.scrollLeft = 0;
    }
  }

  async function remove(entry, digests) {
    const { say } = preview;
    const answer = await preview.ask("POST", { do: "delete", kind: entry.kind, key: entry.key, which: entry.which, digests, values: {} })
      .catch(preview.failed);
    if (answer.errors) return say(answer.errors.map(({ words }) => words).join(" "));
    if (answer.status === 409) return conflict(answer, { ...entry, do: "delete", digests }, {}, "");
    say(`Deleted from ${answer.path}.`);
  }

  // Deleted is what was asked about: of files that change meanwhile, not what has taken its place.
  function confirmed(entry) {
    const { digests, forms: { [entry.kind]: kind } } = preview.behind;
    const box = element("dialog", { id: "preview-confirm", class: "preview", "aria-label": "Delete?" },
      element("p", { text: `Delete this ${kind.label.toLowerCase()} from ${entry.at}?` }),
      element("div", { class: "end" }, action("Delete", () => { box.close(); remove(entry, digests); }, { class: "main" }), action("Keep it", () => box.close())));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  Object.assign(preview, { openForm, confirmed, about, form: () => form });
})();
