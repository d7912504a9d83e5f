/* The lines in doubt, least sure first, each with its context. */
import type { Line } from "./contract";
import type { Desk, Panel } from "./desk";
import { button, el, percent, plural, refill, shorten } from "./elements";
import { nameOf } from "./faces";

const PAGE = 25;
const AROUND = 110;

export class DoubtsPanel implements Panel {
  readonly element = el("section", { class: "panel", id: "doubts", "aria-labelledby": "doubts-title" });
  private shown = PAGE;

  constructor(private readonly desk: Desk, private readonly start: () => void) {}

  update(): void {
    const { queue } = this.desk.story.skeleton;
    const list = el("ol", { class: "doubts" });
    const more = queue.length > this.shown
      ? button(`Show more of ${plural(queue.length, "line")}`, () => { this.shown += PAGE; this.update(); }, { class: "small" }) : null;
    refill(this.element,
      el("h2", { id: "doubts-title" }, "Lines in doubt"),
      queue.length
        ? el("p", { class: "caption" }, "Least certain first. Each answer helps to decide the lines around it.")
        : el("p", { class: "empty" }, "No line here is in doubt."),
      queue.length ? button(["Go through them one by one ", el("kbd", {}, "d")], this.start, { class: "main" }) : null,
      list, more);
    void this.fill(list, queue.slice(0, this.shown)).catch(() => undefined);
  }

  private async fill(list: HTMLElement, ids: number[]): Promise<void> {
    await this.desk.story.need(ids.map((id) => this.desk.story.blockOfLine(id) ?? -1));
    for (const id of ids) {
      const line = await this.desk.story.line(id);
      if (line) list.append(this.item(line));
    }
  }

  private item(line: Line): HTMLElement {
    const { story } = this.desk;
    const block = story.block(story.blockOfLine(line.id)!)!;
    const words = (from: number, to: number): string => story.words(block, from, to);
    const before = words(line.start - AROUND, line.start), after = words(line.end, line.end + AROUND);
    const go = (): void => { this.desk.pick({ kind: "line", id: line.id }); void this.desk.goToLine(line.id); };
    return el("li", {},
      button([before && `${before.length < line.start - block.start ? "… " : ""}${before}`, el("q", {}, shorten(words(line.start, line.end), 160)), after], go, { class: "context" }),
      el("p", { class: "guess" }, ...this.guess(line)), line.why ? el("p", { class: "why" }, line.why) : null);
  }

  private guess(line: Line): (Node | string)[] {
    const { faces } = this.desk.story;
    const others = line.alternatives.slice(0, 3).filter(([id]) => faces.has(id)).map(([id, chance]) => `${faces.get(id)!.name} ${percent(chance)}`).join(", ");
    if (line.speaker === null) return [el("b", { class: "name u" }, "Undecided"), others ? `: perhaps ${others}` : ""];
    return [nameOf(faces.get(line.speaker)), `? ${percent(line.confidence)}`, others ? `, or ${others}` : ""];
  }
}
