/* The numbered people one can answer with. */
import type { Who } from "./contract";
import { button, el, percent } from "./elements";
import type { Story } from "./story";

export const NUMBERED = 9;

export interface Option { who: number; probability: number | null; reason: string }

/** A button for each, the first nine with their number keys. `chosen` are pressed. */
export function choiceList(
  story: Story, options: Option[], chosen: ReadonlySet<number>, answer: (who: number) => void, toggles: boolean,
): HTMLElement {
  return el("ol", { class: "choices" }, ...options.map((option, i) => choice(story, option, i, chosen.has(option.who), answer, toggles)));
}

function choice(
  story: Story, option: Option, i: number, pressed: boolean, answer: (who: number) => void, toggles: boolean,
): HTMLElement {
  const face = story.faces.get(option.who);
  const chance = option.probability === null ? null : el("small", { class: "chance" }, percent(option.probability));
  return el("li", {}, button([
    i < NUMBERED ? el("kbd", {}, String(i + 1)) : el("span", { class: "nokey" }),
    toggles && el("span", { class: "tick", "aria-hidden": "true" }, pressed ? "✓" : ""),
    el("b", { class: `name ${face?.style ?? "n"}` }, face?.name ?? "somebody"), chance,
    option.reason ? el("small", { class: "reason" }, option.reason) : null,
  ], () => answer(option.who), { class: "choice", "aria-pressed": pressed ? "true" : "false", "data-who": option.who }));
}

/** The people met shortly before a place, the nearest first, then those with the most mentions. */
export async function peopleNear(story: Story, block: number, start: number, first: number[]): Promise<Option[]> {
  const BACK = 12, MOST = 9;
  await story.need(Array.from({ length: BACK + 2 }, (_, i) => block + 1 - i));
  const order = new Set(first);
  for (let n = block; n > block - BACK && n >= 0; n--) {
    const found = story.block(n)?.mentions.filter((m) => m.start < start && isPerson(story, m.entities[0])) ?? [];
    for (const mention of found.reverse()) for (const entity of mention.entities) order.add(entity);
    for (const line of story.block(n)?.lines ?? []) if (line.speaker !== null) order.add(line.speaker);
  }
  for (const person of [...story.people()].sort((a, b) => b.mentions - a.mentions)) if (order.size < MOST) order.add(person.id);
  return [...order].filter((id) => story.entities.has(id)).map((who) => ({ who, probability: null, reason: "" }));
}

function isPerson(story: Story, id: number | undefined): boolean {
  const kind = id === undefined ? undefined : story.entities.get(id)?.kind;
  return kind === "person" || kind === "group";
}

export function whoName(story: Story, who: Who): string {
  if (who === null) return "Nobody";
  return typeof who === "object" ? who.new : (story.faces.get(who)?.name ?? "somebody");
}
