/* A block's text with its lines, mentions and italics as properly nested elements; what crosses is cut in two. */

export interface Mark { start: number; end: number; order: number; open: (first: boolean) => HTMLElement; first?: boolean }

const ASTRAL = /[\ud800-\udbff]/u;

/** Turns offsets in code points of the whole story into UTF-16 offsets of one block. */
export function offsets(text: string, start: number): (point: number) => number {
  const clip = (at: number, length: number): number => Math.max(0, Math.min(length, at - start));
  if (!ASTRAL.test(text) && !/[\ud800-\udfff]/.test(text)) return (point) => clip(point, text.length);
  const places = [0];
  for (const character of text) places.push(places[places.length - 1]! + character.length);
  return (point) => places[clip(point, places.length - 1)]!;
}

/** The other way round: a UTF-16 offset in a block's text as a code point of the whole story. */
export function pointAt(text: string, start: number, offset: number): number {
  return start + [...text.slice(0, offset)].length;
}

function before(a: Mark, b: Mark): number {
  return a.start - b.start || b.end - a.end || a.order - b.order;
}

/** Marks are in UTF-16 offsets of `text`. */
export function nest(text: string, marks: Mark[], into: HTMLElement): void {
  const waiting = marks.filter((mark) => mark.start < mark.end).sort(before);
  const opened: { mark: Mark; element: HTMLElement }[] = [];
  let at = 0;
  const inner = (): HTMLElement => opened[opened.length - 1]?.element ?? into;
  const write = (until: number): void => {
    if (until > at) inner().append(text.slice(at, until));
    at = Math.max(at, until);
  };
  const closeUntil = (until: number): void => {
    for (let top = opened[opened.length - 1]; top && top.mark.end <= until; top = opened[opened.length - 1]) {
      write(top.mark.end);
      opened.pop();
    }
  };
  while (waiting.length) {
    let mark = waiting.shift()!;
    closeUntil(mark.start);
    const top = opened[opened.length - 1];
    if (top && mark.end > top.mark.end) {
      putBack(waiting, { ...mark, start: top.mark.end, first: false });
      mark = { ...mark, end: top.mark.end };
    }
    write(mark.start);
    const element = mark.open(mark.first ?? true);
    inner().append(element);
    opened.push({ mark, element });
  }
  closeUntil(text.length);
  write(text.length);
}

function putBack(waiting: Mark[], mark: Mark): void {
  const place = waiting.findIndex((other) => before(mark, other) < 0);
  waiting.splice(place < 0 ? waiting.length : place, 0, mark);
}

/** The stretch of a block's element that holds `[start, end)` of its text. */
export function rangeIn(element: Element, start: number, end: number): Range {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = (node as Text).length;
    if (start >= at && start <= at + length) range.setStart(node, start - at);
    if (end <= at + length) { range.setEnd(node, end - at); break; }
    at += length;
  }
  return range;
}
