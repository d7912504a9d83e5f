/* The people as cards, those who speak and are met most first. */
import type { Entity } from "./contract";
import type { Desk, Panel } from "./desk";
import { el, link, number, plural, refill } from "./elements";
import { nameOf } from "./faces";
import { PersonCard } from "./card";

const MAIN = 12;

export class PeoplePanel implements Panel {
  readonly element = el("section", { class: "panel", id: "people", "aria-labelledby": "people-title" });
  private readonly opened = new Set<number>();
  private readonly cards = new Map<Element, PersonCard>();
  private readonly seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) void this.cards.get(entry.target)?.ask().catch(() => undefined);
  });
  private shown = "";

  constructor(private readonly desk: Desk) {}

  update(): void {
    const { skeleton } = this.desk.story;
    const now = `${skeleton.version} ${skeleton.read_to} ${this.desk.look.only} ${[...this.opened].join()}`;
    if (now === this.shown) return;
    this.shown = now;
    this.draw();
  }

  private draw(): void {
    const people = this.ranked(), main = people.filter((e, i) => i < MAIN || this.opened.has(e.id));
    this.seen.disconnect();
    this.cards.clear();
    const focus = document.activeElement?.closest<HTMLElement>("[data-person]")?.dataset.person;
    refill(this.element,
      el("h2", { id: "people-title" }, "The people"), this.upTo(),
      people.length ? el("ul", { class: "cards" }, ...main.map((person) => this.card(person))) : el("p", { class: "empty" }, "Nobody was found in this story."),
      this.others(people.filter((e) => !main.includes(e))));
    if (focus) this.find(Number(focus))?.focus({ preventScroll: true });
  }

  private ranked(): Entity[] {
    return [...this.desk.story.people()].sort((a, b) => b.lines - a.lines || b.mentions - a.mentions || a.id - b.id);
  }

  private upTo(): HTMLElement | null {
    return this.desk.story.skeleton.read_to === null ? null : el("p", { class: "caption" }, "Only what you have read so far. Nothing here is from beyond.");
  }

  private card(person: Entity): HTMLElement {
    const card = new PersonCard(this.desk, person);
    this.cards.set(card.element, card);
    this.seen.observe(card.element);
    return card.element;
  }

  private others(people: Entity[]): HTMLElement | null {
    if (!people.length) return null;
    const list = el("ul", { class: "others" });
    const fold = el("details", { class: "more" }, el("summary", {}, `and ${number(people.length)} more`), list);
    fold.addEventListener("toggle", () => { if (fold.open && !list.childElementCount) list.append(...people.map((person) => this.other(person))); });
    return fold;
  }

  private other(person: Entity): HTMLElement {
    const name = link(nameOf(this.desk.story.faces.get(person.id)), `#/s/${this.desk.story.id}`, () => this.open(person.id));
    return el("li", {}, name, el("small", {}, `${plural(person.lines, "line")} · ${plural(person.mentions, "mention")}`));
  }

  /** Shows somebody's card and puts the keyboard there. */
  open(person: number): void {
    if (!this.find(person)) { this.opened.add(person); this.update(); }
    const card = this.find(person);
    card?.scrollIntoView({ block: "nearest" });
    card?.focus({ preventScroll: true });
  }

  private find(person: number): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`[data-person="${person}"]`);
  }
}
