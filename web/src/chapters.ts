/* The chapters at the side; the one on the screen is marked. */
import { el } from "./elements";
import type { Story } from "./story";

export class Chapters {
  readonly rail: HTMLElement;
  readonly menu: HTMLElement;
  readonly here = el("span", { class: "here" });
  private now = -1;

  constructor(private readonly story: Story, private readonly go: (block: number) => void) {
    this.rail = el("nav", { class: "chapters", "aria-label": "Chapters" }, this.list());
    this.menu = el("details", { class: "menu chapter-menu" }, el("summary", {}, "Chapters"), el("nav", { "aria-label": "Chapters, in a menu" }, this.list()));
    document.documentElement.classList.toggle("one-chapter", story.skeleton.chapters.length < 2);
  }

  private list(): HTMLElement {
    const shown = this.story.skeleton.chapters.map((chapter, i) => ({ chapter, i })).filter(({ chapter }) => chapter.words > 0);
    return el("ol", {}, ...shown.map(({ chapter, i }) => el("li", {}, el("a", {
      href: `#/s/${this.story.id}/b/${chapter.block}`, "data-chapter": i,
      onclick: (event: Event) => { event.preventDefault(); this.menu.removeAttribute("open"); this.go(chapter.block); },
    }, this.story.chapterName(i)))));
  }

  /** Marks the chapter that holds a block. */
  mark(block: number): void {
    const now = this.story.chapterOf(block);
    if (now === this.now) return;
    this.now = now;
    this.here.textContent = this.story.skeleton.chapters.length > 1 && this.story.skeleton.chapters[now]!.words > 0 ? this.story.chapterName(now) : "";
    for (const list of [this.rail, this.menu]) {
      list.querySelector("[aria-current]")?.removeAttribute("aria-current");
      const link = list.querySelector(`[data-chapter="${now}"]`);
      link?.setAttribute("aria-current", "true");
      if (list === this.rail && link instanceof HTMLElement) this.intoSight(link);
    }
  }

  private intoSight(link: HTMLElement): void {
    const box = link.getBoundingClientRect(), frame = this.rail.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) this.rail.scrollTop += box.top - frame.top - frame.height / 3;
  }

  next(direction: number): void {
    const chapter = this.story.skeleton.chapters[this.now + direction];
    if (chapter) this.go(chapter.block);
  }
}
