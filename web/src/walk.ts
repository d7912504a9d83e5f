/* Walking the story by keyboard, from name to name and from line to line: one stop for Tab, however long the story. */
import type { Desk } from "./desk";
import type { Tip } from "./tip";

const FAR = 400;

export class Walk {
  constructor(private readonly desk: Desk, private readonly tip: Tip) {}

  /** Puts the keyboard on a piece of the story and shows what it means. */
  focus(target: HTMLElement, block: ScrollLogicalPosition): void {
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    this.tip.show(target);
    this.desk.reader.bring(target, block, () => this.tip.place());
  }

  private current(): HTMLElement | null {
    const active = document.activeElement;
    return active instanceof HTMLElement && this.desk.reader.element.contains(active) ? active : null;
  }

  /** The next name or pronoun. */
  async mention(direction: number): Promise<void> {
    const { reader } = this.desk;
    const from = this.current(), here = Number(from?.closest<HTMLElement>("[data-b]")?.dataset.b ?? reader.here());
    let n: number | undefined = here;
    for (let turn = 0; n !== undefined && turn < FAR; turn++, n = reader.neighbour(n, direction)) {
      const element = reader.elementOf(n) ?? (await reader.reveal(n));
      const all = [...(element?.querySelectorAll<HTMLElement>("[data-m]") ?? [])].filter(firstOfItsKind);
      const ahead = n === here && from ? all.filter((item) => isAhead(from, item, direction)) : all;
      const target = direction > 0 ? ahead[0] : ahead[ahead.length - 1];
      if (target) return this.focus(target, "nearest");
    }
  }

  /** The next line, of anybody or of one person. */
  async line(direction: number, person?: number): Promise<void> {
    const { story, reader } = this.desk;
    const { id, block, speaker } = story.skeleton.lines;
    const at = this.lineHere();
    const fits = (i: number): boolean => reader.shows(block[i]!) && story.spoken(i) && (person === undefined || speaker[i] === person);
    const start = at ?? this.between(direction);
    for (let i = at === null ? start : start + direction; i >= 0 && i < id.length; i += direction) {
      if (fits(i)) return this.desk.goToLine(id[i]!);
    }
    this.desk.say(person === undefined ? "No more lines." : "No more lines of this person.");
  }

  /** Where in the columns the focused line stands. */
  private lineHere(): number | null {
    const id = this.current()?.closest<HTMLElement>("[data-q]")?.dataset.q;
    return id === undefined ? null : (this.desk.story.at.get(Number(id)) ?? null);
  }

  /** The first line from the top of the window, or the last before it. */
  private between(direction: number): number {
    const here = Number(this.current()?.closest<HTMLElement>("[data-b]")?.dataset.b ?? this.desk.reader.here());
    const { block } = this.desk.story.skeleton.lines;
    const ahead = block.findIndex((n) => n >= here);
    const first = ahead < 0 ? block.length : ahead;
    return direction > 0 ? first : first - 1;
  }

  /** The line or mention under the keyboard. */
  under(): { line: number | null; mention: number | null; block: number } {
    const active = this.current();
    const line = active?.closest<HTMLElement>("[data-q]")?.dataset.q, mention = active?.closest<HTMLElement>("[data-m]")?.dataset.m;
    const block = active?.closest<HTMLElement>("[data-b]")?.dataset.b;
    return { line: line === undefined ? null : Number(line), mention: mention === undefined ? null : Number(mention), block: block === undefined ? this.desk.reader.here() : Number(block) };
  }
}

/** A mention cut in two is one stop. */
function firstOfItsKind(item: HTMLElement, i: number, all: HTMLElement[]): boolean {
  return all.findIndex((other) => other.dataset.m === item.dataset.m) === i;
}

function isAhead(from: Element, item: Element, direction: number): boolean {
  if (item === from || (item.contains(from) && direction > 0)) return false;
  const side = direction > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  return Boolean(from.compareDocumentPosition(item) & side);
}
