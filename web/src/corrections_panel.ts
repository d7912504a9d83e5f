/* What was corrected: the file beside the story, what no longer fits, and saving in other forms. */
import type { Desk, Panel } from "./desk";
import { button, el, plural } from "./elements";

const FORMS: [string, string][] = [
  ["html", "One page to read"], ["json", "Everything, as data (JSON)"], ["tei", "TEI for scholars"], ["csv", "Tables (CSV)"],
  ["lines.jsonl", "Line by line, for voices"], ["fountain", "A screenplay (Fountain)"], ["ssml", "Speech markup (SSML)"], ["gold.xml", "A checked scene (gold TEI)"],
];

export class CorrectionsPanel implements Panel {
  readonly element = el("section", { class: "panel", id: "corrections", "aria-labelledby": "corrections-title" });

  constructor(private readonly desk: Desk) {}

  update(): void {
    const { count, undo, redo, unfit } = this.desk.story.skeleton.corrections;
    this.element.replaceChildren(
      el("h2", { id: "corrections-title" }, "Corrections"),
      el("p", { class: "caption" }, count ? `${plural(count, "correction")}, kept with the story in a file that you can read, share and edit.` : "Nothing has been corrected yet."),
      el("div", { class: "acts" },
        button(["Undo ", el("kbd", {}, "u")], () => void this.desk.undo(), { class: "small", disabled: !undo && !this.desk.outbox.size }),
        button(["Do again ", el("kbd", {}, "r")], () => void this.desk.redo(), { class: "small", disabled: !redo })),
      ...this.unfit(unfit), ...this.file(), ...this.spreadsheet(), ...this.saveAs());
  }

  private unfit(unfit: { number: number; text: string; reason: string }[]): HTMLElement[] {
    if (!unfit.length) return [];
    return [el("h3", {}, `No longer fit: ${unfit.length}`),
      el("p", { class: "caption" }, "The story has changed there. They stay in the file."),
      el("ol", { class: "unfit" }, ...unfit.map((each) => el("li", { value: each.number }, each.text, el("small", {}, each.reason))))];
  }

  private file(): HTMLElement[] {
    const shown = el("pre", { tabindex: "0", "aria-label": "The file of corrections" });
    const fold = el("details", { class: "more" }, el("summary", {}, "Show the file"), shown);
    fold.addEventListener("toggle", () => {
      if (fold.open) void this.desk.story.server.text(this.desk.story.path("/corrections.toml")).then((text) => { shown.textContent = text || "It is empty."; }, () => undefined);
    });
    return [fold];
  }

  private spreadsheet(): HTMLElement[] {
    const file = el("input", { type: "file", accept: ".csv,text/csv", class: "unseen", tabindex: "-1", "aria-label": "A table of corrections", onchange: () => void this.takeIn(file) });
    return [el("h3", {}, "In a spreadsheet"), el("div", { class: "acts" },
      el("a", { class: "button small", href: this.desk.story.path("/corrections.csv"), download: true }, "Save as CSV"),
      button("Read a CSV …", () => file.click(), { class: "small" }), file)];
  }

  private async takeIn(file: HTMLInputElement): Promise<void> {
    const chosen = file.files?.[0];
    if (chosen) await this.desk.takeTable(chosen);
    file.value = "";
  }

  private saveAs(): HTMLElement[] {
    return [el("h3", {}, "Save the story as"), el("ul", { class: "forms" }, ...FORMS.map(([form, name]) =>
      el("li", {}, el("a", { href: `/api/stories/${this.desk.story.id}/export/${form}`, download: true }, name))))];
  }
}
