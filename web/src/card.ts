/* A person's card: names, pronouns, what they do and are, how much they speak and to whom, and putting that right. */
import type { Card, Entity, Trait } from "./contract";
import type { Desk } from "./desk";
import { button, type Child, el, link, number, plural, shorten } from "./elements";
import { nameOf } from "./faces";
import { PersonForm } from "./person_form";
import { strip } from "./plots";

const ALIASES = 5;
const TRAITS = 6;
const LISTENERS = 4;

export class PersonCard {
  readonly element: HTMLLIElement;
  private readonly more = el("div", { class: "more-rows" });
  private asked = false;

  constructor(private readonly desk: Desk, readonly person: Entity) {
    const face = desk.story.faces.get(person.id)!;
    this.element = el("li", { class: `card ${face.style}`, "data-person": person.id, tabindex: "-1" },
      el("span", { class: "disc", "aria-hidden": "true" }, face.initials),
      el("h3", {}, face.name, " ", el("small", { class: "pro" }, person.pronouns ?? (person.kind === "person" ? "pronouns unclear" : person.kind === "group" ? "a group" : person.kind))),
      this.aliases(),
      el("p", { class: "counts" }, el("b", {}, plural(person.lines, "line")), person.words_said ? `, ${plural(person.words_said, "word")}` : "", ` · ${plural(person.mentions, "mention")}`),
      strip(desk.story.skeleton.presence[String(person.id)] ?? []),
      this.more, this.buttons(face.short), this.correcting());
  }

  private aliases(): Child {
    const others = [...new Set(this.person.aliases)].filter((alias) => alias !== this.person.name);
    const left = others.length - ALIASES;
    const also = others.length ? `also ${others.slice(0, ALIASES).join(", ")}${left > 0 ? ` and ${left} more` : ""}` : "";
    const parts = [this.person.narrator ? "tells the story" : "", also].filter(Boolean);
    return parts.length ? el("p", { class: "aka" }, parts.join("; ")) : null;
  }

  private buttons(short: string): HTMLElement {
    const { lines, first_block } = this.person;
    const only = button(`Only what ${short} says`, () => this.desk.only(this.person.id), { class: "small", "data-only": this.person.id, "aria-pressed": String(this.desk.look.only === this.person.id) });
    return el("div", { class: "acts" }, lines ? only : null,
      button("First mention", () => void this.desk.goToBlock(first_block), { class: "small" }));
  }

  private correcting(): HTMLElement {
    const fold = el("details", { class: "more correct" }, el("summary", {}, "Correct"));
    fold.addEventListener("toggle", () => {
      if (fold.open && fold.childElementCount === 1) void this.card().then((card) => fold.append(new PersonForm(this.desk, card).element), () => undefined);
    });
    return fold;
  }

  private card(): Promise<Card> {
    return this.desk.story.server.get<Card>(this.desk.story.path(`/entities/${this.person.id}`));
  }

  /** What they do, are and have is asked for when the card comes into sight. */
  async ask(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    const card = await this.card();
    this.more.replaceChildren(...[
      this.traits("is", card.is), this.traits("does", card.does), this.traits("has", card.has), this.traits("others", card.others ?? []),
      this.relations(card), this.talks("speaks to", card.talks_to), this.talks("hears", card.spoken_to_by), await this.sample(card),
    ].filter((row): row is HTMLElement => row !== null));
  }

  private traits(label: string, traits: Trait[]): HTMLElement | null {
    if (!traits.length) return null;
    const links = traits.slice(0, TRAITS).map((trait) => link([trait.text, trait.count && trait.count > 1 ? el("small", {}, ` ${trait.count}`) : null],
      this.href(trait.block), () => void this.desk.goToBlock(trait.block, trait.start, trait.end), { title: trait.sentence ?? null }));
    return el("p", { class: "deeds" }, el("span", {}, label), ...links.flatMap((link, i) => (i ? [", ", link] : [link])));
  }

  private relations(card: Card): HTMLElement | null {
    if (!card.relations.length) return null;
    const links = card.relations.slice(0, TRAITS).map((each) => link(each.text, this.href(each.block), () => void this.desk.goToBlock(each.block, each.start, each.end)));
    return el("p", { class: "deeds" }, el("span", {}, "ties"), ...links.flatMap((link, i) => (i ? [", ", link] : [link])));
  }

  private talks(label: string, pairs: [number, number][]): HTMLElement | null {
    const known = pairs.filter(([id]) => this.desk.story.faces.has(id)).slice(0, LISTENERS);
    if (!known.length) return null;
    const rows = known.map(([id, lines]) => link([nameOf(this.desk.story.faces.get(id)), el("small", {}, ` ${number(lines)}`)], this.href(0), () => this.desk.openPerson(id)));
    return el("p", { class: "deeds" }, el("span", {}, label), ...rows.flatMap((row, i) => (i ? [", ", row] : [row])));
  }

  private async sample(card: Card): Promise<HTMLElement | null> {
    const id = card.sample_lines[0];
    const line = id === undefined ? undefined : await this.desk.story.line(id);
    const block = line && this.desk.story.block(this.desk.story.blockOfLine(line.id)!);
    if (!line || !block) return null;
    return el("p", { class: "first" }, link(shorten(this.desk.story.words(block, line.start, line.end), 110), this.href(block.n), () => void this.desk.goToLine(line.id)));
  }

  private href(block: number): string {
    return `#/s/${this.desk.story.id}/b/${block}`;
  }
}
