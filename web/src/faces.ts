/* How people look on the page: colour, initials, and a name that fits a margin. */
import type { Entity } from "./contract";
import { el, shorten } from "./elements";

const COLOURS = 8;
const PATTERNS = 3;
const SHORT = 15;

export interface Face { id: number; name: string; short: string; initials: string; style: string }

export const NOBODY = "u";

function style(entity: Entity): string {
  if (entity.kind !== "person" && entity.kind !== "group") return "n";
  return entity.color < COLOURS ? `c${entity.color}` : `n n${entity.color % PATTERNS}`;
}

function short(entity: Entity): string {
  const fitting = [entity.name, ...entity.aliases].filter((name) => name.length > 0 && name.length <= SHORT);
  if (fitting.includes(entity.name) || !fitting.length) return shorten(entity.name || "unnamed", SHORT);
  return fitting.reduce((best, name) => (name.length > best.length ? name : best));
}

function initials(entity: Entity, taken: Map<string, number>): string {
  const words = entity.name.match(/\p{L}+/gu) ?? ["?"];
  const first = words[0] ?? "?", last = words.length > 1 ? (words[words.length - 1] ?? "") : "";
  const full = (String.fromCodePoint(first.codePointAt(0)!) + (last ? String.fromCodePoint(last.codePointAt(0)!) : "")).toUpperCase();
  const pair = first.slice(0, 1).toUpperCase() + first.slice(1, 2).toLowerCase();
  const free = [full, pair].find((candidate) => !taken.has(candidate)) ?? `${full}${(taken.get(full) ?? 0) + 1}`;
  taken.set(full, (taken.get(full) ?? 0) + 1);
  if (free !== full) taken.set(free, 1);
  return free;
}

/** A face for each; the initials of no two are alike. */
export function faces(entities: Entity[]): Map<number, Face> {
  const taken = new Map<string, number>();
  return new Map(entities.map((e) => [
    e.id, { id: e.id, name: e.name || "unnamed", short: short(e), initials: initials(e, taken), style: style(e) },
  ]));
}

/** A name in its colour. */
export function nameOf(face: Face | undefined): HTMLElement {
  return el("b", { class: `name ${face?.style ?? NOBODY}` }, face?.name ?? "somebody");
}
