/* Sending corrections, undo and redo; and what is to be done when the server was away. */
import type { Change, Correction } from "./contract";
import { plural } from "./elements";
import type { Connection, Notice } from "./notice";
import type { Outbox } from "./outbox";
import type { Story } from "./story";

const TRIES = 200;
const AGAIN = 500;

export class Corrector {
  constructor(
    private readonly story: Story, private readonly outbox: Outbox, private readonly notice: Notice,
    private readonly connection: Connection, private readonly say: (text: string) => void, private readonly stop: AbortSignal,
  ) {
    stop.addEventListener("abort", story.server.watch((lost) => this.connected(lost)));
    if (story.server.lost) this.connected(true);
  }

  /** `said` tells in words what was done. */
  async correct(correction: Correction, said: string): Promise<void> {
    this.notice.begin(said, "line" in correction ? correction.line : null);
    await this.outbox.push(correction);
    if (!this.story.server.lost) return;
    this.connection.show(true, this.outbox.size);
    this.notice.tell(`${said} Kept here until Personae is back.`);
  }

  undo(): Promise<void> {
    if (!this.outbox.takeBack()) return this.turn("undo", "Undone.");
    this.connection.show(this.story.server.lost, this.outbox.size);
    this.notice.tell("The last correction was taken back; it hadn’t been sent yet.");
    return this.story.refresh().catch(() => undefined);
  }

  redo(): Promise<void> {
    return this.turn("redo", "Done again.");
  }

  private async turn(way: "undo" | "redo", said: string): Promise<void> {
    const nothing = way === "undo" ? "There is nothing to undo." : "There is nothing to do again.";
    if (!this.story.skeleton.corrections[way]) return this.say(nothing);
    return this.send(`/${way}`, said);
  }

  /** A table of corrections takes the place of those there are. */
  take(table: Blob): Promise<void> {
    return this.send("/corrections.csv", "The table of corrections was read.", table);
  }

  private async send(way: string, said: string, body?: Blob): Promise<void> {
    this.notice.begin(said, null);
    try {
      await this.story.apply(await this.story.server.post<Change>(this.story.path(way), body));
    } catch (error) {
      this.notice.tell((error as Error).message);
    }
  }

  private connected(lost: boolean): void {
    this.connection.show(lost, this.outbox.size);
    if (!lost) void this.comeBack();
  }

  /** The server is there again: what was kept goes out, then everything is asked for anew, whatever its version says. */
  private async comeBack(): Promise<void> {
    const kept = this.outbox.size;
    await this.outbox.flush();
    for (let turn = 0; turn < TRIES && !this.story.server.lost && !this.stop.aborted; turn++) {
      if (await this.story.refresh().then(() => true, () => false)) break;
      await new Promise((later) => setTimeout(later, AGAIN));
    }
    if (kept && !this.outbox.size) this.say(`${plural(kept, "kept correction")} sent.`);
  }
}
