/* What the parts of a story's page may ask of one another. */
import type { Correction } from "./contract";
import type { Look } from "./look";
import type { Outbox } from "./outbox";
import type { Reader } from "./reader";
import type { Story } from "./story";

export type View = "story" | "line" | "people" | "pictures" | "doubts" | "search" | "corrections";
export type Picked = { kind: "line"; id: number } | { kind: "mention"; id: number } | { kind: "words"; block: number };

export interface Desk {
  readonly story: Story;
  readonly reader: Reader;
  readonly look: Look;
  readonly outbox: Outbox;
  readonly stop: AbortSignal;
  /** Opens a view; `focus` puts the keyboard there too. */
  view(name: View, focus?: boolean): void;
  pick(picked: Picked | null): void;
  goToBlock(block: number, start?: number, end?: number): Promise<void>;
  goToLine(id: number): Promise<void>;
  only(person: number | null): void;
  openPerson(person: number): void;
  /** Sends a correction; `said` tells in words what was done. */
  correct(correction: Correction, said: string): Promise<void>;
  /** A table of corrections (CSV) takes the place of those there are. */
  takeTable(table: Blob): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Tells in one line what happened. */
  say(text: string): void;
}

/** A part of the page beside the story. `update` is called when it is shown, and when something changed while it is. */
export interface Panel { readonly element: HTMLElement; update(): void }
