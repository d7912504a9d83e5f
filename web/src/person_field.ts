/* A field that finds a person by typing, and can make a new one. */
import type { Who } from "./contract";
import { el } from "./elements";
import type { Story } from "./story";

const SHOWN = 8;
let count = 0;

interface Offer { text: string; who: Exclude<Who, null>; style: string }
export interface FieldOptions { label: string; fresh: boolean; without?: number[]; chosen: (who: Exclude<Who, null>, name: string) => void }

export class PersonField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private offers: Offer[] = [];
  private at = 0;

  constructor(private readonly story: Story, private readonly options: FieldOptions) {
    const id = `people-${++count}`;
    this.input = el("input", {
      type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
      "aria-label": options.label, placeholder: options.label, autocomplete: "off", spellcheck: "false",
      oninput: () => this.search(), onfocus: () => this.search(), onkeydown: (event: KeyboardEvent) => this.key(event),
      onblur: () => setTimeout(() => this.close(), 150),
    });
    this.list = el("ul", { id, role: "listbox", class: "offers", hidden: true, "aria-label": options.label });
    this.element = el("div", { class: "who-field" }, this.input, this.list);
  }

  private search(): void {
    const typed = this.input.value.trim(), low = typed.toLowerCase();
    const fits = this.story.people().filter((e) => !this.options.without?.includes(e.id)
      && [e.name, ...e.aliases].some((name) => name.toLowerCase().includes(low)));
    fits.sort((a, b) => starts(b.name, low) - starts(a.name, low) || b.lines - a.lines || b.mentions - a.mentions);
    this.offers = fits.slice(0, SHOWN).map((e) => ({ text: e.name, who: e.id, style: this.story.faces.get(e.id)?.style ?? "n" }));
    const known = fits.some((e) => e.name.toLowerCase() === low);
    if (this.options.fresh && typed && !known) this.offers.push({ text: `New person: ${typed}`, who: { new: typed }, style: "u" });
    this.at = 0;
    this.draw();
  }

  private draw(): void {
    this.list.replaceChildren(...this.offers.map((offer, i) => el("li", {
      role: "option", id: `${this.list.id}-${i}`, class: `name ${offer.style}`, "aria-selected": i === this.at ? "true" : "false",
      onmousedown: (event: Event) => { event.preventDefault(); this.take(offer); },
    }, offer.text)));
    this.list.hidden = !this.offers.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.offers.length) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.offers.length) {
      event.preventDefault();
      this.at = (this.at + step + this.offers.length) % this.offers.length;
      this.draw();
    } else if (event.key === "Enter" && this.offers[this.at]) {
      event.preventDefault();
      this.take(this.offers[this.at]!);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  private take(offer: Offer): void {
    this.input.value = "";
    this.close();
    const name = typeof offer.who === "object" ? offer.who.new : offer.text;
    this.options.chosen(offer.who, name);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

function starts(name: string, typed: string): number {
  return Number(name.toLowerCase().startsWith(typed));
}
