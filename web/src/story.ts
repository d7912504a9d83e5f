/* One story as the page knows it: its skeleton, the blocks fetched so far, and what changes. */
import type { Block, Change, Correction, Entity, Line, Mention, ShelfStory, Skeleton } from "./contract";
import { percent } from "./elements";
import { faces, type Face } from "./faces";
import { Lost, Refused, type Server } from "./server";

const CHUNK = 50;
const MOST = 400;
const SETTLE = 250;
const PATIENCE = 120;

/** Who says a line (-1 where nobody is known), and to whom. */
export interface Said { speaker: number; addressees: number[] }

/** What changed: lines with who said them before, blocks to lay out again, or everything. */
export interface News { from: "correction" | "server" | "kept"; lines: number[]; before: Map<number, Said>; blocks: number[]; all: boolean; settling: boolean }
type Listener = (news: News) => void;

export class Story {
  skeleton!: Skeleton;
  entities = new Map<number, Entity>();
  faces = new Map<number, Face>();
  /** Where in the columns each line stands. */
  at = new Map<number, number>();
  /** Lines that wait to be sent. */
  readonly waiting = new Set<number>();
  private readonly blocks = new Map<number, Block>();
  private readonly coming = new Map<number, Promise<void>>();
  private readonly listeners = new Set<Listener>();
  private settlingSince = -1;

  constructor(readonly id: number, readonly server: Server) {}

  path(rest = "", query: Record<string, string> = {}): string {
    const asked = new URLSearchParams(query);
    if (!this.skeleton || this.skeleton.read_to !== null) asked.set("spoilers", "0");
    const after = asked.toString();
    return `/api/stories/${this.id}${rest}${after ? `?${after}` : ""}`;
  }

  watch(listener: Listener): void {
    this.listeners.add(listener);
  }

  async load(): Promise<void> {
    this.skeleton = await this.server.get<Skeleton>(this.path());
    this.blocks.clear();
    this.coming.clear();
    this.know(this.skeleton.entities);
    this.indexLines();
    if (this.skeleton.settling) void this.settle();
  }

  /** Everything again, as the server has it now. */
  async refresh(): Promise<void> {
    await this.load();
    this.tell({ from: "server", lines: [], before: new Map(), blocks: [], all: true, settling: false });
  }

  private know(entities: Entity[]): void {
    this.entities = new Map(entities.map((entity) => [entity.id, entity]));
    this.faces = faces(entities);
  }

  private indexLines(): void {
    this.at = new Map(this.skeleton.lines.id.map((id, i) => [id, i]));
  }

  /* ---- Blocks, fetched in pieces as they come near. ---- */

  block(n: number): Block | undefined {
    return this.blocks.get(n);
  }

  /** Fetches those of the blocks that aren't here yet. */
  async need(numbers: Iterable<number>): Promise<void> {
    const pieces = new Set<number>();
    for (const n of numbers) {
      if (n >= 0 && n < this.skeleton.blocks && !this.blocks.has(n)) pieces.add(Math.floor(n / CHUNK));
    }
    await Promise.all([...pieces].map((piece) => this.fetchPiece(piece)));
  }

  private fetchPiece(piece: number): Promise<void> {
    const coming = this.coming.get(piece)
      ?? this.fetchBlocks(piece * CHUNK, (piece + 1) * CHUNK).finally(() => this.coming.delete(piece));
    this.coming.set(piece, coming);
    return coming;
  }

  private async fetchBlocks(from: number, to: number): Promise<void> {
    const end = Math.min(to, this.skeleton.blocks);
    const answer = await this.server.get<{ blocks: Block[] }>(this.path("/blocks", { from: `${from}`, to: `${end}` }));
    for (const block of answer.blocks) this.blocks.set(block.n, block);
  }

  /* ---- Lines and mentions. ---- */

  async line(id: number): Promise<Line | undefined> {
    const at = this.at.get(id);
    if (at === undefined) return undefined;
    const n = this.skeleton.lines.block[at]!;
    await this.need([n]);
    return this.block(n)?.lines.find((line) => line.id === id);
  }

  blockOfLine(id: number): number | undefined {
    const at = this.at.get(id);
    return at === undefined ? undefined : this.skeleton.lines.block[at];
  }

  /** A mention among the blocks that are here. */
  mention(id: number): { mention: Mention; block: Block } | undefined {
    for (const block of this.blocks.values()) {
      const mention = block.mentions.find((each) => each.id === id);
      if (mention) return { mention, block };
    }
    return undefined;
  }

  words(block: Block, start: number, end: number): string {
    return [...block.text].slice(Math.max(0, start - block.start), end - block.start).join("");
  }

  /** Whether somebody says, thinks or writes it. */
  spoken(at: number): boolean {
    const { kind, speaker } = this.skeleton.lines;
    return kind[at] === "speech" || kind[at] === "thought" || (kind[at] === "written" && speaker[at]! >= 0);
  }

  linesOf(person: number): number[] {
    const { id, speaker } = this.skeleton.lines;
    return id.filter((_, i) => speaker[i] === person && this.spoken(i));
  }

  people(): Entity[] {
    return this.skeleton.entities.filter((e) => e.kind === "person" || e.kind === "group");
  }

  chapterOf(n: number): number {
    const found = this.skeleton.chapters.findIndex((chapter) => n >= chapter.block && n < chapter.end_block);
    return found < 0 ? 0 : found;
  }

  chapterName(index: number): string {
    const chapter = this.skeleton.chapters[index];
    return chapter?.title ?? (this.skeleton.chapters.length > 1 ? `Part ${index + 1}` : this.skeleton.title);
  }

  /* ---- Changes. ---- */

  private looks(): string {
    return [...this.faces.values()].map((face) => `${face.id} ${face.name} ${face.style} ${face.initials}`).join("\n");
  }

  private said(lines: number[]): Map<number, Said> {
    const { speaker, addressees } = this.skeleton.lines, at = (id: number): number => this.at.get(id) ?? -1;
    return new Map(lines.map((id) => [id, { speaker: speaker[at(id)] ?? -1, addressees: addressees[at(id)] ?? [] }]));
  }

  /** Takes in what the server answered to a correction. */
  async apply(change: Change): Promise<void> {
    const s = this.skeleton, looks = this.looks(), before = this.said(change.changed.lines);
    Object.assign(s, { version: change.version, entities: change.entities ?? s.entities, queue: change.queue, corrections: change.corrections });
    s.talks = change.talks ?? s.talks;
    s.presence = change.presence ?? s.presence;
    if (change.entities) this.know(change.entities);
    if (change.lines) { s.lines = change.lines; this.indexLines(); }
    for (const block of change.blocks) { this.blocks.set(block.n, block); this.intoColumns(block); }
    await this.catchUp(change);
    const all = looks !== this.looks();
    this.tell({ from: "correction", lines: change.changed.lines, before, blocks: change.changed.blocks, all, settling: change.settling });
    if (change.settling) void this.settle();
  }

  /** Changed blocks beyond those that the answer carries. */
  private async catchUp(change: Change): Promise<void> {
    const sent = new Set(change.blocks.map((block) => block.n));
    const left = change.changed.blocks.filter((n) => !sent.has(n)).sort((a, b) => a - b);
    for (const n of left) this.blocks.delete(n);
    for (let i = 0; i < left.length; ) {
      const from = left[i]!;
      while (i < left.length && left[i]! < from + MOST) i++;
      await this.fetchBlocks(from, Math.min(left[i - 1]! + 1, from + MOST));
    }
    for (const n of left) { const block = this.block(n); if (block) this.intoColumns(block); }
  }

  private intoColumns(block: Block): void {
    const c = this.skeleton.lines;
    for (const line of block.lines) {
      const at = this.at.get(line.id);
      if (at === undefined) continue;
      c.speaker[at] = line.speaker ?? -1;
      c.addressees[at] = line.addressees;
      c.confidence[at] = line.confidence;
      c.pinned[at] = line.pinned ? 1 : 0;
      c.kind[at] = line.kind;
    }
  }

  /** Asks until the whole story has been solved again. */
  private async settle(): Promise<void> {
    const since = this.skeleton.version;
    if (this.settlingSince === since) return;
    this.settlingSince = since;
    for (let turn = 0; turn < PATIENCE && this.skeleton.version === since; turn++) {
      await new Promise((done) => setTimeout(done, SETTLE));
      if (this.skeleton.version !== since) return;
      const change = await this.server.poll<Change>(this.path("/changes", { since: `${since}` })).catch(() => null);
      if (change && change.version >= this.skeleton.version && this.skeleton.version === since) return this.apply(change);
    }
  }

  /** Shows a kept correction before the server knows of it. */
  foresee(correction: Correction): void {
    if (!("line" in correction)) return;
    this.waiting.add(correction.line);
    const n = this.blockOfLine(correction.line);
    const line = n === undefined ? undefined : this.block(n)?.lines.find((each) => each.id === correction.line);
    if (n === undefined || !line) return;
    if (correction.op === "speaker" && (correction.person === null || typeof correction.person === "number")) line.speaker = correction.person;
    if (correction.op === "not_speech") line.kind = "other";
    this.intoColumns(this.block(n)!);
    this.tell({ from: "kept", lines: [], before: new Map(), blocks: [n], all: false, settling: false });
  }

  private tell(news: News): void {
    for (const listener of this.listeners) listener(news);
  }
}

/** Loads a story; where the server isn't ready with it yet, waits for it. */
export async function opened(story: Story, waiting: (reason: string) => void, stop: AbortSignal): Promise<void> {
  for (let wait = 400; !stop.aborted; wait = Math.min(2 * wait, 2_000)) {
    try {
      return await story.load();
    } catch (error) {
      const later = error instanceof Lost || (error instanceof Refused && (error.status === 409 || error.status === 503));
      if (!later) throw error;
      waiting(await progress(story) ?? (error as Error).message);
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/** How far the server is with a story that it reads or opens. Raises what the shelf says of one that it can't show. */
async function progress(story: Story): Promise<string | null> {
  const shelf = await story.server.get<{ stories: ShelfStory[] }>("/api/shelf").catch(() => null);
  const found = shelf?.stories.find((each) => each.id === story.id);
  if (found?.state === "failed") throw new Error(found.error ?? `${found.title} couldn’t be read.`);
  if (found?.state === "cancelled") throw new Error(`Reading of ${found.title} was stopped; begin it again on the shelf.`);
  return found && found.state !== "ready" ? `${found.title}: ${found.step || "waiting"} … ${percent(found.progress)}` : null;
}
