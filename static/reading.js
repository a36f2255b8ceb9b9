// What the page can do beyond being read: notes in the margin or from below, copying, figures to argue with.
// Without this script every note stands in the list at the end and every reference is a link to it.
"use strict";
(() => {
  // Run again, the script takes the place of its former run.
  dispatchEvent(new Event("reading"));
  const life = new AbortController();
  const { signal } = life;
  addEventListener("reading", () => life.abort(), { once: true });
  const on = (type, run, place = document) => place.addEventListener(type, run, { signal, capture: place === list });

  const root = document.documentElement;
  const main = document.querySelector("main");
  const text = document.querySelector("#text");
  const list = document.querySelector(".endnotes");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  // What copies comes when the page has been painted. Its words are no text of the page: that stays as it was written.
  const made = (id) => document.getElementById(id).content.cloneNode(true);
  const equip = () => {
    for (const tools of all("main [id] p.tools")) if (!tools.querySelector("[data-copy]")) tools.append(made("copies"));
    for (const group of all(GROUP)) gather(group);
  };
  requestAnimationFrame(() => setTimeout(equip));

  // A group of controls is one stop of the keyboard, the first that is shown; within it the arrows go on.
  const GROUP = ".endnotes > ol, .tools, .cells, .beside";
  const left = root.dir ? 1 : -1;
  const ARROWS = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: left, ArrowRight: -left };
  const controls = (group) => all(group.matches("ol") ? "li > details > summary, .more button" : "a, button", group);
  const visible = (part) => part.offsetParent;
  const gather = (group, stop) => {
    const row = controls(group);
    stop ||= row.find(visible) || row[0];
    for (const control of row) control.tabIndex = control === stop ? 0 : -1;
  };
  on("keydown", (event) => {
    const { key, target } = event;
    const group = !event.altKey && !event.ctrlKey && !event.metaKey && target.closest(GROUP);
    const step = ARROWS[key];
    const row = step && group ? controls(group).filter(visible) : [];
    const next = row.includes(target) && row[row.indexOf(target) + step];
    if (!next) return;
    event.preventDefault();
    gather(group, next);
    if (of(target)?.box.open && group.matches("ol")) turn(neighbour(of(target), step));
    else next.focus();
  });

  // A long list of sources is folded, until something in it is asked for.
  const folder = document.querySelector(".sources > details") ?? {};
  folder.open = false;

  // ---- notes ----

  const { abs, max, min, floor } = Math;
  const GAP = 4, LIFT = 76, FAR = 290;
  const REFERENCE = 'a[role="doc-noteref"]';
  const wide = matchMedia("screen and (min-width: 62em)");
  const notes = all(".endnotes > ol > li:not(.more)").map((item) => {
    // The note of a claim says the ids of all voices on it.
    item.dataset.note ||= item.id.slice(2);
    const box = item.firstElementChild;
    return { item, box, head: box.firstElementChild, voices: all(".voice", item), marks: [], refs: [], rise: 0 };
  });
  // Notes by their ids.
  const byId = new Map();
  for (const note of notes) for (const id of note.item.dataset.note.split(" ")) {
    byId.set(id, note);
    const ref = document.getElementById("r-" + id);
    if (ref) note.refs.push(ref);
  }
  const of = (place) => byId.get(place?.closest("li[data-note]")?.dataset.note.split(" ")[0]);
  const under = (mark) => mark.dataset.notes.split(" ");
  for (const mark of all("mark[data-notes]", text)) for (const note of new Set(under(mark).map((id) => byId.get(id)))) note?.marks.push(mark);
  // What the margin has besides: where sources are folded away, and what is to be known of a chart.
  const others = all(".endnotes .more, .beside").map((item) => {
    const chart = item.closest(".chart");
    return { item, chart, box: {}, marks: byId.get(item.dataset.notes?.split(" ")[0])?.marks || [], refs: [chart] };
  });
  // Where a note is looked at from: the passage of the voice that was opened, or its first.
  const place = ({ marks, refs, voice }) => marks.find((mark) => under(mark).includes(voice)) || marks[0] || refs[0] || text;
  const number = ({ refs }) => refs.find((ref) => ref?.href);
  // Where the focus returns to when a note closes.
  let opener = null;
  // The note that has come up from below.
  let sheet = null;
  // What leads from it to its neighbours.
  const leaf = made("turn").firstElementChild;
  let printing = false, due;

  // Sets each note beside its passage: a little above it where that makes room, and below the note before it. None
  // overlaps, and the text never moves. Where one would still be far off, those before it say no more than their results.
  function arrange() {
    if (!list || !wide.matches) return;
    const origin = main.getBoundingClientRect().top;
    const ceiling = text.getBoundingClientRect().top - origin;
    // In the order of the numbers; what stands elsewhere than at its number's place is put where it belongs.
    let last = 0;
    const row = [...notes, ...others].filter(({ item }) => item.offsetHeight);
    const open = row.find(({ box }) => box.open);
    for (const note of row) {
      note.top = place(note).getClientRects()[0].top - origin;
      note.order = !note.head || (note.marks[0] && place(note) !== note.marks[0]) ? note.top : last = max(last, note.top);
      if (!open) note.item.classList.remove("brief");
    }
    row.sort((a, b) => a.order - b.order);
    // A note opened from the text stands beside its passage, even if those before it must move up; any other stays.
    row.forEach((note, place) => {
      note.least = opener && place < row.indexOf(open) ? 0 : note.top - (note.chart ? 0 : note !== open ? LIFT : opener ? 0 : note.rise);
    });
    const fill = () => {
      let free = ceiling, first;
      for (const note of row) {
        note.at = max(note.least, free);
        note.first = note.at > free ? first = note : first;
        note.height = note.item.offsetHeight;
        free = note.at + note.height + GAP;
      }
    };
    fill();
    if (!open) row.forEach((note, place) => {
      while (note.at > note.top + FAR) {
        // The nearest of those it stands below; verdicts first, which without their gist say more than a number does.
        const nearest = (kind) => row.slice(0, place).findLast(({ item, first }) => first === note.first && item.matches(kind + ":not(.brief)"));
        const { item } = nearest(".counter") || nearest(".figure") || {};
        if (!item) break;
        item.classList.add("brief");
        fill();
      }
    });
    let free = Infinity, end;
    for (const note of row.reverse()) {
      free = max(note.at, min(note.top, free - note.height - GAP));
      end ||= free + note.height;
      note.rise = note.top - free;
      note.item.style.top = free - (note.chart ? note.top : 0) + "px";
    }
    text.style.setProperty("--end", end - ceiling + "px");
  }

  function adapt() {
    if (printing) return;
    if (sheet) lower();
    for (const note of notes) {
      note.box.open = false;
      unfold(note);
    }
    arrange();
  }

  // Of several voices on a claim the one that is asked for is unfolded.
  function unfold(note, id) {
    note.voice = id;
    if (note.voices[1]) for (const voice of note.voices) voice.open = voice.id === "n-" + id;
  }

  function open(note, from, id) {
    opener = from;
    unfold(note, id);
    if (!wide.matches) return raise(note);
    note.box.open = true;
    settle(note);
    note.head.focus({ preventScroll: true });
    note.item.scrollIntoView({ block: "nearest" });
  }

  // The next note, or the one before; it opens as if its number had been chosen.
  function neighbour(note, step) {
    const row = notes.filter(({ item }) => visible(item) || item === note.item);
    return row[row.indexOf(note) + +step];
  }
  const turn = (note) => note && open(note, number(note));

  const outline = ({ box, marks }) => { for (const mark of marks) mark.classList.toggle("open", box.open); };

  // One note is open in the margin at a time, so that each can stand beside its passage.
  function settle(note) {
    for (const other of notes) {
      if (note.box.open) other.box.open = other === note;
      outline(other);
    }
    // Last, where two notes are of the same words.
    outline(note);
    arrange();
  }

  // The same list item, lifted into the top layer: nothing is copied, no id is doubled.
  function raise(note) {
    if (sheet) lower();
    sheet = note;
    note.box.open = true;
    note.item.popover = "manual";
    note.item.showPopover();
    for (const button of leaf.children) button.disabled = !neighbour(note, button.value);
    note.item.append(leaf);
    note.item.scrollTop = 0;
    outline(note);
    note.head.focus({ preventScroll: true });
    const [from, to] = [place(note), opener || place(note)].map((part) => part.getClientRects()[0]);
    const covered = to.bottom + 24 - (innerHeight - note.item.offsetHeight);
    if (place(note) !== text) scrollBy(0, min(max(covered, 0), from.top - 8));
  }

  function lower() {
    const note = sheet;
    sheet = null;
    leaf.remove();
    note.item.hidePopover();
    note.item.removeAttribute("popover");
    note.box.open = false;
    outline(note);
  }

  function close(note) {
    if (note === sheet) lower();
    else {
      note.box.open = false;
      settle(note);
    }
    (opener || number(note) || note.head).focus();
    opener = null;
  }

  function light(place, on) {
    if (!place) return;
    for (const id of (place.dataset.notes || place.dataset.note || place.id.slice(2)).split(" ")) {
      const note = byId.get(id);
      if (note) for (const part of [note.item, ...note.refs, ...note.marks]) part.classList.toggle("lit", on);
    }
  }

  // An address that names a note opens it, even where its kind is switched off. Letters are encoded in an address, and
  // an id that a note had before stands within it.
  function arrive() {
    const place = document.getElementById(new URLSearchParams("=" + location.hash.slice(1)).get(""));
    if (place?.matches(".loose li")) place.firstElementChild.open = true;
    if (place?.matches(".sources li") && !visible(place)) {
      folder.open = true;
      place.scrollIntoView();
    }
    const note = place?.id.startsWith("n-") && of(place);
    if (!note) return;
    unfold(note, (place.closest(".voice") || note.item).id.slice(2));
    const filter = document.getElementById("show-" + note.item.classList[0]);
    if (filter) filter.checked = true;
    opener = number(note);
    note.box.open = true;
    settle(note);
    note.item.scrollIntoView({ block: wide.matches ? "center" : "start" });
  }

  if (list) {
    adapt();
    arrive();
    requestAnimationFrame(() => list.classList.add("still"));
    on("change", adapt, wide);
    on("hashchange", arrive, window);
    const sizes = new ResizeObserver(arrange);
    sizes.observe(main);
    signal.addEventListener("abort", () => sizes.disconnect());
    on("click", (event) => {
      const head = event.target.closest("summary");
      const note = of(head);
      if (head !== note?.head || !(sheet || wide.matches)) return;
      event.preventDefault();
      if (note.box.open) close(note);
      else open(note, null);
    }, list);
    // Found by the browser's own search, or opened by a link into it.
    on("toggle", (event) => {
      const note = of(event.target);
      if (note?.box === event.target && wide.matches && note.box.open && !printing) settle(note);
      else {
        // Once for all that changes in a frame.
        cancelAnimationFrame(due);
        due = requestAnimationFrame(arrange);
      }
    }, list);
    for (const type of ["pointerover", "pointerout", "focusin", "focusout"])
      on(type, ({ target }) => light(target.closest(`[data-notes], [data-note], ${REFERENCE}`), !type.endsWith("out")));
    // The keyboard that goes on from a note comes back to where it was opened.
    on("focusin", ({ target, relatedTarget }) => {
      const note = sheet || (opener && notes.find(({ box, item }) => box.open && item.contains(relatedTarget)));
      if (note && !note.item.contains(target) && target.matches(":focus-visible")) close(note);
    });
    on("keydown", (event) => {
      const note = event.key === "Escape" && (sheet || notes.find(({ box }) => wide.matches && box.open));
      if (note) close(note);
    });
  }

  // Paper has no folds.
  let folded = [];
  const fold = (open) => { for (const details of folded) details.open = open; };
  onbeforeprint = () => {
    if (sheet) lower();
    folded = all("details:not([open])");
    fold(printing = true);
    // The margin of a sheet has what that of the page says at rest: floats beside the numbers.
    for (const note of [...notes, ...others]) {
      const copy = note.item.cloneNode(true);
      copy.className += " printing";
      // None stands in a table.
      (note.chart?.firstElementChild || number(note)?.closest("table") || number(note))?.before(copy);
    }
  };
  onafterprint = () => {
    fold(printing = false);
    for (const copy of all(".printing")) copy.remove();
  };

  on("change", () => {
    arrange();
    equip();
  });

  on("click", (event) => {
    const { target } = event;
    if (target.closest('a[href^="#source-"]')) folder.open = true;
    if (leaf.contains(target)) return turn(neighbour(sheet, target.value));
    const link = target.closest('#text a[href^="#n-"]');
    // A passage opens what came out there: a claim before a figure, and both before all else.
    const mark = !target.closest("a, button, summary") && getSelection().isCollapsed && target.closest("#text mark");
    const ids = mark ? under(mark).filter((id) => byId.get(id)?.item.offsetHeight) : link ? [decodeURIComponent(link.hash.slice(3))] : [];
    const id = [".counter", ".figure", "li"].map((kind) => ids.find((each) => byId.get(each)?.item.matches(kind))).find(Boolean);
    const note = byId.get(id);
    if (note && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      if ((note === sheet || (wide.matches && note.box.open)) && (mark || !note.voices[1] || note.voice === id)) close(note);
      else open(note, link, id);
    } else if (sheet && (!sheet.item.contains(target) || target.closest('a[href^="#"]'))) lower();
    const more = target.closest(".more");
    if (more) {
      more.hidden = true;
      for (const id of under(more)) delete byId.get(id).item.dataset.folded;
      arrange();
      byId.get(under(more)[0]).head.focus();
    }
    const copier = target.closest("[data-copy]");
    if (copier) copy(copier);
  });

  // ---- copying ----

  function copy(button) {
    const place = button.closest(".voice, li[id], figure[id], tr[id]");
    const canonical = document.querySelector("link[rel=canonical]");
    const address = (canonical || location).href.replace(/#.*/, "") + (place ? "#" + encodeURI(place.id) : "");
    let words = address;
    if (button.dataset.copy === "quotation") {
      const note = place.closest("li[data-note]");
      const parts = note ? [...(note === place ? note.querySelector(".inside") : place).children] : all(".pill, td > a, .why, [data-quote], .reference, .finding, .what", place);
      words = parts.filter((part) => !part.matches(".tools, .argue, svg"))
        .map((part) => part.textContent.replace(/\s+/g, " ").trim()).concat(document.title, address).join("\n");
    } else if (button.dataset.text) words = button.dataset.text;
    const said = button.dataset.said ||= button.ariaLabel;
    const done = () => {
      button.ariaLabel = main.dataset.copied;
      setTimeout(() => { button.ariaLabel = said; }, 1500);
    };
    if (navigator.clipboard) return navigator.clipboard.writeText(words).then(done, () => {});
    const field = document.createElement("textarea");
    field.value = words;
    button.after(field);
    field.select();
    if (document.execCommand("copy")) done();
    field.remove();
    button.focus();
  }

  // ---- figures: the same programs, the same points and the same printing as the build ----

  const data = document.getElementById("figures");
  if (!data) return;
  // Any name may be an author's, those that every object has included (`constructor`): records know their own only.
  const record = (names) => ({ __proto__: null, ...names });
  const own = (_, value) => (value instanceof Object && !Array.isArray(value) ? record(value) : value);
  const { quantities, figures, print, words } = JSON.parse(data.textContent, own);
  // All that a slider sets.
  for (const name in quantities) quantities[name].digits = 15;
  const moved = record();
  // What the build printed.
  const first = new Map();

    const STEPS = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "**": (a, b) => a ** b,
    neg: (a) => -a,
    round: (a, p) => Math.sign(a) * (floor(abs(a)) + (abs(a) - floor(abs(a)) - .5 >= -p)),
  };
  for (const name of ["min", "max", "abs", "sqrt", "exp", "log", "log2", "log10"]) STEPS[name] = Math[name];

  // How far a result may be off since it is a binary fraction: derived in randnotiz/formulas/programs.py.
  const U = 2 ** -52;
  const sum = (r, x, y, p, q) => p + q + U * abs(r);
  const logarithm = (r, x, p) => 2 * (p / x + U * abs(r));
  const BOUNDS = {
    "+": sum,
    "-": sum,
    "*": (r, x, y, p, q) => p * abs(y) + q * abs(x) + p * q + U * abs(r),
    "/": (r, x, y, p, q) => (p + q * abs(r)) / (abs(y) - q) + U * abs(r),
    "**": (r, x, y, p, q) => (x && r ? 2 * abs(r) * (p * abs(y / x) + q * abs(Math.log(abs(x))) + U) : 0),
    neg: (r, x, p) => p,
    abs: (r, x, p) => p,
    round: () => 0,
    sqrt: (r, x, p) => (r ? p / r + U * r : 0),
    exp: (r, x, p) => 2 * r * (p + U),
    log: logarithm,
    log2: logarithm,
    log10: logarithm,
  };
  const given = (x) => [x, Number.isSafeInteger(x) ? 0 : U / 2 * abs(x)];

  // Each divisor as it was last: one of both signs is 0 somewhere between, where no point need lie.
  let signs;

  // A result and its bound. A step without a finite value makes the whole program NaN, since nothing but NaN comes of one.
  function run(program, point) {
    if (!Array.isArray(program)) return given(program);
    const [step, ...operands] = program;
    if (step === "q") return given(point[operands[0]]);
    const found = operands.map((operand) => run(operand, point));
    const xs = found.map(([x]) => x), ps = found.map(([, p]) => p);
    const r = STEPS[step](...(step === "round" ? found[0] : xs));
    const sign = step === "/" ? xs[1] : step === "**" && xs[1] < 0 && xs[0];
    if (![r, ...xs].every(Number.isFinite) || signs.get(program) * sign < 0) return [NaN, 0];
    signs.set(program, sign);
    const bound = step in BOUNDS ? BOUNDS[step](r, ...xs, ...ps) : max(...found.map(([x, p]) => (abs(x - r) <= p ? p : 0)));
    if (abs(r) <= bound) return [0, 0];
    return "+-*".includes(step) && !ps.some(Boolean) && Number.isSafeInteger(r) ? [r, 0] : [r, bound];
  }

  // The shortest decimal within the bound.
  function settled([x, bound]) {
    for (let digits = 1; bound && digits < 17; digits ++) {
      const short = +x.toPrecision(digits);
      if (abs(short - x) <= bound) return short;
    }
    return x;
  }

    const GRID = [0, 0, 9, 5, 5, 3, 3, 3, 2];
  const near = ([low, , high], x) => (abs(x) <= 2 * U * max(abs(low), abs(high)) && low < x && x < high ? 0 : x);
  const axis = (ends, count) => Array.from({ length: count }, (_, step) => {
    const share = step / (count - 1);
    return near(ends, ends[0] * (1 - share) + ends[2] * share);
  });

  // Lowest, best and highest result, or nothing where a point has none.
  function range({ program, inputs, at = [] }) {
    const ends = {}, best = {};
    signs = new Map();
    for (const name of inputs) {
      ends[name] = name in moved ? [moved[name], moved[name], moved[name]] : quantities[name].range;
      best[name] = ends[name][1];
    }
    const uncertain = inputs.filter((name) => ends[name][0] !== ends[name][2]);
    const points = [best];
    for (const name of uncertain) for (const value of axis(ends[name], 33)) points.push({ ...best, [name]: value });
    if (uncertain.length > 1) {
      let grid = [best];
      for (const name of uncertain) {
        const values = axis(ends[name], GRID[uncertain.length]);
        grid = grid.flatMap((point) => values.map((value) => ({ ...point, [name]: value })));
      }
      points.push(...grid);
    }
    for (const point of at) points.push({ ...point, ...moved });
    const ran = (point) => [...run(program, point), point];
    const found = points.map(ran);
    const middle = found[0];
    // From the lowest and the highest of them on, by ever smaller steps.
    const end = (best, sign) => {
      for (let step = .125, idle = 0, round = 0; uncertain[0] && idle < 24 && round < 400; round ++) {
        const tried = uncertain.flatMap((name) => [-step, step].map((by) => {
          const [low, , high] = ends[name];
          return ran({ ...best[2], [name]: near(ends[name], max(low, min(high, best[2][name] + by * (high - low)))) });
        }));
        const next = tried.reduce((a, b) => (sign * b[0] < sign * a[0] || !Number.isFinite(b[0]) ? b : a));
        if (!Number.isFinite(next[0])) return next;
        if (sign * next[0] < sign * best[0]) [best, idle] = [next, 0];
        else [step, idle] = [step / 2, idle + 1];
      }
      return best;
    };
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const values = [end(found[0], 1), middle, end(found.at(-1), -1)];
    return [...found, ...values].every(([x]) => Number.isFinite(x)) ? values.map(settled) : null;
  }

  // Digits, rounding and spelling of numbers as in randnotiz/language/number_format.py.
  function plain(digits, point) {
    if (point <= 0) return "0" + print.decimal + "0".repeat(-point) + digits;
    let whole = digits.slice(0, point).padEnd(point, "0");
    const rest = digits.slice(point);
    if (point >= print.groupedFrom) {
      const [last, others] = print.groups;
      const parts = [whole.slice(-last)];
      for (whole = whole.slice(0, -last); whole; whole = whole.slice(0, -others)) parts.unshift(whole.slice(-others));
      whole = parts.join(print.group);
    }
    return rest ? whole + print.decimal + rest : whole;
  }

  function spelled(x, count, scales = print.scales) {
    const [mantissa, power = 0] = String(abs(x)).split("e");
    const [whole, rest = ""] = mantissa.split(".");
    let digits = (whole + rest).replace(/^0+/, "");
    let point = digits.length - rest.length + +power;
    if (digits.length > count) {
      digits = String(+digits.slice(0, count) + (digits[count] >= "5")).padStart(count, "0");
      point += digits.length > count;
    }
    digits = digits.replace(/0+$/, "");
    if (!digits) return { minus: "", digits: "0", scale: "" };
    const minus = x < 0 ? print.minus : "";
    if (point < print.leastPlain || point > print.mostPlain) {
      const raised = [...String(point - 1)].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("");
      const front = digits[0] + (digits.length > 1 ? print.decimal + digits.slice(1) : "");
      return { minus, digits: front + print.times + "10" + raised, scale: "" };
    }
    let scale = scales.find(({ least }) => point > least);
    if (!scale || digits.length - point + scale.power > print.mostDecimals) scale = { power: 0, word: "" };
    return { minus, digits: plain(digits, point - scale.power), scale: scale.word };
  }

  // As in randnotiz/language/amounts.py.
  function amount([low, best, high], { unit, digits }) {
    const { before, one, other, others } = print.units[unit];
    // As Locale._form has it.
    const form = (text) => text.includes(print.decimal) ? "part" : new Intl.PluralRules(root.lang).select(text.replaceAll(print.group, ""));
    const [a, b] = (low === high ? [best, best] : [low, high]).map((x) => spelled(x, digits));
    const last = b.scale ? other : b.digits === "1" ? one : others?.[form(b.digits)] ?? other;
    const whole = b.minus + before + b.digits + b.scale + last;
    if (a.minus + a.digits + a.scale === b.minus + b.digits + b.scale) return whole;
    return a.minus + before + a.digits + (a.scale === b.scale && !before ? "" : a.scale) + print.joints.prose + whole;
  }

  // As in randnotiz/formulas/ranges.py.
  function verdict([low, , high], { stated: [least, most], tolerances, points }) {
    const [ours, theirs, [share, rounding]] = low > most ? [low, most, tolerances[1]] : [high, least, tolerances[0]];
    const meets = (by) => low <= most + abs(most) * (by + 1e-9) && high >= least - abs(least) * (by + 1e-9);
    const fill = (words, name, x, count) => words.replace(name, spelled(x, count, []).digits);
    if (meets(0)) return [true, words.agrees];
    if (meets(rounding)) return [true, words.rounded];
    if (meets(share)) return [true, fill(words.within, "{tolerance}", share * 100, 3)];
    if (points || ours * theirs <= 0) return [false, words.only];
    return [false, fill(words.factor, "{factor}", max(ours / theirs, theirs / ours), 2)];
  }

  function say(place, said) {
    if (!first.has(place)) first.set(place, place.textContent);
    const was = first.get(place);
    place.textContent = said ?? was;
    place.classList.toggle("moved", place.textContent !== was);
  }

  const part = (value, name) => (name ? Array(3).fill(value[["low", "best", "high"].indexOf(name)]) : value);

  function draw(picture, name, value) {
    const figure = figures[name];
    const said = figure.stated || [];
    const ends = [...figure.range, ...value, ...said];
    const low = min(...ends), high = max(...ends);
    const at = (x) => 8 + 284 * (x - low) / (high - low);
    const set = (selector, attributes) => {
      const shape = picture.querySelector(selector);
      if (shape) for (const key in attributes) shape.setAttribute(key, attributes[key]);
    };
    set(".span", { x: at(value[0]), width: at(value[2]) - at(value[0]) });
    set(".best", { cx: at(value[1]) });
    if (figure.stated) {
      set("rect.said", { x: at(said[0]), width: at(said[1]) - at(said[0]) });
      set("path.said", { transform: `translate(${at((said[0] + said[1]) / 2)} 8)` });
    }
    all("text", picture).forEach((label, end) => { label.textContent = amount(Array(3).fill(end ? high : low), figure); });
  }

  function reckon() {
    const changed = record();
    for (const name in moved) changed[name] = Array(3).fill(moved[name]);
    for (const name in figures) if (figures[name].inputs.some((input) => input in moved)) changed[name] = range(figures[name]);
    for (const place of all("[data-figure]")) {
      const name = place.dataset.figure;
      say(place, name in changed ? (changed[name] ? amount(part(changed[name], place.dataset.part), figures[name] || quantities[name]) : words.none) : null);
    }
    for (const place of all("[data-verdict]")) {
      const name = place.dataset.verdict;
      const [agrees, said] = verdict(changed[name] || figures[name].range, figures[name]);
      say(place, changed[name] && said);
      place.className = (agrees ? "agrees" : "differs") + (place.classList.contains("moved") ? " moved" : "");
      const { classList } = place.closest("li");
      if (classList.contains(agrees ? "off" : "fits")) classList.replace(...(agrees ? ["off", "fits"] : ["fits", "off"]));
    }
    for (const picture of all("[data-picture]")) {
      const name = picture.dataset.picture;
      draw(picture, name, changed[name] || figures[name].range);
      picture.closest("li").classList.toggle("argued-figure", name in changed);
    }
    for (const output of all("[data-value]")) {
      const name = output.dataset.value;
      say(output, changed[name] && amount(changed[name], quantities[name]));
    }
    for (const slider of all("[data-input]")) {
      const name = slider.dataset.input;
      const value = changed[name] || quantities[name].range;
      slider.value = value[1];
      slider.ariaValueText = amount(value, quantities[name]);
    }
    document.getElementById("argued").hidden = !Object.keys(moved).length;
    arrange();
  }

  on("input", ({ target }) => {
    if (!target.dataset.input) return;
    moved[target.dataset.input] = +target.value;
    reckon();
  });
  on("click", ({ target }) => {
    if (!("reset" in target.dataset)) return;
    const names = target.dataset.reset ? figures[target.dataset.reset].inputs : Object.keys(moved);
    for (const name of names) delete moved[name];
    reckon();
  });
})();
