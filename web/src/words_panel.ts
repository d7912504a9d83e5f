/* Which words of a paragraph are speech? For speech that stands there without marks, or wasn't seen. */
import type { Block } from "./contract";
import type { Desk } from "./desk";
import { button, el } from "./elements";
import { pointAt } from "./spans";

const PIECE = /[^.!?…,;:—–]+[.!?…,;:—–]*["'”’»]*\s*/gu;

export class WordsForm {
  readonly kind = "words";
  readonly element = el("div", { class: "form", "data-form": "words" });
  private from = -1;
  private to = -1;

  constructor(private readonly desk: Desk, readonly id: number) {}

  async load(): Promise<void> {
    await this.desk.story.need([this.id]);
    const block = this.desk.story.block(this.id);
    if (block) this.draw(block);
  }

  private draw(block: Block): void {
    const pieces = [...block.text.matchAll(PIECE)].map((match) => ({ at: match.index, text: match[0] }));
    const chosen = (i: number): boolean => i >= this.from && i <= this.to;
    this.element.replaceChildren(
      el("h3", {}, "Which words are speech?"),
      el("p", { class: "caption" }, "Choose the first piece and the last one; or mark the words in the story with the mouse and press q."),
      el("div", { class: "pieces" }, ...pieces.map((piece, i) => button(piece.text.trim(), () => { this.choose(i); this.draw(block); this.focus(i); },
        { class: "piece", "aria-pressed": chosen(i) ? "true" : "false" }))),
      el("div", { class: "acts" }, this.from < 0 ? null : button([el("kbd", {}, "Enter"), " These words are speech"], () => {
        const first = pieces[this.from]!, last = pieces[this.to]!;
        const end = last.at + last.text.trimEnd().length;
        void this.send(block, first.at + first.text.length - first.text.trimStart().length, end);
      }, { class: "small main", "data-save": true })));
  }

  private choose(i: number): void {
    if (this.from < 0 || i < this.from) { this.from = i; this.to = Math.max(i, this.to); }
    else if (i === this.from && i === this.to) { this.from = this.to = -1; }
    else this.to = i;
  }

  private focus(i: number): void {
    this.element.querySelectorAll<HTMLElement>(".piece")[i]?.focus();
  }

  private send(block: Block, start: number, end: number): Promise<void> {
    return speech(this.desk, block, start, end);
  }

  key(key: string): boolean {
    const save = key === "Enter" && !document.activeElement?.matches(".piece") ? this.element.querySelector<HTMLButtonElement>("[data-save]") : null;
    save?.click();
    return Boolean(save);
  }
}

/** Says that these words of a block (UTF-16 offsets) are speech, then asks whose. */
export async function speech(desk: Desk, block: Block, start: number, end: number): Promise<void> {
  const [from, to] = [pointAt(block.text, block.start, start), pointAt(block.text, block.start, end)];
  await desk.correct({ op: "speech", start: from, end: to }, "These words are speech.");
  const line = desk.story.block(block.n)?.lines.find((each) => each.start <= from && to <= each.end);
  if (line) desk.pick({ kind: "line", id: line.id });
}

/** The words marked in the story, if they lie in one paragraph. */
export function markedWords(desk: Desk): { block: Block; start: number; end: number } | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = (range.startContainer.parentElement ?? null)?.closest<HTMLElement>("[data-b]");
  const block = holder ? desk.story.block(Number(holder.dataset.b)) : undefined;
  if (!holder || !block || !holder.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(holder, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  return { block, start, end: start + range.toString().length };
}
