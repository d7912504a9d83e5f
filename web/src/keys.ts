/* What each key does on a story's page, and the sheet that tells it. */
import { button, el, isTyping } from "./elements";

export interface Key { keys: string[]; does: string; group: string; run?: () => void }

const PLACE = "personae:keys";

export class Keys {
  readonly sheet = el("dialog", { class: "sheet", "aria-labelledby": "keys-title" });
  private on = localStorage.getItem(PLACE) !== "off";

  /** `first` sees every key before the table; `escape` goes one step back. */
  constructor(private readonly table: Key[], private readonly first: (key: string) => boolean, private readonly escape: () => void, stop: AbortSignal) {
    document.addEventListener("keydown", (event) => this.key(event), { signal: stop });
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.sheet.open) return;
    if (event.key === "Escape") { this.escape(); return; }
    if (event.ctrlKey || event.metaKey) { this.withControl(event); return; }
    if (event.altKey || isTyping(event.target) || !this.on) return;
    const target = event.target as Element;
    const pressing = (event.key === "Enter" || event.key === " ") && target.closest("button, a, summary, label, [role=button]");
    const moving = event.key.startsWith("Arrow") && target.closest(".side, .bar, .chapters");
    if (pressing || moving) return;
    const found = this.first(event.key) || this.run(event.key);
    if (found) event.preventDefault();
  }

  private run(key: string): boolean {
    const found = this.table.find((each) => each.run && each.keys.includes(key));
    found?.run?.();
    return Boolean(found);
  }

  private withControl(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    const name = key === "z" ? (event.shiftKey ? "r" : "u") : key === "y" ? "r" : null;
    if (!name || isTyping(event.target)) return;
    event.preventDefault();
    this.run(name);
  }

  show(): void {
    this.sheet.replaceChildren(...this.content());
    this.sheet.showModal();
  }

  private content(): HTMLElement[] {
    const groups = [...new Set(this.table.map((key) => key.group))];
    const box = el("input", { type: "checkbox", onchange: () => this.turn(box.checked) });
    box.checked = this.on;
    return [
      el("div", { class: "head" }, el("h2", { id: "keys-title" }, "Help"), button("×", () => this.sheet.close(), { class: "close", "aria-label": "Close" })),
      el("p", {}, "Each line has the colour of the one who speaks it, and the name beside it. Point at a name, a pronoun or a line to see whom it means; choose it to put it right."),
      el("ul", { class: "legend" },
        el("li", {}, el("span", { class: "q c0" }, "“Spoken,”"), " ", el("span", { class: "q c0 t" }, "thought,"), " ", el("span", { class: "q c0 w" }, "written")),
        el("li", {}, el("span", { class: "q c1 lo" }, "Dotted:"), " the speaker is in doubt"), el("li", {}, el("span", { class: "q u" }, "Grey with a mark:"), " undecided"),
        el("li", {}, el("span", { class: "q c2 new" }, "Underlined twice:"), " changed by your last correction")),
      el("div", { class: "key-groups" }, ...groups.map((group) => this.group(group))),
      el("label", { class: "check" }, box, el("span", {}, "Keys of one letter are on")),
    ];
  }

  private group(name: string): HTMLElement {
    const rows = this.table.filter((key) => key.group === name).map((key) => el("div", {},
      el("dt", {}, ...key.keys.flatMap((each, i) => (i ? [" ", el("kbd", {}, SIGNS[each] ?? each)] : [el("kbd", {}, SIGNS[each] ?? each)]))), el("dd", {}, key.does)));
    return el("section", {}, el("h3", {}, name), el("dl", {}, ...rows));
  }

  private turn(on: boolean): void {
    this.on = on;
    localStorage.setItem(PLACE, on ? "on" : "off");
  }
}

const SIGNS: Record<string, string> = { ArrowRight: "→", ArrowLeft: "←", Escape: "Esc", "1": "1 … 9" };
