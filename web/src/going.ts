/* Going to a place in the story: a block, some words, a line. */
import { offsets, rangeIn } from "./spans";
import type { Reader } from "./reader";
import type { Story } from "./story";
import type { Walk } from "./walk";

export class Going {
  /** `ready` makes room for the story, and shows all of it if the block isn't among what is shown. */
  constructor(private readonly story: Story, private readonly reader: Reader, private readonly walk: Walk, private readonly ready: (block: number) => void) {}

  async toBlock(block: number, start?: number, end?: number): Promise<void> {
    this.ready(block);
    const element = await this.reader.reveal(block).catch(() => null);
    const own = this.story.block(block);
    if (!element || !own) return;
    this.reader.bring(element, start === undefined ? "start" : "center");
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    if (start !== undefined && end !== undefined) this.light(element, own.text, own.start, start, end);
  }

  private light(element: HTMLElement, text: string, origin: number, start: number, end: number): void {
    const at = offsets(text, origin);
    if ("highlights" in CSS) CSS.highlights.set("found", new Highlight(rangeIn(element, at(start), at(end))));
    else element.classList.add("flash");
  }

  async toLine(id: number): Promise<void> {
    const block = this.story.blockOfLine(id);
    if (block === undefined) return;
    this.ready(block);
    const element = await this.reader.reveal(block).catch(() => null);
    const target = element?.querySelector<HTMLElement>(`[data-q="${id}"]`);
    if (target) this.walk.focus(target, "center");
  }
}
