/* Who speaks to whom, how much each says, where each is in the book, and how much of each chapter is speech. */
import type { Desk, Panel } from "./desk";
import { button, el, percent, plural, refill, shorten } from "./elements";
import { DRAWN, Network } from "./network";
import { bars, plot, shares, strips, table } from "./plots";

const SPEAKERS = 15;
const ROWS = 200;

export class PicturesPanel implements Panel {
  readonly element = el("section", { class: "panel", id: "pictures", "aria-labelledby": "pictures-title" });
  private readonly places = new Map<number, [number, number]>();
  private shown = "";

  constructor(private readonly desk: Desk, private readonly enlarge: () => void) {}

  update(): void {
    const { version, read_to } = this.desk.story.skeleton;
    const now = `${version} ${read_to}`;
    if (now === this.shown) return;
    this.shown = now;
    const upTo = read_to === null ? null : el("p", { class: "caption" }, "Only what you have read so far. Nothing here is from beyond.");
    refill(this.element,
      el("div", { class: "head" }, el("h2", { id: "pictures-title" }, "The story in pictures"),
        button(document.documentElement.classList.contains("wide-side") ? "Beside the story" : "Large", this.enlarge, { class: "small large" })),
      upTo, ...[this.talk(), this.said(), this.presence(), this.dialogue()].filter((each) => each !== null));
  }

  private name(id: number): string {
    return this.desk.story.faces.get(id)?.name ?? "somebody";
  }

  private talk(): HTMLElement {
    const talks = this.desk.story.skeleton.talks.filter(([from, to]) => this.desk.story.faces.has(from) && this.desk.story.faces.has(to));
    if (!talks.length) return el("p", { class: "empty" }, "No line has both a known speaker and a known listener.");
    const rows = talks.slice(0, ROWS).map(([from, to, lines]) => [this.name(from), this.name(to), lines]);
    return plot("Who speaks to whom",
      `Up to ${DRAWN} people. An arc has the colour of the one who speaks and points to the one who listens; the thicker, the more lines. Drag a person, or move them with the arrow keys; Enter opens their card.`,
      (width) => new Network(this.desk, talks, width, this.places).element, table(["Speaks", "to", "lines"], rows));
  }

  private said(): HTMLElement | null {
    const people = this.desk.story.people().filter((e) => e.words_said > 0).sort((a, b) => b.words_said - a.words_said);
    if (!people.length) return null;
    const all = people.reduce((sum, e) => sum + e.words_said, 0);
    const rows = people.slice(0, SPEAKERS).map((e) => {
      const face = this.desk.story.faces.get(e.id)!;
      return { name: shorten(face.short, 15), style: face.style, value: e.words_said, note: percent(e.words_said / all) };
    });
    return plot("How much each says", `Words in speech, and each one’s share of all of them${people.length > SPEAKERS ? `; the ${SPEAKERS} who say most` : ""}.`,
      (width) => bars(width, "Words said by each person", "words said", rows),
      table(["Person", "words", "lines", "share"], people.slice(0, ROWS).map((e) => [e.name, e.words_said, e.lines, percent(e.words_said / all)])));
  }

  private presence(): HTMLElement | null {
    const { presence, slices: unit } = this.desk.story.skeleton;
    const people = this.desk.story.people().filter((e) => presence[String(e.id)]?.some((n) => n > 0))
      .sort((a, b) => b.mentions - a.mentions).slice(0, 12);
    if (!people.length) return null;
    const rows = people.map((e) => { const face = this.desk.story.faces.get(e.id)!; return { name: face.short, style: face.style, counts: presence[String(e.id)]! }; });
    const slices = rows[0]!.counts.length, byChapter = unit?.unit === "chapter";
    const where = (slice: number): string => (byChapter ? String(slice + 1) : `${Math.round((100 * slice) / slices)}%`);
    return plot("Where each is in the book", `How often each is named, meant or speaks, ${byChapter ? "chapter by chapter" : `in ${slices} equal stretches of the book`}. At the right: the most in one ${byChapter ? "chapter" : "stretch"}.`,
      (width) => strips(width, "Where each person is in the book", byChapter ? "chapter" : "how far into the book", "most", rows, where),
      table([byChapter ? "Chapter" : "From", ...people.map((e) => e.name)], Array.from({ length: slices }, (_, i) => [byChapter ? this.desk.story.chapterName(i) : where(i), ...rows.map((row) => row.counts[i] ?? 0)])));
  }

  private dialogue(): HTMLElement | null {
    const { read_to, chapters: all } = this.desk.story.skeleton;
    const chapters = all.filter((chapter) => chapter.words > 0 && (read_to === null || chapter.block <= read_to));
    if (!chapters.length) return null;
    const values = chapters.map((chapter, i) => {
      const name = this.desk.story.chapterName(all.indexOf(chapter)), share = Math.min(1, chapter.speech_words / chapter.words);
      return { share, tick: String(i + 1), name: `${name}: ${percent(share)}` };
    });
    return plot("How much of each chapter is speech", "Words in speech, of all words of the chapter.",
      (width) => shares(width, "Share of speech by chapter", chapters.length > 1 ? "chapter" : "the whole story", "% of words", values),
      table(["Chapter", "share", "lines", "words in speech", "words"], chapters.map((c, i) =>
        [this.desk.story.chapterName(all.indexOf(c)), percent(values[i]!.share), plural(c.lines, "line"), c.speech_words, c.words])));
  }
}
