/* What a correction did: which other lines changed, with a way to each; and whether the server answers. */
import type { Desk } from "./desk";
import { button, el, join, plural, refill, shorten, type Child } from "./elements";
import { nameOf } from "./faces";
import type { News, Said } from "./story";

const LISTED = 60;

export class Notice {
  readonly element = el("div", { class: "notice", role: "group", "aria-label": "What changed", hidden: true });
  private said = "";
  private before = new Map<number, Said>();
  private main: number | null = null;
  private at = -1;
  private open = false;

  constructor(private readonly desk: Desk) {}

  /** A new correction begins: what changed before is over. */
  begin(said: string, line: number | null): void {
    this.said = said;
    this.before = new Map();
    this.main = line;
    this.at = -1;
    this.open = false;
  }

  /** More has changed since. */
  add(news: News): void {
    for (const line of news.lines) if (!this.before.has(line)) this.before.set(line, news.before.get(line) ?? { speaker: -1, addressees: [] });
    this.desk.look.changed = new Set(this.others());
    this.draw(news.settling);
  }

  tell(said: string): void {
    this.begin(said, null);
    this.desk.look.changed = new Set();
    this.draw(false);
  }

  /** The lines that changed beside the one put right, in the order of the story. */
  others(): number[] {
    const main = this.main;
    return [...this.before.keys()].filter((id) => id !== main && this.desk.story.at.has(id))
      .sort((a, b) => this.desk.story.at.get(a)! - this.desk.story.at.get(b)!);
  }

  async next(): Promise<void> {
    const others = this.others();
    if (!others.length) return this.desk.say("No other line changed.");
    this.at = (this.at + 1) % others.length;
    await this.desk.goToLine(others[this.at]!);
    this.desk.say(`Changed line ${this.at + 1} of ${others.length}.`);
  }

  close(): boolean {
    const was = !this.element.hidden;
    this.element.hidden = true;
    return was;
  }

  private draw(settling: boolean): void {
    const others = this.others(), { undo } = this.desk.story.skeleton.corrections;
    const changed = others.length ? `${plural(others.length, "other line")} changed.` : settling ? "" : "No other line changed.";
    this.element.hidden = !this.said;
    refill(this.element,
      el("span", { class: "said" }, this.said, " ", this.before.size || settling ? changed : "", settling ? " Still reading on …" : ""),
      others.length ? button(["Show ", el("kbd", {}, "g")], () => void this.next(), { "data-next": true }) : null,
      others.length ? button(this.open ? "Close list" : "List", () => { this.open = !this.open; this.draw(settling); void this.fillList(); }, { "aria-expanded": String(this.open) }) : null,
      undo ? button(["Undo ", el("kbd", {}, "u")], () => void this.desk.undo()) : null,
      button("×", () => this.close(), { "aria-label": "Close" }),
      this.open ? el("ol", { class: "changed" }) : null,
    );
    this.desk.say(`${this.said} ${changed}`);
  }

  private async fillList(): Promise<void> {
    const list = this.element.querySelector("ol");
    const shown = this.others().slice(0, LISTED);
    await this.desk.story.need(shown.map((id) => this.desk.story.blockOfLine(id) ?? -1));
    const rows = await Promise.all(shown.map((id) => this.row(id)));
    list?.replaceChildren(...rows);
  }

  private async row(id: number): Promise<HTMLElement> {
    const { story } = this.desk;
    const line = await story.line(id), block = story.block(story.blockOfLine(id) ?? -1);
    const words = line && block ? shorten(story.words(block, line.start, line.end), 70) : "";
    return el("li", {}, button([el("q", {}, words), el("span", {}, ...this.difference(id))], () => void this.desk.goToLine(id)));
  }

  /** Another speaker, or else others who are spoken to. */
  private difference(id: number): Child[] {
    const { story } = this.desk, { speaker, addressees } = story.skeleton.lines, at = story.at.get(id) ?? -1;
    const was = this.before.get(id) ?? { speaker: -1, addressees: [] }, now = speaker[at] ?? -1;
    if (was.speaker !== now) return [who(story, was.speaker, "undecided"), " → ", who(story, now, "undecided")];
    const to = (ids: number[]): Child[] => (ids.length ? join(ids.map((each) => who(story, each, "")), "and") : [who(story, -1, "nobody")]);
    return ["to ", ...to(was.addressees), " → to ", ...to(addressees[at] ?? [])];
  }
}

function who(story: Desk["story"], id: number, nobody: string): HTMLElement {
  return id < 0 ? el("b", { class: "name u" }, nobody) : nameOf(story.faces.get(id));
}

/** One line at the top while nobody answers. */
export class Connection {
  readonly element = el("div", { class: "lost", role: "alert", hidden: true });

  show(lost: boolean, kept: number): void {
    this.element.hidden = !lost;
    const unsent = kept ? ` ${plural(kept, "correction")} ${kept === 1 ? "is" : "are"} kept here and will be sent.` : " What you correct is kept here.";
    this.element.textContent = lost ? `The connection to Personae is lost; start it again with “personae open”.${unsent}` : "";
  }
}
