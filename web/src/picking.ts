/* Choosing what to put right: a line, a word, words that are speech; and the queue of lines in doubt. */
import type { Correction } from "./contract";
import type { Desk, Picked } from "./desk";
import type { Notice } from "./notice";
import { PickedPanel } from "./picked_panel";
import type { Tip } from "./tip";
import { NARROW, type Views } from "./views";
import type { Walk } from "./walk";
import { markedWords, speech } from "./words_panel";

/** On a narrow page the form covers what is below this share of the window. */
const COVERED = 0.4;

export class Picking {
  readonly panel: PickedPanel;
  private picked: Picked | null = null;
  private queued = false;

  constructor(private readonly desk: Desk, private readonly tip: Tip, private readonly walk: Walk, private readonly notice: Notice, private readonly views: () => Views) {
    this.panel = new PickedPanel(desk, () => void this.nextDoubt());
  }

  get any(): boolean {
    return this.picked !== null;
  }

  pick(picked: Picked | null): void {
    if (picked?.kind !== "line") this.queued = false;
    void this.choose(picked);
  }

  private async choose(picked: Picked | null): Promise<void> {
    const { reader, look, story } = this.desk, old = this.block();
    this.tip.hide();
    this.picked = picked;
    look.picked = picked?.kind === "line" ? { line: picked.id } : picked?.kind === "mention" ? { mention: picked.id } : {};
    reader.refresh([old, this.block()].filter((n): n is number => n !== undefined));
    const shown = this.panel.show(picked, this.queued ? story.skeleton.queue.length : null);
    if (picked) this.views().show("line");
    else this.views().uncover();
    await shown.catch(() => undefined);
  }

  private block(): number | undefined {
    if (this.picked?.kind === "line") return this.desk.story.blockOfLine(this.picked.id);
    return this.picked?.kind === "mention" ? this.desk.story.mention(this.picked.id)?.block.n : undefined;
  }

  /* ---- By mouse and by keyboard. ---- */

  click(clicked: Element): void {
    if (!getSelection()?.isCollapsed) return;
    const target = clicked.closest<HTMLElement>("[data-m], [data-q]");
    if (!target) { this.clickBeside(clicked); return; }
    const { m, q } = target.dataset;
    this.pick(m ? { kind: "mention", id: Number(m) } : { kind: "line", id: Number(q) });
    const again = this.desk.reader.element.querySelector<HTMLElement>(m ? `[data-m="${m}"]` : `[data-q="${q}"]`);
    if (!again) return;
    again.tabIndex = -1;
    again.focus({ preventScroll: true });
    if (NARROW.matches && again.getBoundingClientRect().bottom > innerHeight * COVERED) this.desk.reader.bring(again, "start");
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
  here(): void {
    const { line, mention } = this.walk.under();
    if (mention !== null) this.pick({ kind: "mention", id: mention });
    else if (line !== null) this.pick({ kind: "line", id: line });
  }

  markSpeech(): void {
    const words = markedWords(this.desk);
    if (words) void speech(this.desk, words.block, words.start, words.end);
    else this.pick({ kind: "words", block: this.paragraphFrom(this.walk.under().block) });
  }

  /** The first paragraph of the story from a block on. */
  private paragraphFrom(block: number): number {
    const { story, reader } = this.desk;
    let n: number | undefined = block;
    while (n !== undefined && story.block(n) && !["paragraph", "verse"].includes(story.block(n)!.kind)) n = reader.neighbour(n, 1);
    return n ?? block;
  }

  /** Whom the keyboard, or what was picked, is about. */
  person(): number | undefined {
    const { story } = this.desk, { line, mention } = this.walk.under();
    const meant = mention === null ? undefined : story.mention(mention)?.mention.entities[0];
    if (meant !== undefined) return meant;
    const id = line ?? (this.picked?.kind === "line" ? this.picked.id : null);
    const speaker = id === null ? -1 : (story.skeleton.lines.speaker[story.at.get(id) ?? -1] ?? -1);
    return speaker >= 0 ? speaker : undefined;
  }

  /* ---- The lines in doubt. ---- */

  /** Whether a correction answers the line that the queue asks about. */
  answers(correction: Correction): boolean {
    return this.queued && "line" in correction && this.picked?.kind === "line" && this.picked.id === correction.line;
  }

  /** The next doubtful line; `answered` is the one just done. */
  async nextDoubt(answered?: number): Promise<void> {
    const { queue } = this.desk.story.skeleton;
    const now = this.picked?.kind === "line" ? queue.indexOf(this.picked.id) : -1;
    const left = queue.filter((id) => id !== answered && !this.desk.story.waiting.has(id));
    const next = answered !== undefined || now < 0 ? left[0] : left[(left.indexOf(queue[now]!) + 1) % left.length];
    if (next === undefined) return this.noneLeft();
    this.queued = true;
    await this.desk.goToLine(next);
    await this.choose({ kind: "line", id: next });
  }

  private noneLeft(): void {
    this.pick(null);
    this.notice.tell("No line is in doubt any more.");
  }
}
