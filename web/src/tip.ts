/* The note that tells whom a mention means, or who says a line, on hover and focus. */
import type { Line, Mention } from "./contract";
import { el, join, percent } from "./elements";
import { nameOf } from "./faces";
import { LOW, isLine } from "./look";
import type { Story } from "./story";

const VERBS: Record<string, string> = { speech: "says", thought: "thinks", written: "writes" };
const MARKED = "[data-m], [data-q]";
const LEAVE = 200;

export class Tip {
  readonly element = el("div", { id: "tip", class: "tip", role: "tooltip", hidden: true });
  private target: HTMLElement | null = null;
  private same: Element[] = [];
  private leaving = 0;
  private readonly pointer = { x: -1, y: -1 };

  constructor(private readonly story: Story, private readonly root: HTMLElement, stop: AbortSignal) {
    document.addEventListener("pointerover", (event) => this.hover(event), { signal: stop });
    document.addEventListener("pointermove", ({ clientX: x, clientY: y }) => { Object.assign(this.pointer, { x, y }); }, { passive: true, signal: stop });
  }

  /** What only scrolls under a resting pointer is not pointed at. */
  private hover(event: PointerEvent): void {
    if ((event.clientX === this.pointer.x && event.clientY === this.pointer.y) || event.pointerType === "touch") return;
    const pointed = event.target as Element;
    const target = pointed.closest<HTMLElement>(MARKED);
    if (target && this.root.contains(target)) this.show(target);
    else if (this.element.contains(pointed)) clearTimeout(this.leaving);
    else if (this.target && this.target !== document.activeElement) {
      clearTimeout(this.leaving);
      this.leaving = window.setTimeout(() => this.hide(), LEAVE);
    }
  }

  show(target: HTMLElement): void {
    clearTimeout(this.leaving);
    if (target === this.target) return;
    this.hide();
    if (target.matches(".picked")) return;
    const mention = target.closest<HTMLElement>("[data-m]"), line = target.closest<HTMLElement>("[data-q]");
    const rows = [mention && this.aboutMention(mention), line && this.aboutLine(line)].filter((row): row is HTMLElement => Boolean(row));
    if (!rows.length) return;
    this.element.replaceChildren(...rows);
    this.element.hidden = false;
    this.target = target;
    this.place();
    target.setAttribute("aria-describedby", "tip");
    if (mention?.dataset.e) this.light(mention);
  }

  /** Beside what it is about. */
  place(): void {
    const box = this.target?.getClientRects()[0];
    if (!box) return;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
    const top = box.bottom + 8 + height < innerHeight ? box.bottom + 8 : box.top - height - 8;
    this.element.style.setProperty("left", `${left + scrollX}px`);
    this.element.style.setProperty("top", `${top + scrollY}px`);
  }

  hide(): boolean {
    const was = this.target !== null;
    this.target?.removeAttribute("aria-describedby");
    for (const each of this.same) each.classList.remove("same");
    this.same = [];
    this.target = null;
    this.element.hidden = true;
    return was;
  }

  private light(mention: HTMLElement): void {
    const part = mention.closest(".part");
    this.same = part ? [...part.querySelectorAll(`[data-e="${CSS.escape(mention.dataset.e ?? "")}"]`)] : [];
    for (const each of this.same) each.classList.add("same");
  }

  private blockOf(element: HTMLElement): ReturnType<Story["block"]> {
    return this.story.block(Number(element.closest<HTMLElement>("[data-b]")?.dataset.b ?? -1));
  }

  private aboutMention(element: HTMLElement): HTMLElement | null {
    const mention = this.blockOf(element)?.mentions.find((each) => each.id === Number(element.dataset.m));
    return mention ? mentionRow(this.story, mention) : null;
  }

  private aboutLine(element: HTMLElement): HTMLElement | null {
    const line = this.blockOf(element)?.lines.find((each) => each.id === Number(element.dataset.q));
    return line ? lineRow(this.story, line) : null;
  }
}

function mentionRow(story: Story, mention: Mention): HTMLElement {
  const row = el("p");
  if (!mention.entities.length) row.append("Undecided whom this means");
  else row.append(...join(mention.entities.map((id) => nameOf(story.faces.get(id))), "and") as (Node | string)[]);
  const only = mention.entities.length === 1 ? story.entities.get(mention.entities[0]!) : undefined;
  if (mention.pinned) row.append(el("small", {}, "set by you"));
  else if (mention.entities.length && mention.confidence < LOW) row.append(el("small", {}, `a guess, ${percent(mention.confidence)} sure`));
  else if (only) row.append(el("small", {}, only.pronouns ?? (only.kind === "person" ? "" : only.kind)));
  return row;
}

function lineRow(story: Story, line: Line): HTMLElement {
  const row = el("p");
  if (!isLine(line)) row.append(line.kind === "other" ? "Nobody says this" : "Written; nobody is named");
  else if (line.speaker === null) row.append(el("b", { class: "name u" }, "Undecided who speaks"));
  else row.append(nameOf(story.faces.get(line.speaker)), ` ${VERBS[line.kind] ?? "says"}`);
  if (line.addressees.length) row.append(" to ", ...join(line.addressees.map((id) => nameOf(story.faces.get(id))), "and") as (Node | string)[]);
  const sure = line.pinned ? "set by you" : line.speaker === null ? line.why : `${percent(line.confidence)} sure: ${line.why}`;
  if (isLine(line) && sure) row.append(el("small", {}, sure));
  const others = line.alternatives.slice(0, 3).filter(([id]) => story.faces.has(id)).map(([id, chance]) => `${story.faces.get(id)!.name} ${percent(chance)}`);
  if (isLine(line) && !line.pinned && others.length) row.append(el("small", {}, `or ${others.join(", ")}`));
  if (story.waiting.has(line.id)) row.append(el("small", {}, "kept here, not sent yet"));
  return row;
}
