/* Elements made by hand: text is always text, never markup, and styles are classes. */

export type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => void);
export type Attributes = Record<string, Value>;

const SVG = "http://www.w3.org/2000/svg";

function set(made: Element, name: string, value: Value): void {
  if (typeof value === "function") made.addEventListener(name.slice(2), value as unknown as EventListener);
  else if (value === true) made.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
}

function fill<E extends Element>(made: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) set(made, name, value);
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return made;
}

/** `el("p", {class: "row", onclick: f}, "text", node)` */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** New children in place of the old; what is null or false is left out. */
export function refill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  fill(element, {}, children);
}

export function button(label: Child | Child[], press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", onclick: press, ...attributes }, ...(Array.isArray(label) ? label : [label]));
}

/** Words that lead somewhere; they flow with the text around them, as a button can't. */
export function link(words: Child | Child[], href: string, follow: () => void, attributes: Attributes = {}): HTMLAnchorElement {
  const press = (event: Event): void => { event.preventDefault(); follow(); };
  return el("a", { href, onclick: press, class: "link", ...attributes }, ...(Array.isArray(words) ? words : [words]));
}

/** "a", "a and b", "a, b and c" as nodes. */
export function join(nodes: Node[], word: string): Child[] {
  return nodes.flatMap((node, i) => (i === 0 ? [node] : [i === nodes.length - 1 ? ` ${word} ` : ", ", node]));
}

const MANY: Record<string, string> = { person: "people", story: "stories" };

const NUMBERS = new Intl.NumberFormat("en");

/** "1,204". */
export function number(count: number): string {
  return NUMBERS.format(count);
}

/** "1 line", "1,204 lines", "3 people". */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${count === 1 ? noun : (MANY[noun] ?? `${noun}s`)}`;
}

/** Text on one line, cut at a word after at most `limit` characters. */
export function shorten(text: string, limit: number): string {
  const line = text.trim().replace(/\s+/gu, " ");
  if (line.length <= limit) return line;
  const head = line.slice(0, limit);
  const cut = head.lastIndexOf(" ");
  return `${(cut > 0 ? head.slice(0, cut) : head).replace(/[ ,;:—–-]+$/u, "")} …`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Whether keys now belong to a field that takes text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
}
