/* How a block looks: its element, with lines in their speakers' colours and names in the margin. */
import type { Block, Line, Mention } from "./contract";
import { el } from "./elements";
import { NOBODY } from "./faces";
import { nest, offsets, type Mark } from "./spans";
import type { Story } from "./story";

export const LOW = 0.7;
const KINDS: Record<string, string> = { speech: "", thought: " t", written: " w", other: " o" };

export function isLine(line: Line): boolean {
  return line.kind === "speech" || line.kind === "thought" || (line.kind === "written" && line.speaker !== null);
}

export class Look {
  /** Whose lines alone stand out, and which lines changed by the last correction. */
  only: number | null = null;
  changed = new Set<number>();
  picked: { line?: number; mention?: number } = {};

  constructor(private readonly story: Story) {}

  /** `after` is the kind of the block before. */
  element(block: Block, after: string, level: number): HTMLElement {
    const made = el(tag(block, level), { class: style(block, after), "data-b": block.n });
    if (block.kind === "break") made.setAttribute("role", "separator");
    nest(block.text, this.marks(block), made);
    return made;
  }

  private marks(block: Block): Mark[] {
    const at = offsets(block.text, block.start);
    const span = (each: { start: number; end: number }): { start: number; end: number } => ({ start: at(each.start), end: at(each.end) });
    const label = this.label(block);
    const first = [...block.lines].sort((a, b) => a.start - b.start).find(isLine);
    return [
      ...block.lines.map((line) => ({
        ...span(line), order: 0, open: (start: boolean) => this.lineElement(line, start && line === first ? label : []),
      })),
      ...block.emphasis.map(([start, end]) => ({ ...span({ start, end }), order: 1, open: () => el("em") })),
      ...block.mentions.map((mention) => ({ ...span(mention), order: 2, open: () => this.mentionElement(mention) })),
    ];
  }

  private lineElement(line: Line, label: [string, string][]): HTMLElement {
    const made = el("span", { class: this.lineStyle(line), "data-q": line.id });
    if (label.length) {
      made.dataset.w = [...new Set(label.map((pair) => pair[0]))].join(" · ");
      made.dataset.i = [...new Set(label.map((pair) => pair[1]))].join(" · ");
    }
    return made;
  }

  private lineStyle(line: Line): string {
    const states = [
      this.changed.has(line.id) && "new", this.picked.line === line.id && "picked",
      this.story.waiting.has(line.id) && "unsent", this.only !== null && line.speaker === this.only && isLine(line) && "on",
    ].filter(Boolean).map((state) => ` ${state as string}`).join("");
    if (!isLine(line)) return `q${KINDS[line.kind] ?? ""}${states}`;
    const colour = line.speaker === null ? NOBODY : (this.story.faces.get(line.speaker)?.style ?? "n");
    const doubt = line.speaker !== null && line.confidence < LOW && !line.pinned ? " lo" : "";
    return `q ${colour}${KINDS[line.kind] ?? ""}${doubt}${states}`;
  }

  private mentionElement(mention: Mention): HTMLElement {
    const picked = this.picked.mention === mention.id ? "picked" : null;
    return el("span", { "data-m": mention.id, "data-e": mention.entities.join(" "), class: picked });
  }

  /** The names of those who speak here, as the margin shows them: long and short. */
  private label(block: Block): [string, string][] {
    let end = 0;
    const outer = [...block.lines].sort((a, b) => a.start - b.start || b.end - a.end).filter((line) => {
      const out = isLine(line) && line.end > end;
      if (out) end = line.end;
      return out;
    });
    return outer.map((line) => {
      const face = line.speaker === null ? undefined : this.story.faces.get(line.speaker);
      if (!face) return ["?", "?"];
      const doubt = line.confidence < LOW && !line.pinned ? "?" : "";
      return [face.short + doubt, face.initials + doubt];
    });
  }
}

function tag(block: Block, level: number): "h2" | "h3" | "p" {
  if (block.kind !== "heading") return "p";
  return level <= 1 ? "h2" : "h3";
}

function style(block: Block, after: string): string {
  if (block.kind === "heading") return "b";
  if (block.kind === "break") return `b br${/[\p{L}\p{N}]/u.test(block.text) ? " words" : ""}`;
  if (block.kind === "verse") return "b v";
  return after === "paragraph" ? "b" : "b s";
}
