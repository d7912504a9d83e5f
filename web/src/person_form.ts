/* Putting a person right: the same as another, another name, pronouns, an alias, split, no person at all. */
import type { Called, Card, Correction } from "./contract";
import type { Desk } from "./desk";
import { button, el, plural, shorten, type Child } from "./elements";
import { PersonField } from "./person_field";

const PRONOUNS = ["she/her", "he/him", "they/them", "it/its", "xe/xem", "ze/hir"];
const LINES = 40;

export class PersonForm {
  readonly element: HTMLElement;
  private readonly name: string;

  constructor(private readonly desk: Desk, private readonly card: Card) {
    this.name = card.entity.name;
    this.element = el("div", { class: "person-form" }, this.same(), this.text("Another name", "rename", this.name, "Rename"),
      this.pronouns(), this.text("Also called", "alias", "", "Add"), this.split(), this.notPerson());
  }

  private get id(): number {
    return this.card.entity.id;
  }

  private send(correction: Correction, said: string): void {
    void this.desk.correct(correction, said);
  }

  private same(): HTMLElement {
    const field = new PersonField(this.desk.story, {
      label: "Same person as…", fresh: false, without: [this.id],
      chosen: (who, name) => { if (typeof who === "number") this.send({ op: "merge", into: who, persons: [this.id] }, `${this.name} and ${name} are one person.`); },
    });
    return el("div", { class: "field" }, el("span", { class: "label" }, "Same person as"), field.element);
  }

  /** A field of words with a button; Enter sends too. */
  private row(label: string, input: HTMLInputElement | HTMLSelectElement, act: string, send: (words: string) => void): HTMLElement {
    const form = el("form", { class: "field", onsubmit: (event: Event) => { event.preventDefault(); const words = input.value.trim(); if (words) send(words); } },
      el("label", {}, el("span", { class: "label" }, label), input), el("button", { type: "submit", class: "small" }, act));
    return form;
  }

  private text(label: string, op: "rename" | "alias", value: string, act: string): HTMLElement {
    const input = el("input", { type: "text", value, autocomplete: "off", spellcheck: "false" });
    return this.row(label, input, act, (words) => {
      if (op === "rename") this.send({ op, person: this.id, name: words }, `${this.name} is called ${words} now.`);
      else this.send({ op, person: this.id, alias: words }, `${this.name} is also called ${words}.`);
    });
  }

  private pronouns(): HTMLElement {
    const id = `pronouns-${this.id}`;
    const input = el("input", { type: "text", list: id, value: this.card.entity.pronouns ?? "", placeholder: "they/them", autocomplete: "off", spellcheck: "false" });
    const row = this.row("Pronouns", input, "Set", (pronouns) => this.send({ op: "pronouns", person: this.id, pronouns }, `${this.name}: ${pronouns}.`));
    row.append(el("datalist", { id }, ...PRONOUNS.map((each) => el("option", { value: each }))));
    return row;
  }

  private notPerson(): HTMLElement {
    return el("div", { class: "acts" }, button(`${this.name} is no person`, () => this.send({ op: "not_person", person: this.id }, `${this.name} is no person.`), { class: "small" }));
  }

  /* ---- Two people under one name. ---- */

  private split(): HTMLElement {
    const fold = el("details", { class: "more" }, el("summary", {}, `Some of this is somebody else`));
    fold.addEventListener("toggle", () => { if (fold.open && fold.childElementCount === 1) void this.splitForm().then((form) => fold.append(form), () => undefined); });
    return fold;
  }

  private async splitForm(): Promise<HTMLElement> {
    const lines = this.desk.story.linesOf(this.id).slice(0, LINES);
    const words = new Map<number, string>();
    await this.desk.story.need(lines.map((id) => this.desk.story.blockOfLine(id) ?? -1));
    for (const id of lines) {
      const line = await this.desk.story.line(id), block = this.desk.story.block(this.desk.story.blockOfLine(id) ?? -1);
      if (line && block) words.set(id, shorten(this.desk.story.words(block, line.start, line.end), 60));
    }
    const called = this.card.called ?? [];
    const input = el("input", { type: "text", autocomplete: "off", spellcheck: "false", required: true });
    const form = el("form", { class: "split" },
      called.length ? this.checks("Called", called.map((each) => `${shorten(each.words, 40)} (${each.mentions.length})`), "called") : null,
      lines.length ? this.checks(`Lines${lines.length === LINES ? ` (the first ${LINES})` : ""}`, [...words.values()], "line") : null,
      el("label", { class: "field" }, el("span", { class: "label" }, "The other’s name"), input),
      el("button", { type: "submit", class: "small" }, "Make them two people"));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.sendSplit(form, called, [...words.keys()], input.value.trim()); });
    return form;
  }

  private checks(legend: string, labels: string[], name: string): Child {
    return el("fieldset", {}, el("legend", {}, legend), ...labels.map((label, i) =>
      el("label", { class: "check" }, el("input", { type: "checkbox", name, value: i }), el("span", {}, label))));
  }

  private sendSplit(form: HTMLFormElement, called: Called[], lines: number[], name: string): void {
    const chosen = (kind: string): number[] => [...form.querySelectorAll<HTMLInputElement>(`input[name=${kind}]:checked`)].map((box) => Number(box.value));
    const mentions = chosen("called").flatMap((i) => called[i]?.mentions ?? []);
    const own = chosen("line").map((i) => lines[i]!);
    if (!mentions.length && !own.length) return this.desk.say("Choose what belongs to the other person first.");
    const moved = [mentions.length && plural(mentions.length, "mention"), own.length && plural(own.length, "line")].filter(Boolean).join(" and ");
    this.send({ op: "split", person: this.id, lines: own, mentions, name }, `${name}: ${moved} out of ${this.name}.`);
  }
}
