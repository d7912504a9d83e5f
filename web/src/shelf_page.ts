/* The shelf: the stories, dropping a new one, and how far each is read. */
import type { ShelfStory } from "./contract";
import { button, type Child, el, number, percent, plural } from "./elements";
import type { Server } from "./server";
import { themeButton } from "./theme";

const BUSY = 500;
const LARGEST = 64 * 1024 * 1024;
const ENDINGS = ".txt,.md,.html,.htm,.epub,.docx,.zip";

export class ShelfPage {
  private readonly list = el("ul", { class: "stories" });
  private readonly said = el("p", { class: "said", role: "status" });
  private readonly lost = el("div", { class: "lost", role: "alert", hidden: true });
  private readonly file = el("input", { type: "file", multiple: true, accept: ENDINGS, class: "unseen", tabindex: "-1", "aria-label": "Story files", onchange: () => void this.takeIn([...(this.file.files ?? [])]) });
  private shown = "";
  private asking: number | null = null;

  constructor(private readonly server: Server, private readonly root: HTMLElement, private readonly stop: AbortSignal) {
    document.title = "Your stories – Personae";
    const root2 = document.documentElement;
    root2.classList.remove("picking", "filtered", "fold", "wide-side");
    this.root.replaceChildren(
      el("header", { class: "bar" }, el("span", { class: "book" }, "Personae"), el("span", { class: "here" }), themeButton()), this.lost,
      el("main", { class: "shelf" }, el("h1", {}, "Your stories"), this.drop(), this.said, this.list));
    this.listen();
    void this.follow();
  }

  private drop(): HTMLElement {
    return el("div", { class: "drop" },
      el("p", {}, "Drop a story here: a text, Markdown, web page, EPUB or Word file."),
      button("Choose a file", () => this.file.click(), { class: "main" }), this.file,
      el("p", { class: "caption" }, "It is read on this computer, and stays here."));
  }

  private listen(): void {
    const signal = this.stop, zone = document.documentElement;
    document.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("dropping"); }, { signal });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("dropping"); }, { signal });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("dropping");
      void this.takeIn([...(event.dataTransfer?.files ?? [])]);
    }, { signal });
    const unwatch = this.server.watch((lost) => {
      this.lost.hidden = !lost;
      this.lost.textContent = lost ? "The connection to Personae is lost; start it again with “personae open”." : "";
      if (!lost) void this.follow();
    });
    signal.addEventListener("abort", () => { unwatch(); zone.classList.remove("dropping"); });
  }

  private async takeIn(files: File[]): Promise<void> {
    for (const file of files) {
      if (file.size > LARGEST) { this.said.textContent = `${file.name}: is larger than 64 MB; cut it into parts.`; continue; }
      this.said.textContent = `Taking in ${file.name} …`;
      try {
        await this.server.post(`/api/stories?name=${encodeURIComponent(file.name)}`, file);
        this.said.textContent = `${file.name} is on the shelf.`;
      } catch (error) {
        this.said.textContent = (error as Error).message;
      }
    }
    this.file.value = "";
    await this.follow();
  }

  private following = 0;

  /** Shows the shelf, again and again while something is being read. */
  private async follow(): Promise<void> {
    const turn = ++this.following;
    while (!this.stop.aborted && turn === this.following) {
      const answer = await this.server.get<{ stories: ShelfStory[] }>("/api/shelf").catch(() => null);
      if (!answer || this.stop.aborted) return;
      this.draw(answer.stories);
      if (!answer.stories.some((story) => story.state === "waiting" || story.state === "reading")) return;
      await new Promise((done) => setTimeout(done, BUSY));
    }
  }

  private draw(stories: ShelfStory[]): void {
    const now = JSON.stringify([stories, this.asking]);
    if (now === this.shown) return;
    this.shown = now;
    const held = document.activeElement?.closest("li"), id = held?.dataset.story, act = (document.activeElement as HTMLElement | null)?.dataset.act;
    this.list.replaceChildren(...(stories.length ? stories.map((story) => this.row(story)) : [el("li", { class: "empty" }, "Nothing here yet.")]));
    if (id) (this.list.querySelector<HTMLElement>(`[data-story="${id}"] [data-act="${act ?? ""}"]`) ?? this.list.querySelector<HTMLElement>(`[data-story="${id}"] a, [data-story="${id}"] button`))?.focus();
  }

  private row(story: ShelfStory): HTMLElement {
    const title = story.state === "ready" ? el("a", { href: `#/s/${story.id}`, "data-act": "open" }, story.title) : el("span", {}, story.title);
    return el("li", { class: `book-row ${story.state}`, "data-story": story.id },
      el("div", {}, el("h2", {}, title), story.author ? el("p", { class: "byline" }, story.author) : null, this.state(story)), this.acts(story));
  }

  private state(story: ShelfStory): Child {
    if (story.state === "waiting") return el("p", { class: "caption" }, "Waits for its turn");
    if (story.state === "reading") {
      return el("div", { class: "reading" }, el("progress", { max: 1, value: story.progress, "aria-label": `Reading ${story.title}` }), el("p", { class: "caption" }, `${percent(story.progress)}${story.step ? `: ${story.step}` : ""}`));
    }
    if (story.state === "failed") return el("p", { class: "error" }, story.error ?? "It couldn’t be read.");
    if (story.state === "cancelled") return el("p", { class: "caption" }, "Reading was stopped.");
    const parts = [plural(story.words, "word"), plural(story.lines, "line"), `${number(story.doubtful)} in doubt`, story.corrections ? plural(story.corrections, "correction") : ""];
    return el("p", { class: "caption" }, parts.filter(Boolean).join(" · "));
  }

  private acts(story: ShelfStory): HTMLElement {
    const act = (label: string, name: string, run: () => Promise<unknown>): HTMLElement =>
      button(label, () => void run().catch((error: Error) => { this.said.textContent = error.message; }).then(() => this.follow()), { class: "small", "data-act": name, "aria-label": `${label}: ${story.title}` });
    const at = `/api/stories/${story.id}`, { server } = this;
    if (this.asking === story.id) {
      return el("div", { class: "acts" }, el("span", { class: "caption" }, "Take it off the shelf? Your file stays where it is."),
        act("Take it off", "sure", async () => { this.asking = null; await server.remove(at); }), act("Keep it", "keep", async () => { this.asking = null; }));
    }
    if (story.state === "waiting" || story.state === "reading") return el("div", { class: "acts" }, act("Stop", "stop", () => server.post(`${at}/cancel`)));
    return el("div", { class: "acts" },
      story.state === "ready" ? null : act("Read it again", "again", () => server.post(`${at}/read`)),
      act("Take off", "remove", async () => { this.asking = story.id; }));
  }
}
