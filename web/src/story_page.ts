/* The page of one story: it puts the parts together and passes on what one asks of another. */
import { bar, closeMenus, type Commands } from "./bar";
import { Chapters } from "./chapters";
import type { Correction } from "./contract";
import { Corrector } from "./corrector";
import { CorrectionsPanel } from "./corrections_panel";
import type { Desk, Picked, View } from "./desk";
import { DoubtsPanel } from "./doubts_panel";
import { el, plural } from "./elements";
import { FilterBar } from "./filter_bar";
import { Going } from "./going";
import { Keys } from "./keys";
import { Look } from "./look";
import { Connection, Notice } from "./notice";
import { Outbox } from "./outbox";
import { PeoplePanel } from "./people_panel";
import { Picking } from "./picking";
import { PicturesPanel } from "./pictures_panel";
import { Place } from "./place";
import { Reader } from "./reader";
import { SearchPanel } from "./search_panel";
import type { Server } from "./server";
import { opened, Story, type News } from "./story";
import { storyKeys } from "./story_keys";
import { Tip } from "./tip";
import { NARROW, Views } from "./views";
import { Walk } from "./walk";

export class StoryPage implements Desk {
  readonly look: Look;
  readonly reader: Reader;
  readonly outbox: Outbox;
  private readonly main = el("main", { id: "story", tabindex: "0", "aria-label": "Story" });
  private readonly figures = el("p", { class: "figures" });
  private readonly live = el("p", { class: "unseen", role: "status" });
  private readonly views: Views;
  private readonly people: PeoplePanel;
  private readonly picking: Picking;
  private readonly tip: Tip;
  private readonly walk: Walk;
  private readonly going: Going;
  private readonly filter: FilterBar;
  private readonly notice: Notice;
  private readonly connection = new Connection();
  private readonly corrector: Corrector;
  private readonly chapters: Chapters;
  private readonly place: Place;
  private readonly keys: Keys;

  private constructor(readonly story: Story, root: HTMLElement, readonly stop: AbortSignal) {
    this.look = new Look(story);
    this.reader = new Reader(story, this.look);
    this.outbox = new Outbox(story, (reason) => this.notice.tell(reason));
    this.notice = new Notice(this);
    this.filter = new FilterBar(this);
    this.tip = new Tip(story, this.main, stop);
    this.walk = new Walk(this, this.tip);
    this.going = new Going(story, this.reader, this.walk, (block) => this.makeReady(block));
    this.corrector = new Corrector(story, this.outbox, this.notice, this.connection, (text) => this.say(text), stop);
    this.picking = new Picking(this, this.tip, this.walk, this.notice, () => this.views);
    this.people = new PeoplePanel(this);
    this.views = this.makeViews();
    this.chapters = new Chapters(story, (block) => void this.goToBlock(block));
    this.place = new Place(this, this.chapters);
    const does = this.commands();
    this.keys = new Keys(storyKeys(does), (key) => this.picking.panel.key(key), () => this.back(), stop);
    this.build(root, does);
    this.listen();
  }

  private makeViews(): Views {
    const doubts = new DoubtsPanel(this, () => void this.picking.nextDoubt());
    const pictures = new PicturesPanel(this, () => this.views.enlarge());
    const panels = { line: this.picking.panel, people: this.people, search: new SearchPanel(this), corrections: new CorrectionsPanel(this), pictures, doubts };
    return new Views(this.story, this.main, panels, this.stop);
  }

  /** Waits until the server has the story, then shows it where it was left (or at `block`). */
  static async open(id: number, server: Server, root: HTMLElement, block: number | null, stop: AbortSignal): Promise<void> {
    const story = new Story(id, server);
    const waiting = el("p", { class: "waiting", role: "status" }, "Opening the story …");
    root.replaceChildren(waiting);
    await opened(story, (reason) => { waiting.textContent = reason; }, stop);
    if (!stop.aborted) await new StoryPage(story, root, stop).start(block);
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

  private build(root: HTMLElement, does: Commands): void {
    const { skeleton } = this.story;
    const skip = (event: Event): void => { event.preventDefault(); this.view("story", true); };
    this.main.append(el("header", { class: "title" }, el("h1", {}, skeleton.title),
      skeleton.author ? el("p", { class: "byline" }, skeleton.author) : null, this.figures), this.reader.element);
    root.replaceChildren(
      el("a", { class: "skip", href: "#story", onclick: skip }, "Skip to the story"),
      bar(skeleton.title, this.chapters.here, this.chapters.menu, does), this.connection.element,
      el("div", { class: "page" }, this.chapters.rail, this.main, this.views.element),
      el("aside", { class: "foot", "aria-label": "What just happened" }, this.notice.element, this.filter.element), this.tip.element, this.live, this.keys.sheet);
    this.views.draw();
    this.count();
  }

  private count(): void {
    const { lines, words } = this.story.skeleton;
    const spoken = lines.id.reduce((sum, _, i) => sum + Number(this.story.spoken(i)), 0);
    this.figures.textContent = `${plural(this.story.people().length, "person")} · ${plural(spoken, "line")} · ${plural(words, "word")}`;
  }

  private listen(): void {
    this.story.watch((news) => this.hear(news));
    this.main.addEventListener("click", (event) => this.picking.click(event.target as Element), { signal: this.stop });
    document.addEventListener("click", (event) => closeMenus(event.target as Node), { signal: this.stop });
    this.reader.laidOut = () => this.place.mark();
  }

  /* ---- What happens. ---- */

  private hear(news: News): void {
    const had = this.look.changed;
    if (news.from === "correction") this.notice.add(news);
    if (news.from === "server") void this.reader.reload().catch(() => undefined);
    else if (news.all) this.reader.refreshAll();
    else this.reader.refresh(new Set([...news.blocks, ...this.blocksOf(had), ...this.blocksOf(this.look.changed)]));
    this.filter.update();
    this.count();
    this.place.mark();
    this.views.update();
  }

  private blocksOf(lines: Iterable<number>): number[] {
    return [...lines].map((id) => this.story.blockOfLine(id)).filter((n): n is number => n !== undefined);
  }

  /** One step back: a menu, the side, what was picked, the note, the notice, the filter. */
  private back(): void {
    if (closeMenus()) return;
    if (this.views.element.contains(document.activeElement) && !NARROW.matches) { this.backToStory(); return; }
    if (this.picking.any) return this.pick(null);
    if (this.tip.hide() || this.notice.close()) return;
    if (this.filter.person !== null) this.only(null);
  }

  private backToStory(): void {
    const target = this.main.querySelector<HTMLElement>(".picked") ?? this.main;
    if (target !== this.main) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  private makeReady(block: number): void {
    this.views.showStory();
    if (!this.reader.shows(block)) this.filter.choose(null);
  }

  private nextOfPerson(direction: number): void {
    const person = this.filter.person ?? this.picking.person();
    if (person === undefined) this.say("Choose a line of somebody first.");
    else void this.walk.line(direction, person);
  }

  private commands(): Commands {
    return {
      search: () => this.view("search", true), people: () => this.view("people", true), pictures: () => this.view("pictures", true),
      doubts: () => this.view("doubts", true), corrections: () => this.view("corrections", true), help: () => this.keys.show(),
      undo: () => void this.undo(), redo: () => void this.redo(), nextChanged: () => void this.notice.next(),
      readUpToHere: () => void this.place.readUpToHere(), readAll: () => void this.place.readAll(),
      markSpeech: () => this.picking.markSpeech(), putRight: () => this.picking.here(), nextDoubt: () => void this.picking.nextDoubt(),
      mention: (direction) => void this.walk.mention(direction), line: (direction) => void this.walk.line(direction),
      samePerson: (direction) => this.nextOfPerson(direction), chapter: (direction) => this.chapters.next(direction),
      onlyThis: () => this.only(this.filter.person === null ? this.picking.person() ?? null : null),
    };
  }

  /* ---- What the parts ask of one another. ---- */

  view(name: View, focus = false): void {
    this.views.show(name, focus);
  }

  pick(picked: Picked | null): void {
    this.picking.pick(picked);
  }

  goToBlock(block: number, start?: number, end?: number): Promise<void> {
    return this.going.toBlock(block, start, end);
  }

  goToLine(id: number): Promise<void> {
    return this.going.toLine(id);
  }

  only(person: number | null): void {
    this.filter.choose(person);
    this.views.update();
    if (person !== null) this.views.showStory();
  }

  openPerson(person: number): void {
    this.view("people");
    this.people.open(person);
  }

  async correct(correction: Correction, said: string): Promise<void> {
    const asked = this.picking.answers(correction);
    await this.corrector.correct(correction, said);
    if (asked && "line" in correction) await this.picking.nextDoubt(correction.op === "addressees" ? undefined : correction.line);
  }

  undo(): Promise<void> {
    return this.corrector.undo();
  }

  takeTable(table: Blob): Promise<void> {
    return this.corrector.take(table);
  }

  redo(): Promise<void> {
    return this.corrector.redo();
  }

  say(text: string): void {
    this.live.textContent = text;
  }
}
