// The preview's own part of a page: puts in what has changed and nothing else, so that scroll, focus and open notes
// stay, and shows faults over the last good page. Never part of a published site.
"use strict";
(() => {
  const { version, token } = document.currentScript.dataset;
  const wide = matchMedia("screen and (min-width: 62em)");
  let shown = document.body.cloneNode(true); // the page as it was sent, before any script has touched it
  let now = version;

  const element = (tag, { text = "", ...attributes } = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
    made.append(...[text, ...children].filter((child) => child !== "" && child !== null));
    return made;
  };
  window.preview = { element, token };

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

  function swap(news) {
    const received = performance.timeOrigin + performance.now();
    const next = new DOMParser().parseFromString(news.page, "text/html");
    if (script(next)?.src !== script(document)?.src) return location.reload();
    const link = style(document);
    if (link && style(next) && style(next).href !== link.href) link.href = style(next).href;
    document.title = next.title;
    document.documentElement.lang = next.documentElement.lang;
    const again = morph(document.body, shown, next.body);
    shown = next.body;
    const swapped = performance.timeOrigin + performance.now();
    document.dispatchEvent(new CustomEvent("preview:swapped", { detail: { ...news, page: undefined, received, swapped } }));
    if (again) readAgain();
    else document.dispatchEvent(new Event("change")); // notes find their places again
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
      else if (sheet?.isConnected) document.getElementById("r-" + sheet.dataset.note)?.click();
      scrollTo(x, y);
      document.dispatchEvent(new Event("preview:read"));
    };
    if (sheet) sheet.hidePopover();
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
      element("header", {}, element("h2", { text: head }), hide),
      ...faults.slice(0, 20).map((fault) => element("article", {},
        element("p", { class: "place" }, element("a", { href: fault.editor, text: `${fault.path}:${fault.line}:${fault.column}` })),
        element("p", { class: "message", text: fault.message }),
        element("pre", {}, ...fault.around.flatMap(([number, words]) => {
          const here = number === fault.line;
          const line = element("span", { class: here ? "here" : null, text: `${String(number).padStart(4)} | ${words}\n` });
          return here ? [line, element("span", { class: "here", text: `     | ${" ".repeat(Math.max(0, fault.column - 1))}^\n` })] : [line];
        })),
        fault.hint ? element("p", { class: "hint", text: fault.hint }) : null)));
    hide.addEventListener("click", () => { box.classList.toggle("small"); hide.textContent = box.classList.contains("small") ? "Show" : "Hide"; });
    box.said = said;
    document.body.append(box);
  }

  // ---- the connection ----

  function connect() {
    const wire = new WebSocket(`ws://${location.host}/livereload`);
    wire.onopen = () => wire.send(JSON.stringify({ address: decodeURIComponent(location.pathname).slice(1), version: now }));
    wire.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      if (news.run !== token) return location.reload(); // another preview has taken the place of ours
      if (news.page !== undefined) {
        now = news.version;
        swap(news);
      }
      overlay(news.faults);
      document.dispatchEvent(new CustomEvent("preview:news", { detail: news }));
    };
    wire.onclose = () => setTimeout(connect, 300);
  }
  connect();
})();
