// The preview's own part of a page: swaps in what has changed, keeps scroll and open note, shows faults over the last
// good page. Never part of a published site.
"use strict";
(() => {
  const openNotes = () => [...document.querySelectorAll(".endnotes details[open]")].map((box) => box.closest("[id]").id);
  const wide = matchMedia("screen and (min-width: 62em)");

  async function swap() {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const style = (page) => page.querySelector('link[rel="stylesheet"]').href;
    const script = (page) => page.querySelector("script[src*='assets/']")?.src;
    if (style(next) !== style(document) || script(next) !== script(document)) return location.reload();
    const [now, then] = [document.querySelector("main"), next.querySelector("main")];
    if (now.outerHTML === then.outerHTML) return;
    const open = wide.matches ? openNotes() : [];
    const [x, y] = [scrollX, scrollY];
    document.title = next.title;
    document.documentElement.lang = next.documentElement.lang;
    now.replaceWith(document.adoptNode(then));
    restart();
    for (const id of open) document.querySelector(`#${CSS.escape(id)} details`)?.setAttribute("open", "");
    scrollTo(x, y);
    document.dispatchEvent(new CustomEvent("randnotiz:swapped"));
  }

  // The reading script belongs to the main part it found; a new main part gets a new run of it.
  function restart() {
    const old = document.querySelector("script[src*='assets/']");
    if (!old) return;
    const fresh = document.createElement("script");
    fresh.src = old.src;
    old.replaceWith(fresh);
  }

  function overlay(faults) {
    document.getElementById("preview-faults")?.remove();
    if (!faults.length) return;
    const box = document.createElement("section");
    box.id = "preview-faults";
    box.setAttribute("role", "alert");
    const add = (to, tag, text, name) => {
      const part = document.createElement(tag);
      part.textContent = text;
      if (name) part.className = name;
      to.append(part);
      return part;
    };
    add(box, "h2", faults.length === 1 ? "1 fault; behind it stands the last good page" : `${faults.length} faults; behind them stands the last good page`);
    for (const fault of faults.slice(0, 20)) {
      const item = add(box, "article", "");
      add(item, "p", `${fault.path}:${fault.line}:${fault.column}`, "place");
      add(item, "p", fault.message, "message");
      const code = add(item, "pre", "");
      for (const [number, words] of fault.around) {
        const line = add(code, "span", `${String(number).padStart(4)} | ${words}\n`, number === fault.line ? "here" : "");
        if (number === fault.line) add(code, "span", `     | ${" ".repeat(Math.max(0, fault.column - 1))}^\n`, "here");
        line.dataset.line = number;
      }
      if (fault.hint) add(item, "p", fault.hint, "hint");
    }
    document.body.append(box);
  }

  const here = () => decodeURI(location.pathname).slice(1).replace(/(^|\/)$/, "$1index.html");
  const concerns = (changed) => changed.includes("*") || changed.includes(here());

  function connect() {
    const wire = new WebSocket(`ws://${location.host}/livereload`);
    let first = true;
    wire.onmessage = ({ data }) => {
      const news = JSON.parse(data);
      overlay(news.faults);
      if ((news.changed && concerns(news.changed)) || (first && connect.again)) swap();
      first = false;
    };
    wire.onclose = () => { connect.again = true; setTimeout(connect, 500); };
  }
  connect();
})();
