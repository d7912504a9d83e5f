/* The bar at the top of a story. */
import { button, el } from "./elements";
import { themeButton } from "./theme";

/** What the bar and the keys can have done. */
export interface Commands {
  search(): void; undo(): void; redo(): void; help(): void; corrections(): void; people(): void; pictures(): void; doubts(): void;
  readUpToHere(): void; readAll(): void; markSpeech(): void; putRight(): void; nextDoubt(): void; nextChanged(): void;
  mention(direction: number): void; line(direction: number): void; samePerson(direction: number): void; chapter(direction: number): void; onlyThis(): void;
}

export function bar(title: string, here: HTMLElement, chapters: HTMLElement, does: Commands): HTMLElement {
  return el("header", { class: "bar" },
    el("a", { class: "shelf-link", href: "#/", "aria-label": "All stories", title: "All stories" }, "‹"),
    el("span", { class: "book" }, title), here, chapters,
    button("Search", does.search, { class: "flat" }),
    button("↶", does.undo, { class: "icon roomy", "aria-label": "Undo", title: "Undo" }),
    button("↷", does.redo, { class: "icon roomy", "aria-label": "Do again", title: "Do again" }),
    menu(does), button("?", does.help, { class: "icon", "aria-label": "Help and keys", title: "Help and keys" }), themeButton());
}

function menu(does: Commands): HTMLElement {
  const made = el("details", { class: "menu" }, el("summary", {}, "More"));
  const item = (label: string, run: () => void): HTMLElement => button(label, () => { made.open = false; run(); }, { class: "flat" });
  made.append(el("div", { class: "menu-items" },
    item("Corrections and saving", does.corrections), item("Undo", does.undo), item("Do again", does.redo),
    item("I have read up to here", does.readUpToHere), item("I have read it all", does.readAll), item("Mark words as speech", does.markSpeech)));
  return made;
}

function openMenus(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>(".bar details[open]")];
}

/** Closes the menus but the one that was clicked in; tells whether one was open. */
export function closeMenus(clicked: Node | null = null): boolean {
  const menus = openMenus().filter((each) => !each.contains(clicked));
  for (const each of menus) each.open = false;
  return menus.length > 0;
}
