/* Light or dark: as the system has it, until somebody says otherwise. */
import { button } from "./elements";

const PLACE = "personae:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function now(): string {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

function turn(): void {
  const next = now() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem(PLACE, next);
}

export function applyTheme(): void {
  const kept = localStorage.getItem(PLACE);
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
}

export function themeButton(): HTMLElement {
  return button("◐", turn, { class: "icon", "aria-label": "Dark or light", title: "Dark or light" });
}
