/* Who speaks to whom: people on a ring, an arc for each direction; each person can be dragged, or moved with the arrow keys. */
import type { Talk } from "./contract";
import type { Desk } from "./desk";
import { plural, svg } from "./elements";

export const DRAWN = 15;
const ARCS = 4;
const STEP = 12;
/** Below this width names stand over and under the people, not beside them. */
const SMALL = 560;

interface Node { id: number; x: number; y: number; size: number; element: SVGGElement; circle: SVGCircleElement; text: SVGTextElement }
interface Arc { talk: Talk; share: number; element: SVGGElement; path: SVGPathElement; head: SVGPathElement }
type Point = [number, number];

export class Network {
  readonly element: SVGSVGElement;
  private readonly nodes = new Map<number, Node>();
  private readonly arcs: Arc[];
  private readonly height: number;
  private readonly small: boolean;
  private dragged: Node | null = null;
  private moved = false;

  constructor(private readonly desk: Desk, talks: Talk[], private readonly width: number, private readonly kept: Map<number, Point>) {
    const people = ring(talks), known = new Set(people);
    const shown = talks.filter(([from, to]) => known.has(from) && known.has(to)).slice(0, ARCS * people.length);
    const top = Math.max(1, ...shown.map((talk) => talk[2]));
    this.small = width < SMALL;
    const few = people.length < 5 ? 0.75 : 1;
    this.height = Math.round(this.small ? Math.max(240, width * 1.05 * few) : width * 0.6 * few);
    this.arcs = shown.reverse().map((talk) => this.arc(talk, talk[2] / top));
    this.place(people, shown);
    this.element = svg("svg", { class: "network", viewBox: `0 0 ${width} ${this.height}`, width, height: this.height, role: "group", "aria-label": "Who speaks to whom" },
      svg("g", { "aria-hidden": "true" }, ...this.arcs.map((arc) => arc.element)), svg("g", {}, ...[...this.nodes.values()].map((node) => node.element)));
    this.listen();
    this.draw();
  }

  private place(people: number[], talks: Talk[]): void {
    const said = (id: number): number => talks.reduce((sum, [from, , lines]) => sum + (from === id ? lines : 0), 0);
    const most = Math.max(1, ...people.map(said));
    const turn = people.length === 2 ? Math.PI : Math.PI / 2;
    const across = Math.max(40, this.width / 2 - (this.small ? 52 : 130)), up = this.height / 2 - 48;
    people.forEach((id, i) => {
      const angle = (2 * Math.PI * i) / people.length - turn;
      const [x, y] = this.kept.get(id) ?? [this.width / 2 + across * Math.cos(angle), this.height / 2 + up * Math.sin(angle)];
      this.nodes.set(id, this.node(id, Math.min(x, this.width - 10), Math.min(y, this.height - 10), 8 + 10 * Math.sqrt(said(id) / most)));
    });
  }

  private node(id: number, x: number, y: number, size: number): Node {
    const face = this.desk.story.faces.get(id);
    const circle = svg("circle", { r: size }), text = svg("text", {}, face?.short ?? "");
    const element = svg("g", { class: `node ${face?.style ?? "n"}`, tabindex: "0", role: "button", "data-node": id,
      "aria-label": `${face?.name ?? ""}; Enter opens the card, arrow keys move it` }, circle, text);
    return { id, x, y, size, element, circle, text };
  }

  private arc(talk: Talk, share: number): Arc {
    const { faces } = this.desk.story;
    const path = svg("path", { "stroke-width": (0.8 + 5 * share).toFixed(1) }), head = svg("path", { class: "head" });
    const title = svg("title", {}, `${faces.get(talk[0])?.name ?? ""} to ${faces.get(talk[1])?.name ?? ""}: ${plural(talk[2], "line")}`);
    return { talk, share, path, head, element: svg("g", { class: `arc ${faces.get(talk[0])?.style ?? "n"}` }, title, path, head) };
  }

  /* ---- Dragging, keys, and whom one points at. ---- */

  private listen(): void {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.grab(event));
    element.addEventListener("pointermove", (event) => this.drag(event));
    element.addEventListener("pointerup", () => this.drop());
    element.addEventListener("pointercancel", () => { this.dragged = null; });
    element.addEventListener("keydown", (event) => this.key(event));
    for (const kind of ["pointerover", "focusin"]) element.addEventListener(kind, (event) => this.aim(this.nodeOf(event)));
    for (const kind of ["pointerleave", "focusout"]) element.addEventListener(kind, () => this.aim(null));
  }

  private nodeOf(event: Event): Node | null {
    const id = (event.target as Element).closest<SVGGElement>(".node")?.dataset.node;
    return id === undefined ? null : (this.nodes.get(Number(id)) ?? null);
  }

  private grab(event: PointerEvent): void {
    this.dragged = this.nodeOf(event);
    this.moved = false;
    if (!this.dragged) return;
    event.preventDefault();
    this.dragged.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    if (!this.dragged) return;
    const box = this.element.getBoundingClientRect(), scale = this.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    if (Math.hypot(x - this.dragged.x, y - this.dragged.y) > 3) this.moved = true;
    if (this.moved) this.move(this.dragged, x, y);
  }

  private drop(): void {
    const { dragged, moved } = this;
    this.dragged = null;
    if (dragged && !moved) this.desk.openPerson(dragged.id);
  }

  private key(event: KeyboardEvent): void {
    const node = this.nodeOf(event), step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!node || (!step && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.move(node, node.x + step[0]!, node.y + step[1]!);
    else this.desk.openPerson(node.id);
  }

  private move(node: Node, x: number, y: number): void {
    node.x = Math.max(node.size, Math.min(this.width - node.size, x));
    node.y = Math.max(node.size, Math.min(this.height - node.size, y));
    this.kept.set(node.id, [node.x, node.y]);
    this.draw();
  }

  private aim(node: Node | null): void {
    this.element.classList.toggle("aim", node !== null);
    if (!node) return;
    const known = new Set([node.id]);
    for (const arc of this.arcs) {
      const own = arc.talk[0] === node.id || arc.talk[1] === node.id;
      arc.element.classList.toggle("on", own);
      if (own) known.add(arc.talk[0]).add(arc.talk[1]);
    }
    for (const each of this.nodes.values()) each.element.classList.toggle("on", known.has(each.id));
  }

  /* ---- Drawing. ---- */

  private draw(): void {
    for (const arc of this.arcs) this.drawArc(arc);
    for (const node of this.nodes.values()) this.drawNode(node);
  }

  private drawNode(node: Node): void {
    node.circle.setAttribute("cx", node.x.toFixed(1));
    node.circle.setAttribute("cy", node.y.toFixed(1));
    const middle = this.small || Math.abs(node.x - this.width / 2) < this.width / 9, right = node.x > this.width / 2, below = node.y > this.height / 2;
    const x = middle ? node.x : node.x + (right ? 1 : -1) * (node.size + 6);
    const y = middle ? node.y + (below ? node.size + 16 : -node.size - 7) : node.y + 4.5;
    node.text.setAttribute("x", x.toFixed(1));
    node.text.setAttribute("y", y.toFixed(1));
    node.text.setAttribute("text-anchor", middle ? "middle" : right ? "start" : "end");
  }

  /** A curve that bends to one side, so that the two directions between two people lie apart. */
  private drawArc(arc: Arc): void {
    const from = this.nodes.get(arc.talk[0])!, to = this.nodes.get(arc.talk[1])!;
    const bend = this.nodes.size > 2 ? 0.16 : 0.3, width = 0.8 + 5 * arc.share;
    const middle: Point = [(from.x + to.x) / 2 - bend * (to.y - from.y), (from.y + to.y) / 2 + bend * (to.x - from.x)];
    const start = toward([from.x, from.y], middle, from.size + 1), end = toward([to.x, to.y], middle, to.size + 5 + width);
    arc.path.setAttribute("d", `M${at(start)}Q${at(middle)} ${at(end)}`);
    arc.head.setAttribute("d", arrow(middle, end, 2.5 + width));
  }
}

/** The people to draw, those who speak much with each other side by side. */
function ring(talks: Talk[]): number[] {
  const traffic = new Map<number, number>(), between = new Map<string, number>();
  for (const [from, to, lines] of talks) {
    for (const id of [from, to]) traffic.set(id, (traffic.get(id) ?? 0) + lines);
    for (const pair of [`${from} ${to}`, `${to} ${from}`]) between.set(pair, (between.get(pair) ?? 0) + lines);
  }
  const left = [...traffic].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, DRAWN).map(([id]) => id);
  const order = left.splice(0, 1);
  while (left.length) {
    const last = order[order.length - 1]!;
    const nearest = left.reduce((best, id) => ((between.get(`${id} ${last}`) ?? 0) > (between.get(`${best} ${last}`) ?? 0) ? id : best));
    left.splice(left.indexOf(nearest), 1);
    order.push(nearest);
  }
  return order;
}

function at(point: Point): string {
  return `${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
}

function toward(start: Point, end: Point, distance: number): Point {
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]) || 1, share = distance / length;
  return [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share];
}

/** A triangle at the end of a curve that comes from `before`. */
function arrow(before: Point, tip: Point, size: number): string {
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
  const corners: Point[] = [[1, angle], [0.8, angle + Math.PI / 2], [0.8, angle - Math.PI / 2]];
  return `M${corners.map(([r, a]) => at([tip[0] + size * r * Math.cos(a), tip[1] + size * r * Math.sin(a)])).join("L")}Z`;
}
