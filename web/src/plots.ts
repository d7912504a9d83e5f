/* Pictures of numbers as SVG, each with axes, units and a table behind it. */
import { el, number, svg } from "./elements";

const LEFT = 112;

/** Draws again whenever the width changes. */
export function plot(title: string, caption: string, draw: (width: number) => SVGSVGElement, table: HTMLTableElement): HTMLElement {
  const frame = el("div", { class: "frame" });
  let last = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width < 40 || Math.abs(width - last) < 2) return;
    last = width;
    frame.replaceChildren(draw(width));
  }).observe(frame);
  return el("figure", { class: "plot" }, el("figcaption", {}, el("h3", {}, title), el("p", { class: "caption" }, caption)), frame,
    el("details", { class: "more" }, el("summary", {}, "The same as a table"), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, as a table` }, table)));
}

export function table(head: string[], rows: (string | number)[][]): HTMLTableElement {
  return el("table", {}, el("thead", {}, el("tr", {}, ...head.map((cell) => el("th", { scope: "col" }, cell)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell, i) => (i === 0 ? el("th", { scope: "row" }, String(cell)) : el("td", {}, typeof cell === "number" ? number(cell) : cell)))))));
}

/** Round numbers from 0 that cover `top`. */
export function ticks(top: number, wanted = 4): number[] {
  if (top <= 0) return [0];
  const rough = top / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((size) => size >= rough) ?? power);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}

function label(x: number, y: number, anchor: string, text: string, style = "axis"): SVGTextElement {
  return svg("text", { x, y, "text-anchor": anchor, class: style }, text);
}

function picture(width: number, height: number, name: string, ...children: SVGElement[]): SVGSVGElement {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "plot-picture", role: "img", "aria-label": name }, ...children);
}

export interface Bar { name: string; style: string; value: number; note: string }

/** Bars that lie: a name, a bar, its number; the axis below. */
export function bars(width: number, name: string, unit: string, rows: Bar[]): SVGSVGElement {
  const row = 26, top = 6, left = Math.min(LEFT, width * 0.34), room = width - left - 58;
  const most = Math.max(1, ...rows.map((each) => each.value)), height = top + rows.length * row + 40;
  const x = (value: number): number => left + (value / most) * room;
  const floor = top + rows.length * row;
  return picture(width, height, name,
    ...ticks(most).flatMap((tick) => [svg("path", { class: "grid", d: `M${x(tick)} ${top}V${floor + 4}` }), label(x(tick), floor + 17, "middle", number(tick))]),
    ...rows.flatMap((each, i) => {
      const y = top + i * row;
      return [label(left - 8, y + 17, "end", each.name, "row-name"),
        svg("rect", { class: `filled ${each.style}`, x: left, y: y + 5, width: Math.max(1, x(each.value) - left), height: row - 10, rx: 2 }),
        label(x(each.value) + 6, y + 17, "start", each.note)];
    }),
    label(left + room / 2, floor + 34, "middle", unit, "axis unit"));
}

/** Bars that stand, one a chapter, as shares from 0 to 100 %. */
export function shares(width: number, name: string, across: string, up: string, values: { share: number; name: string; tick: string }[]): SVGSVGElement {
  const left = 46, top = 8, high = 150, room = width - left - 6, step = room / values.length, floor = top + high;
  const y = (share: number): number => floor - share * high;
  const every = Math.max(1, Math.ceil(28 / step));
  return picture(width, high + 56, name,
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [svg("path", { class: "grid", d: `M${left} ${y(share)}H${width - 6}` }), label(left - 6, y(share) + 4, "end", `${share * 100}`)]),
    ...values.flatMap((each, i) => {
      const bar = svg("rect", { class: "filled c0", x: left + i * step + step * 0.12, y: y(each.share), width: Math.max(1, step * 0.76), height: Math.max(0.5, each.share * high), rx: Math.min(2, step / 6) });
      bar.append(svg("title", {}, each.name));
      return i % every ? [bar] : [bar, label(left + (i + 0.5) * step, floor + 17, "middle", each.tick)];
    }),
    label(left + room / 2, floor + 36, "middle", across, "axis unit"),
    svg("text", { class: "axis unit", "text-anchor": "middle", transform: `translate(10 ${top + high / 2}) rotate(-90)` }, up));
}

export interface Row { name: string; style: string; counts: number[] }

/** A strip for each person: how often they are there, from the beginning of the book to its end. */
export function strips(width: number, name: string, across: string, up: string, rows: Row[], tick: (slice: number) => string): SVGSVGElement {
  const high = 34, top = 18, left = Math.min(LEFT, width * 0.34), room = width - left - 34, floor = top + rows.length * high;
  const slices = Math.max(1, ...rows.map((row) => row.counts.length)), step = room / slices;
  const most = Math.max(1, ...rows.flatMap((row) => row.counts));
  const every = Math.max(1, Math.ceil(slices / Math.max(2, Math.floor(room / 48))));
  const bar = (row: Row, y: number): SVGElement[] => row.counts.flatMap((count, slice) => (count
    ? [svg("rect", { class: `filled ${row.style}`, x: left + slice * step + step * 0.1, width: Math.max(0.8, step * 0.8), y: y + high - 4 - (count / most) * (high - 10), height: (count / most) * (high - 10) })] : []));
  return picture(width, floor + 42, name,
    label(width - 30, top - 5, "start", up, "axis unit"),
    ...rows.flatMap((row, i) => {
      const y = top + i * high;
      return [label(left - 8, y + high - 8, "end", row.name, "row-name"), svg("path", { class: "grid", d: `M${left} ${y + high - 4}H${width - 34}` }), ...bar(row, y),
        label(width - 30, y + 14, "start", String(Math.max(0, ...row.counts)))];
    }),
    ...Array.from({ length: slices }, (_, slice) => slice).filter((slice) => slice % every === 0).map((slice) => label(left + (slice + 0.5) * step, floor + 14, "middle", tick(slice))),
    label(left + room / 2, floor + 32, "middle", across, "axis unit"));
}

/** The little picture on a card of where in the story somebody is. */
export function strip(counts: number[]): SVGSVGElement {
  const most = Math.max(1, ...counts), size = Math.max(1, counts.length);
  const way = counts.map((count, i) => (count ? `M${i + 0.5} 10v-${Math.max(1, (9 * count) / most).toFixed(1)}` : "")).join("");
  return svg("svg", { class: "strip", viewBox: `0 0 ${size} 10`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "base", d: `M0 9.9h${size}` }), svg("path", { d: way }));
}

