/* Words in the story. */
import type { Found } from "./contract";
import type { Desk, Panel } from "./desk";
import { button, el, plural } from "./elements";

const WAIT = 200;
const MOST = 200;

export class SearchPanel implements Panel {
  readonly element = el("section", { class: "panel", id: "search", "aria-labelledby": "search-title" });
  private readonly input: HTMLInputElement;
  private readonly results = el("ol", { class: "found" });
  private readonly count = el("p", { class: "caption", role: "status" });
  private timer = 0;
  private asked = "";

  constructor(private readonly desk: Desk) {
    this.input = el("input", {
      type: "search", id: "search-words", placeholder: "Words in the story", autocomplete: "off", spellcheck: "false",
      oninput: () => { clearTimeout(this.timer); this.timer = window.setTimeout(() => void this.find(), WAIT); },
    });
    this.element.append(el("h2", { id: "search-title" }, el("label", { for: "search-words" }, "Search")),
      el("form", { role: "search", onsubmit: (event: Event) => { event.preventDefault(); void this.find().then(() => this.first()); } }, this.input), this.count, this.results);
  }

  update(): void {
    this.asked = "";
    void this.find();
  }

  private first(): void {
    this.results.querySelector("button")?.focus();
  }

  private async find(): Promise<void> {
    const words = this.input.value.trim();
    if (words === this.asked) return;
    this.asked = words;
    const found = words.length ? await this.desk.story.server.get<Found[]>(this.desk.story.path("/search", { q: words })).catch(() => []) : [];
    if (words !== this.asked) return;
    this.results.replaceChildren(...found.map((each) => this.row(each)));
    const upTo = this.desk.story.skeleton.read_to === null ? "" : " in what you have read";
    this.count.textContent = !words ? "" : found.length >= MOST ? `The first ${MOST} places${upTo}` : `${plural(found.length, "place")}${upTo}`;
  }

  private row(found: Found): HTMLElement {
    const { story } = this.desk;
    const chapter = story.skeleton.chapters.length > 1 ? el("small", {}, story.chapterName(story.chapterOf(found.block))) : null;
    return el("li", {}, button([`…${found.before}`, el("mark", {}, found.match), `${found.after}…`, chapter],
      () => void this.desk.goToBlock(found.block, found.start, found.end), { class: "context" }));
  }
}
