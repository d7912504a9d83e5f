/* What the server sends and takes. Offsets are code points of the whole story. */

export type StoryState = "waiting" | "reading" | "ready" | "failed" | "cancelled";

export interface ShelfStory {
  id: number; title: string; author: string | null; words: number; state: StoryState; progress: number;
  step: string; error: string | null; doubtful: number; lines: number; corrections: number;
}

export interface Entity {
  id: number; name: string; kind: string; aliases: string[]; pronouns: string | null; narrator: boolean;
  mentions: number; lines: number; words_said: number; first_block: number; first_line_block: number | null;
  color: number; unnamed: boolean;
}

export interface Line {
  id: number; start: number; end: number; kind: string; speaker: number | null; addressees: number[];
  confidence: number; pinned: boolean; utterance: number; alternatives: [number, number][]; why: string;
}

export interface Mention {
  id: number; start: number; end: number; entities: number[]; form: string; confidence: number; pinned: boolean;
}

export interface Block {
  n: number; kind: string; start: number; text: string; lines: Line[]; mentions: Mention[]; emphasis: [number, number][];
}

export interface Chapter {
  title: string | null; block: number; end_block: number; words: number; lines: number; speech_words: number;
}

/** The lines of a whole story, one array a column; speaker is -1 where nobody is known. */
export interface LineColumns {
  id: number[]; block: number[]; start: number[]; speaker: number[]; addressees: number[][];
  confidence: number[]; pinned: number[]; kind: string[];
}

export interface Unfit { number: number; text: string; reason: string }
export interface CorrectionState { count: number; undo: boolean; redo: boolean; unfit: Unfit[] }
export type Talk = [from: number, to: number, lines: number];

export interface Skeleton {
  id: number; version: number; title: string; author: string | null; words: number; characters: number;
  chapters: Chapter[]; blocks: number; block_chars: number[]; entities: Entity[]; lines: LineColumns;
  slices?: { unit: "chapter" | "slice"; count: number }; presence: Record<string, number[]>; talks: Talk[]; queue: number[]; corrections: CorrectionState;
  position: number; read_to: number | null; settling?: boolean;
}

export interface Change {
  version: number; ms: number; changed: { lines: number[]; blocks: number[] }; blocks: Block[];
  entities: Entity[] | null; gone: number[]; queue: number[]; talks: Talk[] | null; presence: Record<string, number[]> | null;
  lines: LineColumns | null; corrections: CorrectionState; settling: boolean;
}

export interface Choice { entity: number; probability: number; reason: string }
export interface LineAnswer { line: Line; context: Block[]; choices: Choice[] }

export interface Trait { text: string; block: number; start: number; end: number; count?: number; sentence?: string }
/** Words by which a person is called, with the mentions that say them. */
export interface Called { words: string; form: string; mentions: number[]; block: number }

export interface Card {
  entity: Entity; does: Trait[]; is: Trait[]; has: Trait[]; others?: Trait[]; relations: { text: string; entity?: number; block: number; start: number; end: number }[];
  talks_to: [number, number][]; spoken_to_by: [number, number][]; sample_lines: number[]; called?: Called[];
}

export interface Found { block: number; start: number; end: number; before: string; match: string; after: string }

export type Who = number | null | { new: string };

export type Correction =
  | { op: "speaker"; line: number; person: Who; all: boolean }
  | { op: "addressees"; line: number; persons: Who[] }
  | { op: "not_speech" | "thought" | "confirm"; line: number }
  | { op: "speech"; start: number; end: number }
  | { op: "mention"; mention: number; person: Who; all: boolean }
  | { op: "merge"; into: number; persons: number[] }
  | { op: "split"; person: number; lines: number[]; mentions: number[]; name: string }
  | { op: "rename"; person: number; name: string }
  | { op: "pronouns"; person: number; pronouns: string }
  | { op: "alias"; person: number; alias: string }
  | { op: "not_person"; person: number };
