"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  root.dataset.view = "story";

  const SPEAKER = 0, LISTENERS = 1, PERCENT = 2, REASON = 3, KIND = 4, OTHERS = 5;
  const VERBS = { s: "says", t: "thinks", w: "writes" };
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  let data, story, tip;

  /* ---- Small parts of the page, always as text, never as markup. ---- */

  function element(name, text = "", style = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = style;
    return made;
  }

  function person(id) {
    const [name, style] = data.people[id];
    return element("b", name, style);
  }

  function join(nodes, word) {
    return nodes.flatMap((node, i) => (i === 0 ? [node] : [i === nodes.length - 1 ? ` ${word} ` : ", ", node]));
  }

  /* ---- What a mention or a line means. ---- */

  function aboutMention(mention) {
    const row = element("p");
    const ids = mention.dataset.e.split(" ").filter(Boolean).map(Number);
    if (!ids.length) row.append("Undecided whom this means");
    else row.append(...join(ids.map(person), "and"));
    if (mention.dataset.c) row.append(element("small", `a guess, ${mention.dataset.c} sure`));
    else if (ids.length === 1) row.append(element("small", nature(ids[0])));
    return row;
  }

  function nature(id) {
    const [, , pronouns, kind] = data.people[id];
    return pronouns || (kind === "person" ? "" : kind);
  }

  function aboutLine(id) {
    const line = data.quotes[id];
    const row = element("p");
    const chance = ([who, percent]) => `${data.people[who][0]} ${percent}%`;
    if (!isLine(line)) row.append(line[KIND] === "o" ? "Nobody says this" : "Written; nobody is named");
    else if (line[SPEAKER] < 0) row.append(element("b", "Undecided who speaks", "u"));
    else row.append(person(line[SPEAKER]), ` ${VERBS[line[KIND]]}`);
    if (line[LISTENERS].length) row.append(" to ", ...join(line[LISTENERS].map(person), "and"));
    if (!isLine(line)) return row;
    const sure = line[SPEAKER] < 0 ? "" : `${line[PERCENT]}% sure: `;
    row.append(element("small", sure + data.why[line[REASON]]));
    if (line[OTHERS].length) row.append(element("small", `or ${line[OTHERS].map(chance).join(", ")}`));
    return row;
  }

  /* ---- The note that shows it. ---- */

  let shownFor = null, same = [], leaving = 0;

  function show(target) {
    clearTimeout(leaving);
    if (target === shownFor) return;
    hide();
    const mention = target.closest("[data-e]"), line = target.closest("[data-q]");
    if (!mention && !line) return;
    tip.replaceChildren(...(mention ? [aboutMention(mention)] : []), ...(line ? [aboutLine(line.dataset.q)] : []));
    tip.hidden = false;
    place(target.getClientRects()[0]);
    target.setAttribute("aria-describedby", "tip");
    shownFor = target;
    if (mention && mention.dataset.e) light(mention);
  }

  function place(box) {
    if (!box) return;
    const width = tip.offsetWidth, height = tip.offsetHeight;
    const left = Math.max(8, Math.min(box.left, root.clientWidth - width - 8));
    const below = box.bottom + 8 + height < innerHeight;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 8 : box.top - height - 8) + scrollY}px`;
  }

  function light(mention) {
    same = all(`[data-e="${mention.dataset.e}"]`, mention.closest(".part"));
    same.forEach((each) => each.classList.add("same"));
  }

  function hide() {
    if (shownFor) shownFor.removeAttribute("aria-describedby");
    same.forEach((each) => each.classList.remove("same"));
    shownFor = null;
    same = [];
    tip.hidden = true;
  }

  /* Where the pointer was: what only scrolls under a resting pointer is not pointed at. */
  const pointer = { x: -1, y: -1 };

  function move(event) {
    pointer.x = event.clientX;
    pointer.y = event.clientY;
  }

  function hover(event) {
    if (event.clientX === pointer.x && event.clientY === pointer.y) return;
    const target = event.target.closest("[data-e], [data-q]");
    if (target && story.contains(target)) show(target);
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (shownFor && shownFor !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 200);
    }
  }

  /* ---- Walking through mentions and lines by keyboard: one stop for Tab, however long the story. ---- */

  function step(selector, direction) {
    const from = document.activeElement.closest(".part") ? document.activeElement : firstInView();
    if (!from) return;
    const first = (items) => (direction > 0 ? items[0] : items[items.length - 1]);
    const ahead = direction > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const fresh = (item) => item === from && from !== document.activeElement;
    const part = from.closest(".part");
    let target = first(all(selector, part).filter((item) => fresh(item) || from.compareDocumentPosition(item) & ahead));
    const parts = target ? [] : all(".part", story);
    for (let i = parts.indexOf(part) + direction; !target && parts[i]; i += direction) {
      target = first(all(selector, parts[i]));
    }
    if (target) goTo(target, "nearest");
  }

  function firstInView() {
    const part = all(".part", story).find((each) => each.getBoundingClientRect().bottom > 60);
    if (!part) return null;
    return all("[data-e], [data-q]", part).find((each) => each.getBoundingClientRect().top > 60) || part.lastElementChild;
  }

  function goTo(target, block) {
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    show(target);
    bring(target, block);
  }

  let bringing = 0;

  /* Parts out of sight have a guessed height until they are near, so the way is corrected for some frames. */
  function bring(target, block, frames = 6) {
    cancelAnimationFrame(bringing);
    target.scrollIntoView({ block });
    if (target === shownFor) place(target.getClientRects()[0]);
    if (frames) bringing = requestAnimationFrame(() => bring(target, block, frames - 1));
  }

  const KEYS = {
    j: () => step("[data-e]", 1), ArrowRight: () => step("[data-e]", 1),
    k: () => step("[data-e]", -1), ArrowLeft: () => step("[data-e]", -1),
    n: () => step("[data-q]", 1), p: () => step("[data-q]", -1),
    Enter: () => only(whoIs(document.activeElement)),
  };

  function key(event) {
    if (event.key === "Escape") return escape();
    if (event.ctrlKey || event.metaKey || event.altKey || !story.contains(event.target)) return;
    if (!KEYS[event.key] || event.target.closest("summary, a, button")) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  function escape() {
    all(".bar details[open]").forEach((each) => (each.open = false));
    if (!tip.hidden) hide();
    else only(null);
  }

  function whoIs(target) {
    const mention = target.closest("[data-e]"), line = target.closest("[data-q]");
    if (mention && mention.dataset.e) return Number(mention.dataset.e.split(" ")[0]);
    return line && data.quotes[line.dataset.q][SPEAKER] >= 0 ? data.quotes[line.dataset.q][SPEAKER] : null;
  }

  /* ---- Only what one person says. ---- */

  let chosen = null, anchors = [], at = -1;

  function only(id) {
    if (id === chosen) id = null;
    all(".on, .has", story).forEach((each) => each.classList.remove("on", "has"));
    all("[data-only]").forEach((each) => each.setAttribute("aria-pressed", Number(each.dataset.only) === id));
    chosen = id;
    root.classList.toggle("filtered", id !== null);
    $("#filter").hidden = id === null;
    if (id === null) return fold(false);
    const lines = all("[data-q]", story).filter((line) => isLineOf(line, id));
    anchors = lines.filter((line) => line.id);
    at = -1;
    for (const line of lines) {
      line.classList.add("on");
      line.closest(".part > *").classList.add("has");
    }
    name(id);
  }

  function isLine(quote) {
    return quote[KIND] !== "o" && (quote[KIND] !== "w" || quote[SPEAKER] >= 0);
  }

  function isLineOf(line, id) {
    const quote = data.quotes[line.dataset.q];
    return quote[SPEAKER] === id && isLine(quote);
  }

  function name(id) {
    const label = $("#filter b");
    label.textContent = data.people[id][0];
    label.className = data.people[id][1];
    count();
  }

  function count() {
    const total = anchors.length;
    $("#filter span").textContent = at < 0 ? `${total} ${total === 1 ? "line" : "lines"}` : `${at + 1} of ${total}`;
  }

  function walk(direction) {
    if (!anchors.length) return;
    if (at < 0) at = nearest() - (direction > 0 ? 1 : 0);
    at = (at + direction + anchors.length) % anchors.length;
    view("story");
    goTo(anchors[at], "center");
    count();
  }

  function nearest() {
    const here = firstInView();
    const ahead = (line) => here === line || here.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING;
    return here ? Math.max(0, anchors.findIndex(ahead)) : 0;
  }

  function fold(folded) {
    if (root.classList.contains("fold") === folded) return;
    const here = anchors[at] || firstInView();
    hide();
    root.classList.toggle("fold", folded);
    $("[data-fold]").setAttribute("aria-pressed", folded);
    if (here) bring(here, "center");
  }

  /* ---- Views, links, theme. ---- */

  const wide = matchMedia("(min-width: 861px)");
  let storyAt = 0;

  function view(name) {
    if (root.dataset.view === name) return;
    if (root.dataset.view === "story") storyAt = scrollY;
    root.dataset.view = name;
    if (name !== "story") all(".panel").forEach((each) => each.classList.toggle("open", each.dataset.panel === name));
    markTab();
    hide();
    if (!wide.matches) scrollTo(0, name === "story" ? storyAt : 0);
    else if (name !== "story") $(".side").scrollTop = 0;
  }

  function markTab() {
    const open = wide.matches ? $(".panel.open").dataset.panel : root.dataset.view;
    for (const tab of all(".tabs a")) {
      if (tab.dataset.view === open) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  function follow(link) {
    const anchor = link.getAttribute("href");
    const target = document.getElementById(anchor.slice(1));
    if (!target) return;
    if (target.matches(".panel")) return view(target.dataset.panel);
    if (target.closest(".panel")) {
      view(target.closest(".panel").dataset.panel);
      const folded = target.closest("details");
      if (folded) folded.open = true;
      target.scrollIntoView({ block: "nearest" });
    } else {
      view("story");
      history.replaceState(null, "", anchor);
      if (target.closest(".part")) arrive(target);
      else if (link.dataset.view !== "story") bring(target, "start");
    }
  }

  function arrive(place) {
    goTo(place, "center");
    place.classList.remove("flash");
    void place.offsetWidth;
    place.classList.add("flash");
  }

  function click(event) {
    const { target } = event;
    const menu = target.closest(".bar details");
    all(".bar details[open]").forEach((each) => (each.open = each === menu && !target.closest("a")));
    const link = target.closest('a[href^="#"]');
    const button = target.closest("button");
    if (link) {
      event.preventDefault();
      follow(link);
    } else if (button) press(button);
    else if (story.contains(target) && target.closest("[data-e], [data-q]")) show(target.closest("[data-e], [data-q]"));
    else if (!tip.contains(target)) hide();
  }

  function press(button) {
    if (button.id === "theme") turn();
    if (button.dataset.only) only(Number(button.dataset.only));
    if (button.dataset.step) walk(Number(button.dataset.step));
    if ("fold" in button.dataset) fold(!root.classList.contains("fold"));
    if ("clear" in button.dataset) only(null);
  }

  function turn() {
    const dark = $("#dark");
    dark.media = matchMedia(dark.media).matches ? "not all" : "screen";
  }

  /* ---- The picture: one person's arcs. ---- */

  function aim(event) {
    const node = event.target.closest && event.target.closest(".node");
    const picture = $(".talk");
    if (!picture) return;
    picture.classList.toggle("aim", Boolean(node));
    if (!node) return;
    const id = node.dataset.node;
    const known = new Set([id]);
    for (const arc of all(".arc", picture)) {
      const pair = arc.dataset.arc.split(" ");
      arc.classList.toggle("on", pair.includes(id));
      if (pair.includes(id)) pair.forEach((each) => known.add(each));
    }
    for (const each of all(".node", picture)) each.classList.toggle("on", known.has(each.dataset.node));
  }

  /* ---- Which chapter is on the screen. ---- */

  function watchChapters() {
    const links = new Map(all(".toc a").map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const link = entry.isIntersecting && links.get(entry.target.id);
        if (!link) continue;
        links.forEach((each) => each.removeAttribute("aria-current"));
        link.setAttribute("aria-current", "true");
        $("#here").textContent = link.textContent;
      }
    }, { rootMargin: "-20% 0px -75% 0px" });
    all(".chapter", story).forEach((chapter) => seen.observe(chapter));
  }

  document.addEventListener("DOMContentLoaded", () => {
    story = $("#story");
    tip = $("#tip");
    data = JSON.parse($("#data").textContent);
    $("#people").classList.add("open");
    markTab();
    wide.addEventListener("change", markTab);
    document.addEventListener("pointerover", hover);
    document.addEventListener("pointermove", move, { passive: true });
    document.addEventListener("click", click);
    document.addEventListener("keydown", key);
    for (const event of ["pointerover", "focusin"]) $("#talk").addEventListener(event, aim);
    watchChapters();
  });
})();
