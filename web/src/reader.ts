/* The story on the page. Parts near the window are fetched and laid out; those far away are emptied again. */
import type { Block } from "./contract";
import { el } from "./elements";
import type { Look } from "./look";
import type { Story } from "./story";

const PART = 5_000;
const FULL = 36;
const NEAR = "1500px 0px";
const FRAMES = 8;
/** Pixels from the top of the window below which a block counts as there: a little more than where `bring` puts it. */
const TOP = 80;
const ASIDE = new Set(["note", "metadata"]);

interface Part { element: HTMLElement; numbers: number[]; characters: number; full: boolean; wanted: number }

export class Reader {
  readonly element = el("div", { class: "story" });
  private parts: Part[] = [];
  private partOf = new Map<number, Part>();
  private readonly byElement = new Map<Element, Part>();
  private readonly observer: IntersectionObserver;
  private turn = 0;
  private bringing = 0;
  /** Called after blocks have been laid out. */
  laidOut: () => void = () => undefined;

  constructor(private readonly story: Story, private readonly look: Look) {
    this.observer = new IntersectionObserver((entries) => this.near(entries), { rootMargin: NEAR });
  }

  /* ---- Parts. ---- */

  /** Lays out these blocks (all of the story, or only those where somebody speaks). */
  layout(numbers: number[]): void {
    this.observer.disconnect();
    this.byElement.clear();
    this.partOf.clear();
    this.parts = [];
    this.element.replaceChildren(...this.chapters(numbers));
    this.estimate();
    for (const part of this.parts) this.observer.observe(part.element);
  }

  private chapters(numbers: number[]): HTMLElement[] {
    const byChapter = new Map<number, number[]>();
    for (const n of numbers) {
      const chapter = this.story.chapterOf(n);
      byChapter.set(chapter, [...(byChapter.get(chapter) ?? []), n]);
    }
    return [...byChapter].map(([chapter, own]) =>
      el("section", { class: "chapter", "aria-label": this.story.chapterName(chapter) }, ...this.cut(own)));
  }

  private cut(numbers: number[]): HTMLElement[] {
    const made: HTMLElement[] = [];
    for (let i = 0; i < numbers.length; ) {
      const own: number[] = [];
      let size = 0;
      for (; i < numbers.length && size < PART; i++) { own.push(numbers[i]!); size += this.story.skeleton.block_chars[numbers[i]!] ?? 0; }
      made.push(this.part(own, size));
    }
    return made;
  }

  private part(numbers: number[], characters: number): HTMLElement {
    const part: Part = { element: el("div", { class: "part" }), numbers, characters, full: false, wanted: 0 };
    this.parts.push(part);
    this.byElement.set(part.element, part);
    for (const n of numbers) this.partOf.set(n, part);
    return part.element;
  }

  /** Heights for parts that were never laid out, from how many characters a line of this width holds. */
  estimate(): void {
    const size = parseFloat(getComputedStyle(this.element).fontSize) || 19;
    const first = this.parts[0]?.element;
    const wide = first ? first.clientWidth - parseFloat(getComputedStyle(first).paddingInlineStart) : 600;
    const held = Math.max(20, wide / (size * 0.45));
    for (const part of this.parts) {
      const lines = part.numbers.reduce((sum, n) => sum + Math.ceil(((this.story.skeleton.block_chars[n] ?? 0) + 1) / held), 0);
      const height = `${Math.round(lines * size * 1.62)}px`;
      part.element.style.setProperty("contain-intrinsic-block-size", `auto ${height}`);
      part.element.style.setProperty("min-block-size", part.full ? "" : height);
    }
  }

  private near(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const part = this.byElement.get(entry.target);
      if (part && entry.isIntersecting) void this.fill(part).catch(() => undefined);
    }
  }

  private async fill(part: Part): Promise<void> {
    part.wanted = ++this.turn;
    if (part.full) return;
    await this.story.need(part.numbers);
    if (part.full || this.byElement.get(part.element) !== part) return;
    part.full = true;
    part.element.replaceChildren(...this.elements(part));
    part.element.style.setProperty("min-block-size", "");
    this.forget();
    this.laidOut();
  }

  /** Empties the parts that were wanted longest ago. */
  private forget(): void {
    const full = this.parts.filter((part) => part.full);
    if (full.length <= FULL) return;
    full.sort((a, b) => a.wanted - b.wanted);
    for (const part of full.slice(0, full.length - FULL)) {
      const box = part.element.getBoundingClientRect();
      if (box.bottom > -3000 && box.top < innerHeight + 3000) continue;
      part.element.style.setProperty("min-block-size", `${Math.round(box.height)}px`);
      part.element.replaceChildren();
      part.full = false;
      this.observer.unobserve(part.element);
      this.observer.observe(part.element);
    }
  }

  private elements(part: Part): HTMLElement[] {
    const made: HTMLElement[] = [];
    for (const n of part.numbers) {
      const block = this.story.block(n);
      if (!block) continue;
      if (ASIDE.has(block.kind)) this.aside(made, block);
      else made.push(this.look.element(block, this.kindBefore(n), this.level(n)));
    }
    return made;
  }

  /** Neighbouring notes share one fold. */
  private aside(made: HTMLElement[], block: Block): void {
    const last = made[made.length - 1];
    const paragraph = el("p", { "data-b": block.n }, block.text);
    const note = last?.matches("details.note") ? last : el("details", { class: "note" }, el("summary", {}, "About this text"));
    if (block.kind === "note") note.firstElementChild!.textContent = "A note from the author";
    note.append(paragraph);
    if (note !== last) made.push(note);
  }

  private kindBefore(n: number): string {
    return this.story.block(n - 1)?.kind ?? (n === 0 ? "heading" : "paragraph");
  }

  private level(n: number): number {
    return this.story.skeleton.chapters.some((chapter) => chapter.block === n) ? 1 : 2;
  }

  /* ---- Blocks. ---- */

  elementOf(n: number): HTMLElement | null {
    return this.partOf.get(n)?.element.querySelector<HTMLElement>(`[data-b="${n}"]`) ?? null;
  }

  shows(n: number): boolean {
    return this.partOf.has(n);
  }

  /** Lays these blocks out again where they stand, and keeps the focus. */
  refresh(numbers: Iterable<number>): void {
    for (const n of numbers) {
      const old = this.elementOf(n), block = this.story.block(n);
      if (!old || !block || ASIDE.has(block.kind)) continue;
      const focused = old.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
      const made = this.look.element(block, this.kindBefore(n), this.level(n));
      old.replaceWith(made);
      if (focused) this.focusAgain(made, focused);
    }
    this.laidOut();
  }

  refreshAll(): void {
    for (const part of this.parts) if (part.full) this.refresh(part.numbers);
  }

  /** Fetches what is laid out once more, and lays it out again where it stands; what is in the window comes first. */
  async reload(): Promise<void> {
    const away = (part: Part): number => Math.abs(part.element.getBoundingClientRect().top);
    for (const part of this.parts.filter((each) => each.full).sort((a, b) => away(a) - away(b))) {
      await this.story.need(part.numbers);
      if (part.full && this.byElement.get(part.element) === part) this.refresh(part.numbers);
    }
  }

  private focusAgain(made: HTMLElement, was: HTMLElement): void {
    const { q, m } = was.dataset;
    const same = m ? `[data-m="${m}"]` : q ? `[data-q="${q}"]` : null;
    const target = same ? made.querySelector<HTMLElement>(same) : made;
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  /** The block at the top of the window. */
  here(): number {
    const top = TOP;
    let low = 0, high = this.parts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.parts[middle]!.element.getBoundingClientRect().bottom > top) high = middle; else low = middle + 1;
    }
    const part = this.parts[low];
    if (!part) return 0;
    const shown = [...part.element.querySelectorAll<HTMLElement>("[data-b]")];
    const first = shown.find((block) => block.getBoundingClientRect().bottom > top);
    return first ? Number(first.dataset.b) : (part.numbers[0] ?? 0);
  }

  neighbour(n: number, direction: number): number | undefined {
    const all = this.parts.flatMap((part) => part.numbers);
    const at = all.indexOf(n);
    return at < 0 ? undefined : all[at + direction];
  }

  /* ---- Going somewhere. ---- */

  /** Lays out the block and what is around it; null where the page doesn't show it. */
  async reveal(n: number): Promise<HTMLElement | null> {
    const part = this.partOf.get(n);
    if (!part) return null;
    await this.fill(part);
    const at = this.parts.indexOf(part);
    for (const next of [this.parts[at - 1], this.parts[at + 1]]) if (next) void this.fill(next).catch(() => undefined);
    const element = this.elementOf(n);
    element?.closest("details")?.setAttribute("open", "");
    return element;
  }

  /** Parts out of sight have a guessed height until they are near, so the way is corrected for some frames. */
  bring(target: Element, block: ScrollLogicalPosition, after: () => void = () => undefined, frames = FRAMES): void {
    cancelAnimationFrame(this.bringing);
    target.scrollIntoView({ block, behavior: "instant" });
    after();
    if (frames) this.bringing = requestAnimationFrame(() => this.bring(target, block, after, frames - 1));
  }
}
