/* The views beside the story (under it, on a narrow page) and the tabs that lead to them. */
import type { Panel, View } from "./desk";
import { button, el } from "./elements";
import type { Story } from "./story";

type Side = Exclude<View, "story">;

const TABS: [View, string][] = [["story", "Story"], ["line", "Line"], ["people", "People"], ["pictures", "Pictures"], ["doubts", "In doubt"]];
export const NARROW = matchMedia("(max-width: 860px)");

export class Views {
  readonly element = el("div", { class: "side" });
  private readonly tabs = el("nav", { class: "tabs", "aria-label": "Views" });
  private open: Side = "people";
  private storyAt = 0;

  constructor(private readonly story: Story, private readonly main: HTMLElement, private readonly panels: Record<Side, Panel>, stop: AbortSignal) {
    this.element.append(this.tabs, ...Object.values(panels).map((panel) => panel.element));
    NARROW.addEventListener("change", () => this.draw(), { signal: stop });
  }

  draw(): void {
    const now = NARROW.matches && document.documentElement.dataset.view === "story" ? "story" : this.open;
    const doubtful = this.story.skeleton.queue.length;
    this.tabs.replaceChildren(...TABS.map(([name, label]) => button([label, name === "doubts" && doubtful ? el("small", {}, ` ${doubtful}`) : null],
      () => this.show(name, name !== "story"), { class: `tab tab-${name}`, "data-view": name, "aria-current": name === now ? "true" : null })));
  }

  /** What is open tells what has changed. */
  update(): void {
    this.draw();
    this.panels[this.open].update();
  }

  /** Opens a view; `focus` puts the keyboard there too. */
  show(name: View, focus = false): void {
    const root = document.documentElement, before = root.dataset.view;
    if (before === "story" || before === "line") this.storyAt = scrollY;
    if (root.classList.contains("wide-side") && name !== "pictures") this.enlarge();
    root.dataset.view = name;
    if (name !== "story") this.openSide(name);
    this.draw();
    if (NARROW.matches) this.scroll(name, before);
    if (focus) this.focusOn(name);
  }

  private openSide(name: Side): void {
    this.open = name;
    for (const [own, panel] of Object.entries(this.panels)) panel.element.classList.toggle("open", own === name);
    this.panels[name].update();
    this.element.scrollTop = 0;
  }

  /** On a narrow page each view has the window for itself; the story is found where it was left. */
  private scroll(name: View, before: string | undefined): void {
    const reading = (view: string | undefined): boolean => view === "story" || view === "line";
    if (reading(name) && !reading(before)) scrollTo(0, this.storyAt);
    else if (!reading(name)) scrollTo(0, 0);
  }

  private focusOn(name: View): void {
    const field = name === "search" ? this.panels.search.element.querySelector("input") : null;
    field?.select();
    const tab = this.tabs.querySelector<HTMLElement>(`[data-view="${name}"]`);
    const first = name === "story" ? this.main : tab ?? this.panels[name].element.querySelector<HTMLElement>("button, a");
    (field ?? first)?.focus({ preventScroll: true });
  }

  /** Pictures over the whole page, or beside the story again. */
  enlarge(): void {
    const large = document.documentElement.classList.toggle("wide-side"), press = this.element.querySelector(".large");
    if (press) press.textContent = large ? "Beside the story" : "Large";
  }

  /** Makes room for the story where it is hidden. */
  showStory(): void {
    if (document.documentElement.classList.contains("wide-side")) this.enlarge();
    if (NARROW.matches && document.documentElement.dataset.view !== "line") this.show("story");
  }

  /** Lets go of the form of a line where it covers the story. */
  uncover(): void {
    if (NARROW.matches && this.open === "line") this.show("story");
  }
}
