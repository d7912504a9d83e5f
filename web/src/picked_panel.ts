/* The panel for what was picked: a line, a mention, or words; in the queue of doubtful lines with the way on. */
import type { Desk, Panel, Picked } from "./desk";
import { button, el } from "./elements";
import { LineForm } from "./line_panel";
import { MentionForm } from "./mention_panel";
import { WordsForm } from "./words_panel";

type Form = LineForm | MentionForm | WordsForm;

export class PickedPanel implements Panel {
  readonly element = el("section", { class: "panel", id: "line", "aria-label": "This line" });
  private form: Form | null = null;
  private picked: Picked | null = null;
  private shown = "";
  private left: number | null = null;

  constructor(private readonly desk: Desk, private readonly next: () => void) {
    this.draw();
  }

  async show(picked: Picked | null, left: number | null): Promise<void> {
    if (picked?.kind !== this.form?.kind || (picked && this.about(picked) !== this.form?.id)) this.form = null;
    this.picked = picked;
    this.left = left;
    this.shown = "";
    await this.load();
  }

  update(): void {
    void this.load().catch(() => undefined);
  }

  /** Loads what was picked, unless it is shown as it is now. */
  private async load(): Promise<void> {
    const { picked } = this;
    const wanted = picked ? `${picked.kind} ${this.about(picked)} ${this.desk.story.skeleton.version}` : "";
    if (wanted === this.shown && picked) return;
    this.shown = wanted;
    const form = picked ? this.make(picked) : null;
    await form?.load();
    if (this.shown !== wanted) return;
    this.form = form;
    this.draw();
  }

  private about(picked: Picked): number {
    return "id" in picked ? picked.id : picked.block;
  }

  private make(picked: Picked): Form {
    if (picked.kind === "line") return new LineForm(this.desk, picked.id);
    if (picked.kind === "mention") return new MentionForm(this.desk, picked.id);
    return new WordsForm(this.desk, picked.block);
  }

  private draw(): void {
    const held = this.element.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const place = held?.dataset.who ? `[data-who="${held.dataset.who}"]` : null;
    this.element.replaceChildren(...(this.form ? [...this.queueHead(), this.form.element] : [this.nothing()]));
    if (held) (place ? this.element.querySelector<HTMLElement>(place) : this.element.querySelector<HTMLElement>("button"))?.focus({ preventScroll: true });
  }

  private queueHead(): HTMLElement[] {
    const close = button("×", () => this.desk.pick(null), { class: "close", "aria-label": "Close" });
    if (this.left === null) return [el("div", { class: "head" }, el("h2", {}, this.title()), close)];
    const on = button(["Next in doubt ", el("kbd", {}, "d")], this.next, { class: "small" });
    return [el("div", { class: "head" }, el("h2", {}, "In doubt ", el("small", {}, `${this.left} left`)), on, close)];
  }

  private title(): string {
    return { line: "This line", mention: "This word", words: "Speech" }[this.picked?.kind ?? "line"];
  }

  private nothing(): HTMLElement {
    return el("div", { class: "empty" },
      el("p", {}, "Choose a line, a name or a pronoun in the story to see whom it belongs to, and to put it right."),
      el("p", {}, "With the keyboard: ", el("kbd", {}, "n"), " goes to the next line, ", el("kbd", {}, "j"), " to the next name or pronoun, ",
        el("kbd", {}, "Enter"), " chooses it. ", el("kbd", {}, "?"), " shows all keys."));
  }

  /** Takes the keys of the form; before the form of what was picked is there, a number answers nothing. */
  key(key: string): boolean {
    if (!this.picked) return false;
    return this.form ? this.form.key(key) : /^[0-9]$/.test(key);
  }
}
