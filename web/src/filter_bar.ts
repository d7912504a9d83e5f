/* Only what one person says: the bar that walks from line to line, and folds the rest away. */
import type { Desk } from "./desk";
import { button, el, plural } from "./elements";

export class FilterBar {
  readonly element = el("div", { class: "filter", role: "group", "aria-label": "Only what one person says", hidden: true });
  person: number | null = null;
  private folded = false;
  private lines: number[] = [];
  private at = -1;

  constructor(private readonly desk: Desk) {}

  choose(person: number | null): void {
    this.person = person === this.person ? null : person;
    this.desk.look.only = this.person;
    this.at = -1;
    document.documentElement.classList.toggle("filtered", this.person !== null);
    if (this.person === null && this.folded) this.fold(false);
    this.update();
    if (this.folded) this.layout();
    else this.desk.reader.refreshAll();
  }

  update(): void {
    this.element.hidden = this.person === null;
    if (this.person === null) return;
    this.lines = this.desk.story.linesOf(this.person);
    const face = this.desk.story.faces.get(this.person);
    if (!face) return this.choose(this.person);
    const { length } = this.lines;
    this.element.replaceChildren(
      el("b", { class: `name ${face.style}` }, face.name),
      el("span", {}, this.at < 0 ? plural(length, "line") : `${this.at + 1} of ${length}`),
      button("‹", () => void this.walk(-1), { "aria-label": "Previous line" }), button("›", () => void this.walk(1), { "aria-label": "Next line" }),
      button("Hide rest", () => this.fold(!this.folded), { "aria-pressed": String(this.folded), "data-fold": true }),
      button("×", () => this.choose(null), { "aria-label": "Show everything" }));
  }

  /** To the next line of the person chosen, or of whoever says the line where one is. */
  async walk(direction: number, from?: number): Promise<void> {
    if (!this.lines.length) return;
    const where = from ?? this.lines[this.at];
    const place = where === undefined ? this.nearest(direction) : this.lines.indexOf(where);
    this.at = (place + direction + this.lines.length) % this.lines.length;
    this.update();
    await this.desk.goToLine(this.lines[this.at]!);
  }

  private nearest(direction: number): number {
    const here = this.desk.reader.here();
    const ahead = this.lines.findIndex((id) => (this.desk.story.blockOfLine(id) ?? 0) >= here);
    return (ahead < 0 ? 0 : ahead) - (direction > 0 ? 1 : 0);
  }

  private fold(folded: boolean): void {
    this.folded = folded;
    document.documentElement.classList.toggle("fold", folded);
    this.update();
    this.layout();
  }

  private layout(): void {
    const { reader, story } = this.desk;
    const here = reader.here();
    reader.layout(this.shown());
    const near = this.shown().reduce((best, n) => (Math.abs(n - here) < Math.abs(best - here) ? n : best), 0);
    if (story.skeleton.blocks) void reader.reveal(near).then((element) => { if (element) reader.bring(element, "start"); });
  }

  /** The blocks to show: all, or those in which the person speaks. */
  private shown(): number[] {
    const { skeleton } = this.desk.story;
    if (!this.folded) return Array.from({ length: skeleton.blocks }, (_, n) => n);
    return [...new Set(this.lines.map((id) => this.desk.story.blockOfLine(id) ?? 0))].sort((a, b) => a - b);
  }
}
