/* Where the reader is: kept on the server, and how far the story has been read. */
import type { Chapters } from "./chapters";
import type { Desk } from "./desk";
import { el } from "./elements";

const REST = 800;

export class Place {
  private timer = 0;
  private frame = 0;
  private kept = -1;
  private marker: HTMLElement | null = null;

  constructor(private readonly desk: Desk, private readonly chapters: Chapters) {}

  start(): void {
    const signal = this.desk.stop;
    document.addEventListener("scroll", () => this.scrolled(), { passive: true, signal });
    addEventListener("pagehide", () => this.keep(), { signal });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.keep(); }, { signal });
    let wide = innerWidth;
    addEventListener("resize", () => { if (innerWidth !== wide) { wide = innerWidth; this.desk.reader.estimate(); } }, { signal });
    this.mark();
  }

  private scrolled(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keep(), REST);
    if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.chapters.mark(this.desk.reader.here()); });
  }

  private keep(): void {
    if (this.desk.story.server.lost || !this.desk.reader.element.isConnected || !this.desk.reader.element.offsetParent) return;
    const block = this.desk.reader.here();
    if (block === this.kept) return;
    this.kept = block;
    this.desk.story.server.leave(`/api/stories/${this.desk.story.id}/position`, { block });
  }

  /** Marks the chapter, and how far the story has been read. */
  mark(): void {
    this.chapters.mark(this.desk.reader.here());
    const { read_to } = this.desk.story.skeleton;
    const last = read_to === null ? null : this.desk.reader.elementOf(read_to);
    if (last && this.marker?.previousElementSibling === last) return;
    this.marker?.remove();
    if (!last) return;
    this.marker = el("p", { class: "read-to", role: "note" }, "You have read up to here");
    last.after(this.marker);
  }

  async readUpToHere(): Promise<void> {
    const under = document.activeElement?.closest<HTMLElement>("[data-b]")?.dataset.b;
    await this.set(under === undefined ? this.bottom() : Number(under));
    this.desk.say("Marked. Cards, pictures and search now show nothing from beyond.");
  }

  async readAll(): Promise<void> {
    await this.set(null);
    this.desk.say("Cards, pictures and search show the whole story again.");
  }

  /** The last block that is wholly in the window. */
  private bottom(): number {
    const shown = [...this.desk.reader.element.querySelectorAll<HTMLElement>("[data-b]")]
      .filter((block) => { const box = block.getBoundingClientRect(); return box.bottom > 64 && box.bottom <= innerHeight; });
    const last = shown[shown.length - 1];
    return last ? Number(last.dataset.b) : this.desk.reader.here();
  }

  private async set(block: number | null): Promise<void> {
    const { story } = this.desk;
    try {
      await story.server.post(`/api/stories/${story.id}/read_to`, { block });
      story.skeleton.read_to = block;
      await story.refresh();
    } catch (error) {
      this.desk.say((error as Error).message);
    }
  }
}
