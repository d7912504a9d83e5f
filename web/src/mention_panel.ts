/* Whom does "he" mean? One mention and the people it may be. */
import type { Block, Mention, Who } from "./contract";
import { choiceList, NUMBERED, peopleNear, whoName, type Option } from "./choices";
import type { Desk } from "./desk";
import { button, el, join, percent, shorten } from "./elements";
import { nameOf } from "./faces";
import { PersonField } from "./person_field";

const AROUND = 80;

export class MentionForm {
  readonly kind = "mention";
  readonly element = el("div", { class: "form", "data-form": "mention" });
  private options: Option[] = [];
  private all = false;
  private field: PersonField | null = null;

  constructor(private readonly desk: Desk, readonly id: number) {}

  async load(): Promise<void> {
    const found = this.desk.story.mention(this.id);
    if (!found) return;
    const { mention, block } = found;
    this.options = await peopleNear(this.desk.story, block.n, mention.start, mention.entities);
    this.draw(mention, block);
  }

  private draw(mention: Mention, block: Block): void {
    const words = this.desk.story.words(block, mention.start, mention.end);
    this.field = new PersonField(this.desk.story, { label: "Somebody else…", fresh: true, chosen: (who) => void this.say(who) });
    const like = el("label", { class: "check" },
      el("input", { type: "checkbox", onchange: (event: Event) => { this.all = (event.target as HTMLInputElement).checked; } }),
      el("span", {}, `Everywhere “${shorten(words, 24)}” meant the same person `, el("kbd", {}, "l")));
    this.element.replaceChildren(
      this.context(mention, block), this.now(mention),
      el("h3", {}, `Whom does “${shorten(words, 40)}” mean?`),
      choiceList(this.desk.story, this.options, new Set(mention.entities), (who) => void this.say(who), false),
      el("div", { class: "row-key" }, el("kbd", {}, "w"), this.field.element),
      el("div", { class: "acts" }, button([el("kbd", {}, "0"), " Nobody"], () => void this.say(null), { class: "small" }),
        this.lineAround(mention, block)), like);
  }

  private context(mention: Mention, block: Block): HTMLElement {
    const { story } = this.desk;
    return el("blockquote", { class: "picked-line plain" }, "…", story.words(block, mention.start - AROUND, mention.start),
      el("mark", {}, story.words(block, mention.start, mention.end)), story.words(block, mention.end, mention.end + AROUND), "…");
  }

  private now(mention: Mention): HTMLElement {
    const { faces } = this.desk.story;
    const row = el("p", { class: "now" });
    if (mention.entities.length) row.append("Now: ", ...join(mention.entities.map((id) => nameOf(faces.get(id))), "and") as (Node | string)[]);
    else row.append("Undecided whom this means");
    row.append(el("small", {}, mention.pinned ? "set by you" : `${percent(mention.confidence)} sure`));
    return row;
  }

  private lineAround(mention: Mention, block: Block): HTMLElement | null {
    const line = block.lines.find((each) => each.start <= mention.start && mention.end <= each.end);
    return line ? button([el("kbd", {}, "o"), " The line around it"], () => this.desk.pick({ kind: "line", id: line.id }), { class: "small", "data-around": line.id }) : null;
  }

  private say(who: Who): Promise<void> {
    const said = who === null ? "It means nobody." : `It means ${whoName(this.desk.story, who)}.`;
    return this.desk.correct({ op: "mention", mention: this.id, person: who, all: this.all }, said);
  }

  key(key: string): boolean {
    if (/^[1-9]$/.test(key)) {
      const chosen = this.element.querySelectorAll<HTMLButtonElement>(".choice")[Number(key) - 1];
      if (Number(key) <= NUMBERED) chosen?.click();
      return true;
    }
    const acts: Record<string, () => void> = {
      0: () => void this.say(null), w: () => this.field?.input.focus(),
      l: () => this.element.querySelector<HTMLInputElement>(".check input")?.click(),
      o: () => this.element.querySelector<HTMLButtonElement>("[data-around]")?.click(),
    };
    acts[key]?.();
    return key in acts;
  }
}
