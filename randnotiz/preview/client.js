// The preview's own part of a page: puts in what has changed and nothing else, so that scroll, focus and open notes
// stay, and shows faults over the last good page. Never part of a published site.
//
// The server sends the page once as its lines, then only the lines that changed. Of a page of 400 kB a save so costs
// neither sending nor parsing: the elements around the changed lines are made anew and nothing else is looked at.
"use strict";
(() => {
  const { version, run } = document.currentScript.dataset;
  const wide = matchMedia("screen and (min-width: 62em)");
  let shown = document.body.cloneNode(true); // the page as it was sent, before any script has touched it
  let now = version;
  let lines = []; // of the page's source

  const element = (tag, { text = "", ...attributes } = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
    made.append(...[text, ...children].filter((child) => child !== "" && child !== null));
    return made;
  };
  window.preview = { element };

  // ---- what has changed ----

  // Where the reading script holds on to elements, or to what stood in them.
  const HELD = "[data-note], [data-notes], [data-figure], [data-input], [data-picture], [data-verdict], [data-value], .ref, .tools, #figures";
  const isHeld = (node) => {
    const place = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return Boolean(place?.closest(HELD) || place?.querySelector(HELD));
  };

  // The live page is what was sent (`from`) and what scripts have added since, always behind it, or set as attributes.
  // Returns whether the reading script must look at it again.
  function morph(live, from, to) {
    if (from.isEqualNode(to)) return false;
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || live.nodeName !== from.nodeName) return replace([live], [to]);
    if (to.nodeType !== Node.ELEMENT_NODE) {
      live.data = to.data;
      return isHeld(live);
    }
    let held = false;
    for (const name of new Set([...from.getAttributeNames(), ...to.getAttributeNames()])) {
      const value = to.getAttribute(name);
      if (from.getAttribute(name) === value) continue;
      if (value === null) live.removeAttribute(name);
      else live.setAttribute(name, value);
      held ||= isHeld(live);
    }
    return morphChildren(live, [...from.childNodes], [...to.childNodes]) || held;
  }

  function morphChildren(live, from, to) {
    const there = [...live.childNodes];
    if (there.length < from.length || from.some((node, at) => node.nodeName !== there[at].nodeName)) {
      const held = isHeld(live);
      live.replaceChildren(...to.map((node) => document.importNode(node, true)));
      return held || isHeld(live);
    }
    const most = Math.min(from.length, to.length);
    let start = 0, end = 0;
    while (start < most && from[start].isEqualNode(to[start])) start += 1;
    while (end < most - start && from.at(-1 - end).isEqualNode(to.at(-1 - end))) end += 1;
    const old = from.slice(start, from.length - end), fresh = to.slice(start, to.length - end);
    if (old.length === fresh.length) return old.map((node, at) => morph(there[start + at], node, fresh[at])).some(Boolean);
    return replace(there.slice(start, from.length - end), fresh, live, there[from.length - end] || null);
  }

  function replace(gone, fresh, parent = gone[0].parentNode, before = gone.at(-1).nextSibling) {
    const held = gone.some(isHeld);
    const made = fresh.map((node) => document.importNode(node, true));
    for (const node of gone) node.remove();
    for (const node of made) parent.insertBefore(node, before);
    return held || made.some(isHeld);
  }

  const style = (page) => page.querySelector('link[rel="stylesheet"][href*="assets/"]');
  const script = (page) => page.querySelector('script[src*="assets/"]');

  // ---- which elements stand around the changed lines ----

  const TAG = /<(\/?)([a-zA-Z][\w-]*)(?:"[^"]*"|[^>"])*?(\/?)>/g;
  const VOID = new Set(["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"]);
  // Made anew as a whole: what is in them is no HTML, or stands elsewhere in the document than in the source.
  const WHOLE = new Set(["svg", "math", "template", "script", "style", "select", "datalist"]);

  // The body's elements as they stand in the source of a page: where each begins and ends, with and without its tags.
  function outline(source) {
    TAG.lastIndex = source.indexOf("<body");
    const around = [{ children: [] }];
    for (let found; (found = TAG.exec(source)); ) {
      const [tag, closing, name, shut] = found;
      if (closing) {
        const made = around.pop();
        if (made.name !== name) return null;
        made.close = found.index;
        made.end = TAG.lastIndex;
        if (made.name === "body") return made;
      } else {
        const made = { name, start: found.index, open: TAG.lastIndex, close: TAG.lastIndex, end: TAG.lastIndex, children: [] };
        around.at(-1).children.push(made);
        if (!shut && !VOID.has(name)) around.push(made);
      }
    }
    return null;
  }

  // The innermost element with the stretch from `from` to `to` between its tags, and the way to it from the body.
  function innermost(body, from, to) {
    const way = [];
    let here = body;
    if (from < here.open || to > here.close) return null;
    for (;;) {
      const at = WHOLE.has(here.name) ? -1 : here.children.findIndex((child) => child.open <= from && to <= child.close);
      if (at < 0) return { ...here, way };
      way.push(at);
      here = here.children[at];
    }
  }

  function follow(way, element, outlined) {
    for (const at of way) {
      outlined = outlined?.children[at];
      element = element.children[at];
      if (!element || (outlined && element.localName !== outlined.name)) return null;
    }
    return element;
  }

  // An edit of a stretch of the source without what stays the same at both ends: a paragraph is often one line.
  function narrowed(source, from, to, words) {
    const most = Math.min(to - from, words.length);
    let start = 0, end = 0;
    while (start < most && source[from + start] === words[start]) start += 1;
    while (end < most - start && source[to - 1 - end] === words[words.length - 1 - end]) end += 1;
    return { from: from + start, to: to - end, words: words.slice(start, words.length - end) };
  }

  // The source that is shown, with its outline and where its lines begin. That takes longer than to put a change in,
  // so it is made while nobody waits.
  let ready = null;
  function show(fresh) {
    lines = fresh;
    ready = null;
    setTimeout(sourced, 100);
  }
  function sourced() {
    if (!ready) {
      const source = lines.join("\n") + "\n", starts = [0];
      for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
      ready = { source, starts, body: outline(source) };
    }
    return ready;
  }

  // Puts hunks in where they belong and returns whether the reading script must look at the page again; null if they
  // are not for certain within elements of the body, and then nothing has been touched.
  function patch(hunks) {
    const { source, starts, body } = sourced();
    if (!body) return null;
    let places = []; // elements that must be made anew, none within another, each with the edits in it
    for (const [first, gone, fresh] of hunks) {
      const edit = narrowed(source, starts[first], starts[first + gone], fresh.map((line) => line + "\n").join(""));
      const place = innermost(body, edit.from, edit.to);
      if (!place?.way.length) return null;
      const around = places.find((other) => other.start <= place.start && place.end <= other.end);
      if (around) around.edits.push(edit);
      else {
        const within = places.filter((other) => place.start <= other.start && other.end <= place.end);
        places = places.filter((other) => !within.includes(other));
        places.push({ ...place, edits: [...within.flatMap((other) => other.edits), edit] });
      }
    }
    const swaps = [];
    for (const { name, start, end, way, edits } of places) {
      let html = source.slice(start, end);
      for (const { from, to, words } of edits.sort((one, other) => other.from - one.from)) {
        html = html.slice(0, from - start) + words + html.slice(to - start);
      }
      const made = document.createElement("template");
      made.innerHTML = html;
      const old = follow(way, shown, body), live = follow(way, document.body);
      const [fresh, more] = made.content.childNodes;
      if (more || fresh?.localName !== name || !old || old.localName !== live?.localName) return null;
      swaps.push([live, old, document.importNode(fresh, true)]);
    }
    const again = swaps.map(([live, old, fresh]) => {
      const held = morph(live, old, fresh);
      old.replaceWith(fresh);
      return held;
    });
    return again.some(Boolean);
  }

  // ---- putting it in ----

  function swap(news) {
    const received = performance.timeOrigin + performance.now();
    let again = news.hunks ? patch(news.hunks) : null;
    const fresh = news.page ?? lines;
    for (const [first, gone, changed] of news.hunks?.toReversed() ?? []) fresh.splice(first, gone, ...changed);
    show(fresh);
    again ??= swapAll(lines.join("\n"));
    if (again === null) return;
    const swapped = performance.timeOrigin + performance.now();
    document.dispatchEvent(new CustomEvent("preview:swapped", { detail: { ...news, page: undefined, received, swapped } }));
    if (again) readAgain();
    else document.dispatchEvent(new Event("change")); // notes find their places again
  }

  // Returns whether the reading script must look at the page again, null if the page is loaded anew.
  function swapAll(page) {
    const next = new DOMParser().parseFromString(page, "text/html");
    if (script(next)?.src !== script(document)?.src) {
      location.reload();
      return null;
    }
    const link = style(document);
    if (link && style(next) && style(next).href !== link.href) link.href = style(next).href;
    document.title = next.title;
    document.documentElement.lang = next.documentElement.lang;
    const again = morph(document.body, shown, next.body);
    shown = next.body;
    return again;
  }

  // The reading script begins anew, with the same notes open.
  function readAgain() {
    const old = script(document);
    if (!old) return;
    document.querySelector("#argued:not([hidden]) button")?.click(); // what was argued with is no longer what was built
    const sheet = document.querySelector("li:popover-open");
    const open = [...document.querySelectorAll(".endnotes details[open], .loose details[open]")].map((box) => box.closest("[id]").id);
    const [x, y] = [scrollX, scrollY];
    const fresh = document.createElement("script");
    fresh.src = old.src;
    fresh.onload = () => {
      if (wide.matches) for (const id of open) document.querySelector(`#${CSS.escape(id)} > details`)?.setAttribute("open", "");
      else if (sheet?.isConnected) sheet.dataset.note.split(" ").map((id) => document.getElementById("r-" + id)).find((ref) => ref?.href)?.click();
      scrollTo(x, y);
      document.dispatchEvent(new Event("preview:read"));
    };
    if (sheet) sheet.hidePopover();
    dispatchEvent(new Event("reading")); // its present run would look for what is gone
    old.replaceWith(fresh);
  }

  // ---- faults ----

  function overlay(faults) {
    const old = document.getElementById("preview-faults");
    const said = JSON.stringify(faults);
    if (old?.said === said) return;
    old?.remove();
    if (!faults.length) return;
    const head = faults.length === 1 ? "1 fault; behind it stands the last good page" : `${faults.length} faults; behind them stands the last good page`;
    const hide = element("button", { type: "button", text: "Hide" });
    const box = element("section", { id: "preview-faults", role: "alert", class: "preview" },
      element("div", { class: "head" }, element("h2", { text: head }), hide),
      ...faults.slice(0, 20).map((fault) => element("article", {},
        element("p", { class: "place" }, element("a", { href: fault.editor, text: `${fault.path}:${fault.line}:${fault.column}` })),
        element("p", { class: "message", text: fault.message }),
        element("pre", { tabindex: "0" }, ...fault.around.flatMap(([number, words]) => {
          const here = number === fault.line;
          const line = element("span", { class: here ? "here" : null, text: `${String(number).padStart(4)} | ${words}\n` });
          return here ? [line, element("span", { class: "here", text: `     | ${" ".repeat(Math.max(0, fault.column - 1))}^\n` })] : [line];
        })),
        fault.hint ? element("p", { class: "hint", text: fault.hint }) : null)));
    hide.addEventListener("click", () => { box.classList.toggle("small"); hide.textContent = box.classList.contains("small") ? "Show" : "Hide"; });
    box.said = said;
    document.body.append(box);
  }

  // Until the whole site is built, what is shown of it may be what the last run left.
  function progress(words) {
    const there = document.getElementById("preview-progress");
    if (!words || !document.querySelector("header")) there?.remove();
    else if (there) there.textContent = words;
    else document.body.append(element("p", { id: "preview-progress", role: "status", class: "preview", text: words }));
  }

  // ---- the connection ----

  function connect() {
    const wire = new WebSocket(`ws://${location.host}/livereload`);
    wire.onopen = () => wire.send(JSON.stringify({ address: decodeURIComponent(location.pathname).slice(1) }));
    wire.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      if (news.run !== run) return location.reload(); // another preview has taken the place of ours
      if (news.version === now) show(news.page);
      else if (news.version) {
        now = news.version;
        swap(news);
      }
      overlay(news.faults);
      progress(news.progress);
      document.dispatchEvent(new CustomEvent("preview:news", { detail: news }));
    };
    wire.onclose = () => setTimeout(connect, 300);
  }
  connect();
})();
