/* The page of one story: it puts the parts together and passes on what one asks of another. */
import type { Change, Correction } from "./contract";
import { Chapters } from "./chapters";
import { CorrectionsPanel } from "./corrections_panel";
import type { Desk, Panel, Picked, View } from "./desk";
import { DoubtsPanel } from "./doubts_panel";
import { button, el, plural } from "./elements";
import { FilterBar } from "./filter_bar";
import { Keys, type Key } from "./keys";
import { Look } from "./look";
import { Connection, Notice } from "./notice";
import { Outbox } from "./outbox";
import { PeoplePanel } from "./people_panel";
import { PickedPanel } from "./picked_panel";
import { PicturesPanel } from "./pictures_panel";
import { Place } from "./place";
import { Reader } from "./reader";
import { SearchPanel } from "./search_panel";
import type { Server } from "./server";
import { offsets, rangeIn } from "./spans";
import { opened, Story, type News } from "./story";
import { themeButton } from "./theme";
import { Tip } from "./tip";
import { Walk } from "./walk";
import { markedWords, speech } from "./words_panel";

const TABS: [View, string][] = [["story", "Story"], ["line", "Line"], ["people", "People"], ["pictures", "Pictures"], ["doubts", "In doubt"]];
const NARROW = matchMedia("(max-width: 860px)");
/** On a narrow page the form covers what is below this share of the window. */
const COVERED = 0.4;

export class StoryPage implements Desk {
  readonly look: Look;
  readonly reader: Reader;
  readonly outbox: Outbox;
  private readonly main = el("main", { id: "story", tabindex: "0", "aria-label": "Story" });
  private readonly side = el("div", { class: "side" });
  private readonly tabs = el("nav", { class: "tabs", "aria-label": "Views" });
  private readonly live = el("p", { class: "unseen", role: "status" });
  private readonly panels: Record<Exclude<View, "story">, Panel>;
  private readonly picking: PickedPanel;
  private readonly search: SearchPanel;
  private readonly people: PeoplePanel;
  private readonly tip: Tip;
  private readonly walk: Walk;
  private readonly filter: FilterBar;
  private readonly notice: Notice;
  private readonly connection = new Connection();
  private readonly chapters: Chapters;
  private readonly place: Place;
  private readonly keys: Keys;
  private picked: Picked | null = null;
  private queued = false;
  private storyAt = 0;
  private readonly figures = el("p", { class: "figures" });
  private open: Exclude<View, "story"> = "people";

  private constructor(readonly story: Story, root: HTMLElement, readonly stop: AbortSignal) {
    this.look = new Look(story);
    this.reader = new Reader(story, this.look);
    this.outbox = new Outbox(story, (reason) => this.notice.tell(reason));
    this.notice = new Notice(this);
    this.filter = new FilterBar(this);
    this.tip = new Tip(story, this.main, stop);
    this.walk = new Walk(this, this.tip);
    this.picking = new PickedPanel(this, () => void this.nextDoubt());
    this.search = new SearchPanel(this);
    this.people = new PeoplePanel(this);
    this.panels = {
      line: this.picking, people: this.people, search: this.search, corrections: new CorrectionsPanel(this),
      pictures: new PicturesPanel(this, () => this.enlarge()), doubts: new DoubtsPanel(this, () => void this.nextDoubt()),
    };
    this.chapters = new Chapters(story, (block) => void this.goToBlock(block));
    this.place = new Place(this, this.chapters);
    this.keys = new Keys(this.keyTable(), (key) => this.picking.key(key), () => this.back(), stop);
    this.build(root);
    this.listen();
  }

  /** Waits until the server has the story, then shows it where it was left (or at `block`). */
  static async open(id: number, server: Server, root: HTMLElement, block: number | null, stop: AbortSignal): Promise<void> {
    const story = new Story(id, server);
    const waiting = el("p", { class: "waiting", role: "status" }, "Opening the story …");
    root.replaceChildren(waiting);
    await opened(story, (reason) => { waiting.textContent = reason; }, stop);
    if (stop.aborted) return;
    const page = new StoryPage(story, root, stop);
    await page.start(block);
  }

  private async start(block: number | null): Promise<void> {
    const { skeleton } = this.story;
    document.title = `${skeleton.title} – Personae`;
    const from = block ?? skeleton.position;
    if (skeleton.blocks) await this.story.need([from, from + 1]);
    this.reader.layout(Array.from({ length: skeleton.blocks }, (_, n) => n));
    document.documentElement.dataset.view = "story";
    if (from > 0) await this.goToBlock(from);
    else if (skeleton.blocks) await this.reader.reveal(0);
    await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
    this.view("people");
    if (NARROW.matches) this.view("story");
    this.place.start();
    if (this.outbox.size) await this.outbox.flush();
  }

  /* ---- Building. ---- */

  private build(root: HTMLElement): void {
    const { skeleton } = this.story;
    this.main.append(el("header", { class: "title" }, el("h1", {}, skeleton.title),
      skeleton.author ? el("p", { class: "byline" }, skeleton.author) : null, this.figures), this.reader.element);
    this.side.append(this.tabs, ...Object.values(this.panels).map((panel) => panel.element));
    root.replaceChildren(
      el("a", { class: "skip", href: "#story", onclick: (event: Event) => { event.preventDefault(); this.view("story", true); } }, "Skip to the story"),
      this.bar(), this.connection.element, el("div", { class: "page" }, this.chapters.rail, this.main, this.side),
      el("aside", { class: "foot", "aria-label": "What just happened" }, this.notice.element, this.filter.element), this.tip.element, this.live, this.keys.sheet);
    this.drawTabs();
  }

  private bar(): HTMLElement {
    return el("header", { class: "bar" },
      el("a", { class: "shelf-link", href: "#/", "aria-label": "All stories", title: "All stories" }, "‹"),
      el("span", { class: "book" }, this.story.skeleton.title), this.chapters.here, this.chapters.menu,
      button("Search", () => this.view("search", true), { class: "flat" }),
      button("↶", () => void this.undo(), { class: "icon roomy", "aria-label": "Undo", title: "Undo" }),
      button("↷", () => void this.redo(), { class: "icon roomy", "aria-label": "Do again", title: "Do again" }),
      this.menu(), button("?", () => this.keys.show(), { class: "icon", "aria-label": "Help and keys", title: "Help and keys" }), themeButton());
  }

  private menu(): HTMLElement {
    const menu = el("details", { class: "menu" }, el("summary", {}, "More"));
    const item = (label: string, run: () => void): HTMLElement => button(label, () => { menu.open = false; run(); }, { class: "flat" });
    menu.append(el("div", { class: "menu-items" },
      item("Corrections and saving", () => this.view("corrections", true)), item("Undo", () => void this.undo()), item("Do again", () => void this.redo()),
      item("I have read up to here", () => void this.place.readUpToHere()), item("I have read it all", () => void this.place.readAll()),
      item("Mark words as speech", () => this.markSpeech())));
    return menu;
  }

  private drawTabs(): void {
    const { lines, words } = this.story.skeleton;
    const spoken = lines.id.reduce((sum, _, i) => sum + Number(this.story.spoken(i)), 0);
    this.figures.textContent = `${plural(this.story.people().length, "person")} · ${plural(spoken, "line")} · ${plural(words, "word")}`;
    const now = NARROW.matches && document.documentElement.dataset.view === "story" ? "story" : this.open;
    const doubtful = this.story.skeleton.queue.length;
    this.tabs.replaceChildren(...TABS.map(([name, label]) => button([label, name === "doubts" && doubtful ? el("small", {}, ` ${doubtful}`) : null],
      () => this.view(name, name !== "story"), { class: `tab tab-${name}`, "data-view": name, "aria-current": name === now ? "true" : null })));
  }

  private listen(): void {
    const signal = this.stop;
    this.story.watch((news) => this.hear(news));
    signal.addEventListener("abort", this.story.server.watch((lost) => this.connected(lost)));
    this.main.addEventListener("click", (event) => this.click(event), { signal });
    document.addEventListener("click", (event) => this.closeMenus(event), { signal });
    NARROW.addEventListener("change", () => this.drawTabs(), { signal });
    this.reader.laidOut = () => this.place.mark();
    if (this.story.server.lost) this.connected(true);
  }

  private closeMenus(event: Event): void {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(".bar details[open]")) if (!menu.contains(event.target as Node)) menu.open = false;
  }

  /* ---- What happens. ---- */

  private hear(news: News): void {
    const had = this.look.changed;
    if (news.from === "correction") this.notice.add(news);
    if (news.from === "server") void this.reader.reload().catch(() => undefined);
    else if (news.all) this.reader.refreshAll();
    else this.reader.refresh(new Set([...news.blocks, ...this.blocksOf(had), ...this.blocksOf(this.look.changed)]));
    this.filter.update();
    this.drawTabs();
    this.place.mark();
    this.panels[this.open].update();
  }

  private blocksOf(lines: Iterable<number>): number[] {
    return [...lines].map((id) => this.story.blockOfLine(id)).filter((n): n is number => n !== undefined);
  }

  private connected(lost: boolean): void {
    this.connection.show(lost, this.outbox.size);
    if (!lost) void this.comeBack();
  }

  /** The server is there again: what was kept goes out, then everything is asked for anew, whatever its version says. */
  private async comeBack(): Promise<void> {
    const kept = this.outbox.size;
    await this.outbox.flush();
    for (let turn = 0; turn < 200 && !this.story.server.lost && !this.stop.aborted; turn++) {
      const done = await this.story.refresh().then(() => true, () => false);
      if (done) break;
      await new Promise((later) => setTimeout(later, 500));
    }
    if (kept && !this.outbox.size) this.say(`${plural(kept, "kept correction")} sent.`);
  }

  async correct(correction: Correction, said: string): Promise<void> {
    this.notice.begin(said, "line" in correction ? correction.line : null);
    const asked = this.queued && "line" in correction && this.picked?.kind === "line" && this.picked.id === correction.line;
    await this.outbox.push(correction);
    if (this.story.server.lost) {
      this.connection.show(true, this.outbox.size);
      this.notice.tell(`${said} Kept here until Personae is back.`);
    }
    if (asked) await this.nextDoubt(correction.op === "addressees" ? undefined : (correction as { line: number }).line);
    else if (this.picked?.kind === "mention" && correction.op === "mention") this.panels[this.open].update();
  }

  undo(): Promise<void> {
    if (this.outbox.takeBack()) {
      this.connection.show(this.story.server.lost, this.outbox.size);
      this.notice.tell("The last correction was taken back; it hadn’t been sent yet.");
      return this.story.refresh().catch(() => undefined);
    }
    return this.turn("undo", "Undone.");
  }

  redo(): Promise<void> {
    return this.turn("redo", "Done again.");
  }

  private async turn(way: "undo" | "redo", said: string): Promise<void> {
    if (!this.story.skeleton.corrections[way]) return this.say(way === "undo" ? "There is nothing to undo." : "There is nothing to do again.");
    this.notice.begin(said, null);
    try {
      await this.story.apply(await this.story.server.post<Change>(this.story.path(`/${way}`)));
    } catch (error) {
      this.notice.tell((error as Error).message);
    }
  }

  say(text: string): void {
    this.live.textContent = text;
  }

  /* ---- Views. ---- */

  view(name: View, focus = false): void {
    const root = document.documentElement, before = root.dataset.view;
    if (before === "story" || before === "line") this.storyAt = scrollY;
    if (root.classList.contains("wide-side") && name !== "pictures") this.enlarge();
    if (name === "story") root.dataset.view = "story";
    else {
      this.open = name;
      root.dataset.view = name;
      for (const [own, panel] of Object.entries(this.panels)) panel.element.classList.toggle("open", own === name);
      this.panels[name].update();
      this.side.scrollTop = 0;
    }
    this.drawTabs();
    if (NARROW.matches) this.scrollFor(name, before);
    if (focus) this.focusOn(name);
  }

  /** On a narrow page each view has the window for itself; the story is found where it was left. */
  private scrollFor(name: View, before: string | undefined): void {
    const reading = (view: string | undefined): boolean => view === "story" || view === "line";
    if (reading(name) && !reading(before)) scrollTo(0, this.storyAt);
    else if (!reading(name)) scrollTo(0, 0);
  }

  private focusOn(name: View): void {
    if (name === "search") return this.search.focus();
    const target = name === "story" ? this.main : this.tabs.querySelector<HTMLElement>(`[data-view="${name}"]`) ?? this.panels[name].element.querySelector<HTMLElement>("button, a");
    target?.focus({ preventScroll: true });
  }

  private enlarge(): void {
    const large = document.documentElement.classList.toggle("wide-side"), press = this.side.querySelector(".large");
    if (press) press.textContent = large ? "Beside the story" : "Large";
  }

  openPerson(person: number): void {
    this.view("people");
    this.people.open(person);
  }

  /* ---- Choosing and going. ---- */

  pick(picked: Picked | null): void {
    if (picked?.kind !== "line") this.queued = false;
    void this.choose(picked);
  }

  private async choose(picked: Picked | null): Promise<void> {
    const old = this.pickedBlock();
    this.tip.hide();
    this.picked = picked;
    this.look.picked = picked?.kind === "line" ? { line: picked.id } : picked?.kind === "mention" ? { mention: picked.id } : {};
    document.documentElement.classList.toggle("picking", picked !== null);
    this.reader.refresh([old, this.pickedBlock()].filter((n): n is number => n !== undefined));
    const shown = this.picking.show(picked, this.queued ? this.story.skeleton.queue.length : null);
    if (picked) this.view("line");
    else if (this.open === "line" && NARROW.matches) this.view("story");
    await shown.catch(() => undefined);
  }

  private pickedBlock(): number | undefined {
    if (!this.picked) return undefined;
    if (this.picked.kind === "line") return this.story.blockOfLine(this.picked.id);
    return this.picked.kind === "mention" ? this.story.mention(this.picked.id)?.block.n : undefined;
  }

  private click(event: MouseEvent): void {
    if (!getSelection()?.isCollapsed) return;
    const target = (event.target as Element).closest<HTMLElement>("[data-m], [data-q]");
    if (!target) { this.clickBeside(event.target as Element); return; }
    const { m, q } = target.dataset;
    this.pick(m ? { kind: "mention", id: Number(m) } : { kind: "line", id: Number(q) });
    const again = this.main.querySelector<HTMLElement>(m ? `[data-m="${m}"]` : `[data-q="${q}"]`);
    if (!again) return;
    again.tabIndex = -1;
    again.focus({ preventScroll: true });
    if (NARROW.matches && again.getBoundingClientRect().bottom > innerHeight * COVERED) this.reader.bring(again, "start");
  }

  /** A click on telling lets go of what was chosen, and puts the keyboard on the paragraph. */
  private clickBeside(clicked: Element): void {
    if (this.picked) this.pick(null);
    const block = clicked.closest<HTMLElement>("p[data-b]");
    if (!block || clicked.closest("details")) return;
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
  }

  /** Enter on what the keyboard is on. */
  private choosePlace(): void {
    const { line, mention } = this.walk.under();
    if (mention !== null) this.pick({ kind: "mention", id: mention });
    else if (line !== null) this.pick({ kind: "line", id: line });
  }

  /** The next doubtful line; `answered` is the one just done. */
  private async nextDoubt(answered?: number): Promise<void> {
    const { queue } = this.story.skeleton;
    const now = this.picked?.kind === "line" ? queue.indexOf(this.picked.id) : -1;
    const left = queue.filter((id) => id !== answered && !this.story.waiting.has(id));
    const next = answered !== undefined || now < 0 ? left[0] : left[(left.indexOf(queue[now]!) + 1) % left.length];
    if (next === undefined) {
      this.queued = false;
      this.pick(null);
      return this.notice.tell("No line is in doubt any more.");
    }
    this.queued = true;
    await this.goToLine(next);
    await this.choose({ kind: "line", id: next });
  }

  async goToBlock(block: number, start?: number, end?: number): Promise<void> {
    this.showStory();
    if (!this.reader.shows(block)) this.filter.choose(null);
    const element = await this.reader.reveal(block).catch(() => null);
    const own = this.story.block(block);
    if (!element || !own) return;
    this.reader.bring(element, start === undefined ? "start" : "center");
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    if (start !== undefined && end !== undefined) this.flash(element, own.text, own.start, start, end);
  }

  private flash(element: HTMLElement, text: string, origin: number, start: number, end: number): void {
    const at = offsets(text, origin);
    if ("highlights" in CSS) CSS.highlights.set("found", new Highlight(rangeIn(element, at(start), at(end))));
    else element.classList.add("flash");
  }

  async goToLine(id: number): Promise<void> {
    const block = this.story.blockOfLine(id);
    if (block !== undefined) await this.goTo(block, `[data-q="${id}"]`);
  }

  async goToMention(id: number): Promise<void> {
    const found = this.story.mention(id);
    if (found) await this.goTo(found.block.n, `[data-m="${id}"]`);
  }

  private async goTo(block: number, selector: string): Promise<void> {
    this.showStory();
    if (!this.reader.shows(block)) this.filter.choose(null);
    const element = await this.reader.reveal(block).catch(() => null);
    const target = element?.querySelector<HTMLElement>(selector);
    if (target) this.walk.focus(target, "center");
  }

  /** Makes room for the story where it is hidden. */
  private showStory(): void {
    if (document.documentElement.classList.contains("wide-side")) this.enlarge();
    if (NARROW.matches && document.documentElement.dataset.view !== "line") this.view("story");
  }

  only(person: number | null): void {
    this.filter.choose(person);
    this.panels[this.open].update();
    if (person !== null) this.showStory();
  }

  /** Whom the keyboard, or what was picked, is about. */
  private personHere(): number | undefined {
    const { line, mention } = this.walk.under();
    const meant = mention === null ? undefined : this.story.mention(mention)?.mention.entities[0];
    if (meant !== undefined) return meant;
    const id = line ?? (this.picked?.kind === "line" ? this.picked.id : null);
    const speaker = id === null ? -1 : (this.story.skeleton.lines.speaker[this.story.at.get(id) ?? -1] ?? -1);
    return speaker >= 0 ? speaker : undefined;
  }

  private nextOfPerson(direction: number): void {
    const person = this.filter.person ?? this.personHere();
    if (person === undefined) this.say("Choose a line of somebody first.");
    else void this.walk.line(direction, person);
  }

  private markSpeech(): void {
    const words = markedWords(this);
    if (words) void speech(this, words.block, words.start, words.end);
    else this.pick({ kind: "words", block: this.paragraphFrom(this.walk.under().block) });
  }

  /** The first paragraph of the story from a block on. */
  private paragraphFrom(block: number): number {
    let n: number | undefined = block;
    while (n !== undefined && this.story.block(n) && !["paragraph", "verse"].includes(this.story.block(n)!.kind)) n = this.reader.neighbour(n, 1);
    return n ?? block;
  }

  /** One step back: a menu, the note, what was picked, the notice, the filter. */
  private back(): void {
    const menus = document.querySelectorAll<HTMLDetailsElement>(".bar details[open]");
    if (menus.length) { for (const menu of menus) menu.open = false; return; }
    if (this.side.contains(document.activeElement) && !NARROW.matches) { this.backToStory(); return; }
    if (this.picked) return this.pick(null);
    if (this.tip.hide() || this.notice.close()) return;
    if (this.filter.person !== null) this.only(null);
  }

  private backToStory(): void {
    const target = this.main.querySelector<HTMLElement>(".picked") ?? this.main;
    if (target !== this.main) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  /* ---- Keys. ---- */

  private keyTable(): Key[] {
    const read = "Reading", put = "Putting right", look = "Looking";
    return [
      { keys: ["j", "ArrowRight"], does: "next name or pronoun", group: read, run: () => void this.walk.mention(1) },
      { keys: ["k", "ArrowLeft"], does: "the one before", group: read, run: () => void this.walk.mention(-1) },
      { keys: ["n"], does: "next line", group: read, run: () => void this.walk.line(1) },
      { keys: ["p"], does: "the line before", group: read, run: () => void this.walk.line(-1) },
      { keys: ["s"], does: "next line of this person", group: read, run: () => this.nextOfPerson(1) },
      { keys: ["S"], does: "their line before", group: read, run: () => this.nextOfPerson(-1) },
      { keys: ["f"], does: "only what this person says", group: read, run: () => { const person = this.filter.person === null ? this.personHere() : undefined; this.only(person ?? null); } },
      { keys: ["]"], does: "next chapter", group: read, run: () => this.chapters.next(1) },
      { keys: ["["], does: "the chapter before", group: read, run: () => this.chapters.next(-1) },
      { keys: ["b"], does: "I have read up to here", group: read, run: () => void this.place.readUpToHere() },
      { keys: ["/"], does: "search", group: look, run: () => this.view("search", true) },
      { keys: ["h"], does: "the people", group: look, run: () => this.view("people", true) },
      { keys: ["v"], does: "pictures", group: look, run: () => this.view("pictures", true) },
      { keys: ["i"], does: "lines in doubt", group: look, run: () => this.view("doubts", true) },
      { keys: ["m"], does: "corrections and saving", group: look, run: () => this.view("corrections", true) },
      { keys: ["Escape"], does: "one step back; back to the story", group: look },
      { keys: ["?"], does: "this sheet", group: look, run: () => this.keys.show() },
      { keys: ["Enter"], does: "put the line or word right", group: put, run: () => this.choosePlace() },
      { keys: ["1"], does: "answer: who it is", group: put },
      { keys: ["0"], does: "nobody", group: put }, { keys: ["w"], does: "somebody else, or a new person", group: put },
      { keys: ["a"], does: "to whom it is said", group: put }, { keys: ["c"], does: "it’s right as it is", group: put },
      { keys: ["x"], does: "not speech", group: put }, { keys: ["t"], does: "only thought", group: put }, { keys: ["l"], does: "all like this", group: put },
      { keys: ["q"], does: "these words are speech", group: put, run: () => this.markSpeech() },
      { keys: ["d"], does: "next line in doubt", group: put, run: () => void this.nextDoubt() },
      { keys: ["g"], does: "next line that changed", group: put, run: () => void this.notice.next() },
      { keys: ["u"], does: "undo (also Ctrl Z)", group: put, run: () => void this.undo() },
      { keys: ["r"], does: "do again (also Ctrl Y)", group: put, run: () => void this.redo() },
    ];
  }
}
