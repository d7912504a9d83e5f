/* Corrections on their way. What couldn't be sent is kept in the browser and goes out when the server is back. */
import type { Change, Correction } from "./contract";
import { Lost, Refused } from "./server";
import type { Story } from "./story";

interface Kept { key: string; body: Correction }

const AGAIN = 600;

export class Outbox {
  private items: Kept[];
  private sending: Promise<void> | null = null;
  private readonly place: string;

  constructor(private readonly story: Story, private readonly refused: (reason: string) => void) {
    this.place = `personae:unsent:${location.host}:${story.id}`;
    this.items = read(this.place);
    for (const { body } of this.items) if ("line" in body) story.waiting.add(body.line);
  }

  get size(): number {
    return this.items.length;
  }

  /** Keeps a correction and sends it; done when it has been sent, or kept because nobody answers. */
  push(body: Correction): Promise<void> {
    this.items.push({ key: crypto.randomUUID(), body });
    this.keep();
    if (this.story.server.lost) this.story.foresee(body);
    return this.flush();
  }

  /** Takes back the last one that wasn't sent yet. */
  takeBack(): boolean {
    const last = this.sending ? undefined : this.items.pop();
    if (!last) return false;
    this.keep();
    if ("line" in last.body) this.story.waiting.delete(last.body.line);
    return true;
  }

  flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => { this.sending = null; });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    while (this.items.length && !this.story.server.lost) {
      const item = this.items[0]!;
      try {
        const change = await this.story.server.post<Change>(this.story.path("/corrections"), { ...item.body, key: item.key });
        this.done(item);
        await this.story.apply(change);
      } catch (error) {
        if (error instanceof Lost) { this.story.foresee(item.body); return; }
        if (!(error instanceof Refused)) throw error;
        if (error.status === 409 || error.status === 503) { await new Promise((later) => setTimeout(later, AGAIN)); continue; }
        this.done(item);
        this.refused(error.message);
      }
    }
  }

  private done(item: Kept): void {
    this.items = this.items.filter((each) => each !== item);
    if ("line" in item.body) this.story.waiting.delete(item.body.line);
    this.keep();
  }

  private keep(): void {
    if (this.items.length) localStorage.setItem(this.place, JSON.stringify(this.items));
    else localStorage.removeItem(this.place);
  }
}

function read(place: string): Kept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(found) ? (found as Kept[]) : [];
  } catch {
    return [];
  }
}
