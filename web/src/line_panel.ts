/* Who says this? One line, the people it may be, and everything that can be put right about it. */
import type { Line, LineAnswer, Who } from "./contract";
import { choiceList, NUMBERED, whoName, type Option } from "./choices";
import type { Desk } from "./desk";
import { button, el, join, percent, shorten } from "./elements";
import { nameOf } from "./faces";
import { PersonField } from "./person_field";

const MOST = 14;
const VERBS: Record<string, string> = { speech: "says", thought: "thinks", written: "writes" };

export class LineForm {
  readonly kind = "line";
  readonly element = el("div", { class: "form", "data-form": "line" });
  private answer: LineAnswer | null = null;
  private toWhom = false;
  private listeners = new Set<number>();
  private all = false;
  private busy = false;
  private field: PersonField | null = null;

  constructor(private readonly desk: Desk, readonly id: number) {}

  async load(): Promise<void> {
    this.answer = await this.desk.story.server.get<LineAnswer>(this.desk.story.path(`/lines/${this.id}`));
    this.listeners = new Set(this.answer.line.addressees);
    this.element.dataset.about = String(this.id);
    this.draw();
  }

  private draw(): void {
    if (!this.answer) return;
    const { line } = this.answer;
    this.element.replaceChildren(
      el("blockquote", { class: "picked-line" }, shorten(this.text(line), 280)),
      this.now(line),
      ...(this.toWhom ? this.askToWhom(line) : this.askWho(line)),
    );
  }

  private text(line: Line): string {
    const blocks = this.answer?.context ?? [];
    const block = blocks.find((each) => each.lines.some((other) => other.id === line.id)) ?? this.desk.story.block(this.desk.story.blockOfLine(line.id) ?? -1);
    return block ? this.desk.story.words(block, line.start, line.end) : "";
  }

  private now(line: Line): HTMLElement {
    const { faces } = this.desk.story;
    const row = el("p", { class: "now" });
    if (line.kind === "other") row.append("Nobody says this: it isn’t speech");
    else if (line.speaker === null) row.append("Undecided who speaks");
    else row.append(nameOf(faces.get(line.speaker)), ` ${VERBS[line.kind] ?? "says"} this`);
    if (line.addressees.length) row.append(" to ", ...join(line.addressees.map((id) => nameOf(faces.get(id))), "and") as (Node | string)[]);
    const sure = line.pinned ? "set by you" : line.speaker === null ? line.why : `${percent(line.confidence)} sure${line.why ? `: ${line.why}` : ""}`;
    row.append(el("small", {}, sure));
    return row;
  }

  /* ---- Who says this? ---- */

  private askWho(line: Line): HTMLElement[] {
    const said = line.kind === "other" ? null : line.speaker;
    const like = el("label", { class: "check" },
      el("input", { type: "checkbox", onchange: (event: Event) => { this.all = (event.target as HTMLInputElement).checked; } }),
      el("span", {}, "All lines told like this one ", el("kbd", {}, "l")));
    like.querySelector("input")!.checked = this.all;
    this.field = new PersonField(this.desk.story, { label: "Somebody else…", fresh: true, chosen: (who) => void this.speaker(who) });
    return [
      el("h3", {}, line.kind === "thought" ? "Who thinks this?" : "Who says this?"),
      choiceList(this.desk.story, this.options(), new Set(said === null ? [] : [said]), (who) => void this.speaker(who), false),
      el("div", { class: "row-key" }, el("kbd", {}, "w"), this.field.element),
      this.others(line), like,
    ];
  }

  private others(line: Line): HTMLElement {
    const act = (key: string, label: string, press: () => void, pressed = false): HTMLElement =>
      button([el("kbd", {}, key), ` ${label}`], press, { class: "small", "aria-pressed": pressed ? "true" : "false" });
    return el("div", { class: "acts" },
      act("c", "It’s right", () => void this.confirm(), line.pinned),
      act("0", "Nobody", () => void this.speaker(null), line.speaker === null && line.pinned && line.kind !== "other"),
      act("x", "Not speech", () => void this.other("not_speech", "Not speech."), line.kind === "other"),
      act("t", "Only thought", () => void this.other("thought", "Only thought."), line.kind === "thought"),
      act("a", "To whom?", () => this.turn()));
  }

  private options(): Option[] {
    return (this.answer?.choices ?? []).slice(0, MOST).filter((c) => this.desk.story.entities.has(c.entity))
      .map((c) => ({ who: c.entity, probability: c.probability > 0.004 ? c.probability : null, reason: c.reason }));
  }

  private async speaker(who: Who): Promise<void> {
    const name = whoName(this.desk.story, who);
    const said = who === null ? "Nobody in the cast says this." : `${name} says this.`;
    await this.once(() => this.desk.correct({ op: "speaker", line: this.id, person: who, all: this.all }, said));
  }

  private other(op: "not_speech" | "thought", said: string): Promise<void> {
    return this.once(() => this.desk.correct({ op, line: this.id }, said));
  }

  private confirm(): Promise<void> {
    return this.once(() => this.desk.correct({ op: "confirm", line: this.id }, "It’s right."));
  }

  /** One answer at a time. */
  private async once(send: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try { await send(); } finally { this.busy = false; }
  }

  /* ---- To whom? ---- */

  private askToWhom(line: Line): HTMLElement[] {
    const options = this.options().filter((option) => option.who !== line.speaker).map((o) => ({ ...o, probability: null, reason: "" }));
    this.field = new PersonField(this.desk.story, { label: "Somebody else…", fresh: false, chosen: (who) => { if (typeof who === "number") this.toggle(who); } });
    const known = new Set(options.map((option) => option.who));
    const more = [...this.listeners].filter((who) => !known.has(who)).map((who) => ({ who, probability: null, reason: "" }));
    return [
      el("h3", {}, "To whom?"),
      choiceList(this.desk.story, [...options, ...more], this.listeners, (who) => this.toggle(who), true),
      el("div", { class: "row-key" }, el("kbd", {}, "w"), this.field.element),
      el("div", { class: "acts" },
        button([el("kbd", {}, "Enter"), " Save"], () => void this.saveListeners(), { class: "small main" }),
        button([el("kbd", {}, "0"), " To nobody"], () => { this.listeners.clear(); void this.saveListeners(); }, { class: "small" }),
        button([el("kbd", {}, "a"), " Back to who says it"], () => this.turn(), { class: "small" })),
    ];
  }

  private toggle(who: number): void {
    if (!this.listeners.delete(who)) this.listeners.add(who);
    this.draw();
  }

  private turn(): void {
    this.toWhom = !this.toWhom;
    this.draw();
    this.desk.say(this.toWhom ? "To whom? Number keys choose, Enter saves." : "Who says this?");
  }

  private async saveListeners(): Promise<void> {
    const persons = [...this.listeners];
    const names = persons.map((who) => whoName(this.desk.story, who)).join(" and ");
    this.toWhom = false;
    await this.once(() => this.desk.correct({ op: "addressees", line: this.id, persons }, persons.length ? `Said to ${names}.` : "Said to nobody."));
  }

  /* ---- Keys. ---- */

  key(key: string): boolean {
    if (!this.answer) return /^[0-9]$/.test(key);
    if (/^[1-9]$/.test(key)) {
      const chosen = this.element.querySelectorAll<HTMLButtonElement>(".choice")[Number(key) - 1];
      if (Number(key) <= NUMBERED) chosen?.click();
      return true;
    }
    const act = this.toWhom ? this.toWhomKeys()[key] : this.whoKeys()[key];
    act?.();
    return Boolean(act);
  }

  private whoKeys(): Record<string, () => void> {
    return {
      0: () => void this.speaker(null), c: () => void this.confirm(), x: () => void this.other("not_speech", "Not speech."),
      t: () => void this.other("thought", "Only thought."), a: () => this.turn(), l: () => this.element.querySelector<HTMLInputElement>(".check input")?.click(),
      w: () => this.field?.input.focus(),
    };
  }

  private toWhomKeys(): Record<string, () => void> {
    return {
      0: () => { this.listeners.clear(); void this.saveListeners(); }, Enter: () => void this.saveListeners(),
      a: () => this.turn(), w: () => this.field?.input.focus(),
    };
  }
}
