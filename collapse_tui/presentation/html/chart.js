"use strict";
// Charts as SVG: areas, curves, points, ticks, names at the ends of curves, values under the pointer.
// On a logarithmic axis the numbers that arrive are decimal logarithms already.

const SVG = "http://www.w3.org/2000/svg";
const EDGE = { left: 52, top: 10, bottom: 40 };

function node(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  const { style, ...others } = attributes;
  for (const key in others) made.setAttribute(key, others[key]);
  if (style) made.style.cssText = style; // the policy of the page refuses the attribute itself
  if (parent) parent.append(made);
  return made;
}

function element(name, text, parent, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  if (parent) parent.append(made);
  return made;
}

function ink(colour) { return `var(--${colour})`; }

function format(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4
    ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

function plain(value, log) { return log ? 10 ** value : value; }

function ticks(low, high, count, log, whole) {
  if (log && high - low >= 2) {
    const step = Math.max(1, Math.ceil((high - low) / count));
    const places = [];
    for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + 1e-9; at += step) places.push(at);
    return places.map((at) => [at, at >= 0 && at <= 3 ? String(10 ** at) : `10${power(at)}`]);
  }
  const [from, to] = log ? [10 ** low, 10 ** high] : [low, high];
  const rough = (to - from) / count, base = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].map((n) => n * base).find((n) => n >= rough * (1 - 1e-9));
  if (whole) step = Math.max(1, Math.round(step));
  const places = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9; at++) places.push(at * step);
  return places.map((at) => [log ? Math.log10(at) : at, format(Math.abs(at) < step * 1e-6 ? 0 : at)]);
}

function power(at) {
  return [...String(at)].map((sign) => sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]).join("");
}

function nearest(x, at) {
  let low = 0, high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] < at) low = middle; else high = middle;
  }
  return Math.abs(x[low] - at) <= Math.abs(x[high] - at) ? low : high;
}

function valueAt(part, at, reach) {
  if (!part.x.length) return NaN;
  const index = nearest(part.x, at);
  return Math.abs(part.x[index] - at) <= reach ? index : -1;
}

class Chart {
  // parts: lines, bands and dots whose x, y and low are arrays; named: names at the ends of curves
  constructor(parent, spec, { height = 240, named = true, square = false, xName = "", onPick = null } = {}) {
    Object.assign(this, { spec, height, named, square, xName, onPick, parent, at: null });
    this.svg = node("svg", { role: "img" });
    parent.append(this.svg);
    this.svg.addEventListener("pointermove", (event) => this.hover(event));
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("click", (event) => this.onPick && this.onPick(this.place(event)));
    new ResizeObserver(() => { if (this.room() !== this.width) this.draw(); }).observe(parent);
    this.draw();
  }

  room() { return Math.max(200, this.parent.clientWidth - 2); }

  draw() {
    const width = this.room(), spec = this.spec;
    this.width = width;
    this.svg.replaceChildren();
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    this.svg.setAttribute("height", this.height);
    if (spec.note) {
      node("text", { x: EDGE.left, y: 40 }, this.svg).textContent = spec.note;
      return;
    }
    const labels = this.named ? this.ends() : [];
    const longest = Math.max(0, ...labels.map((label) => label.text.length));
    this.right = width - 16 - Math.min(0.4 * width, 6.2 * longest);
    this.bottom = this.height - EDGE.bottom;
    this.scale();
    this.frame();
    const data = node("g", { "clip-path": "inset(0)" }, this.svg);
    const clip = node("svg", { x: EDGE.left, y: EDGE.top, width: this.right - EDGE.left,
      height: this.bottom - EDGE.top, overflow: "hidden" }, data);
    clip.setAttribute("viewBox", `${EDGE.left} ${EDGE.top} ${this.right - EDGE.left} ${this.bottom - EDGE.top}`);
    for (const band of spec.bands) this.area(band, clip);
    for (const mark of spec.marks) node("line", { x1: this.sx(mark), x2: this.sx(mark), y1: EDGE.top,
      y2: this.bottom, style: `stroke:${ink("MARK")};stroke-dasharray:2 3` }, clip);
    for (const line of spec.lines) this.curve(line, clip);
    for (const dots of spec.dots) this.points(dots, clip);
    this.name(labels);
    this.cross = node("line", { y1: EDGE.top, y2: this.bottom, class: "cross", visibility: "hidden",
      style: `stroke:${ink("CURSOR")}` }, this.svg);
    if (this.at !== null) this.mark(this.at);
  }

  scale() {
    let [left, right] = this.spec.x, [low, high] = this.spec.y;
    if (this.square) {
      const unit = Math.max((right - left) / (this.right - EDGE.left), (high - low) / (this.bottom - EDGE.top));
      const across = unit * (this.right - EDGE.left), up = unit * (this.bottom - EDGE.top);
      [left, right] = [(left + right - across) / 2, (left + right + across) / 2];
      [low, high] = [(low + high - up) / 2, (low + high + up) / 2];
    }
    this.limits = { left, right, low, high };
    this.sx = (x) => EDGE.left + (x - left) / (right - left) * (this.right - EDGE.left);
    this.sy = (y) => this.bottom - (y - low) / (high - low) * (this.bottom - EDGE.top);
  }

  frame() {
    const { left, right, low, high } = this.limits, spec = this.spec;
    for (const [at, text] of ticks(low, high, 5, spec.log, false)) {
      const y = this.sy(at);
      node("line", { x1: EDGE.left, x2: this.right, y1: y, y2: y, style: "stroke:var(--grid)" }, this.svg);
      node("text", { x: EDGE.left - 6, y: y + 4, "text-anchor": "end" }, this.svg).textContent = text;
    }
    for (const [at, text] of ticks(left, right, Math.max(2, this.width / 90), spec.logX, spec.whole)) {
      const x = this.sx(at);
      node("line", { x1: x, x2: x, y1: EDGE.top, y2: this.bottom, style: "stroke:var(--grid)" }, this.svg);
      node("text", { x, y: this.bottom + 15, "text-anchor": "middle" }, this.svg).textContent = text;
    }
    node("path", { d: `M${EDGE.left} ${EDGE.top}V${this.bottom}H${this.right}`,
      style: `fill:none;stroke:${ink("AXIS")}` }, this.svg);
    const middle = (EDGE.left + this.right) / 2;
    const name = node("text", { x: middle, y: this.bottom + 32, "text-anchor": "middle" }, this.svg);
    name.textContent = this.xName;
  }

  path(x, y, from = "M") {
    let text = "", open = false;
    for (let n = 0; n < y.length; n++) {
      if (!Number.isFinite(y[n])) { open = false; continue; }
      text += `${open ? "L" : from}${this.sx(x[n]).toFixed(1)} ${this.clamp(this.sy(y[n])).toFixed(1)}`;
      open = true;
    }
    return text;
  }

  clamp(y) { return Math.min(Math.max(y, -2000), 4000); }

  curve(line, parent) {
    const dash = line.dash.map((part) => 1.8 * part).join(" ");
    node("path", { d: this.path(line.x, line.y), "data-label": line.label, style:
      `fill:none;stroke:${ink(line.colour)};stroke-width:1.8;stroke-dasharray:${dash || "none"}` }, parent);
  }

  area(band, parent) {
    let text = "", start = 0;
    for (let n = 0; n <= band.y.length; n++) {
      if (n < band.y.length && Number.isFinite(band.y[n]) && Number.isFinite(band.low[n])) continue;
      if (n > start) {
        const x = Array.from(band.x.slice(start, n));
        text += this.path(x, band.y.slice(start, n));
        text += this.path(x.reverse(), Array.from(band.low.slice(start, n)).reverse(), "L") + "Z";
      }
      start = n + 1;
    }
    node("path", { d: text, "data-label": band.label, style: `fill:${ink(band.colour)}` }, parent);
  }

  points(dots, parent) {
    const hollow = dots.sign === "◇", size = dots.x.length > 60 ? 1.6 : 3;
    for (let n = 0; n < dots.x.length; n++) {
      if (!Number.isFinite(dots.y[n])) continue;
      const x = this.sx(dots.x[n]), y = this.sy(dots.y[n]);
      const shape = hollow ? `M${x - 5} ${y}l5 -5l5 5l-5 5z` : dots.sign === "×"
        ? `M${x - 2.5} ${y - 2.5}l5 5m0 -5l-5 5` : `M${x - size} ${y}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0`;
      const stroked = hollow || dots.sign === "×";
      node("path", { d: shape, style: stroked ? `fill:none;stroke-width:1.5;stroke:${ink(dots.colour)}`
        : `fill:${ink(dots.colour)}` }, parent);
    }
  }

  ends() {
    const [low, high] = this.spec.y, found = [];
    for (const part of [...this.spec.lines, ...this.spec.bands]) {
      let last = part.y.length - 1;
      while (last >= 0 && !(part.y[last] >= low && part.y[last] <= high)) last--;
      if (part.label && last >= 0) {
        const pale = part.colour.startsWith("BAND") || part.colour === "RANGE";
        found.push({ text: part.label, value: part.y[last], colour: pale ? "var(--quiet)" : ink(part.colour) });
      }
    }
    return found;
  }

  name(labels) {
    const sorted = labels.map((label) => ({ ...label, y: this.sy(label.value) })).sort((a, b) => b.y - a.y);
    const gap = Math.min(13, (this.bottom - EDGE.top) / Math.max(1, sorted.length));
    for (let n = 1; n < sorted.length; n++) sorted[n].y = Math.min(sorted[n].y, sorted[n - 1].y - gap);
    if (sorted.length) sorted.at(-1).y = Math.max(sorted.at(-1).y, EDGE.top);
    for (let n = sorted.length - 2; n >= 0; n--) sorted[n].y = Math.max(sorted[n].y, sorted[n + 1].y + gap);
    for (const label of sorted) node("text", { x: this.right + 5, y: label.y + 4, class: "end",
      style: `fill:${label.colour}` }, this.svg).textContent = label.text;
  }

  place(event) {
    const box = this.svg.getBoundingClientRect(), { left, right } = this.limits;
    const across = (event.clientX - box.left) / box.width * this.width;
    return Math.min(Math.max(left + (across - EDGE.left) / (this.right - EDGE.left) * (right - left), left), right);
  }

  values(at) {
    const { left, right } = this.limits, reach = (right - left) / 25, log = this.spec.log;
    const rows = [];
    for (const line of [...this.spec.lines].reverse()) {
      const index = valueAt(line, at, reach);
      if (line.label && index >= 0 && !Number.isNaN(line.y[index])) {
        rows.push([line.label, format(plain(line.y[index], log)), ink(line.colour)]);
      }
    }
    for (const band of this.spec.bands) {
      const index = valueAt(band, at, reach);
      if (band.label && index >= 0 && !Number.isNaN(band.y[index])) {
        const top = format(plain(band.y[index], log)), low = format(plain(band.low[index], log));
        rows.push([band.label, this.named ? `${low} … ${top}` : top, "var(--quiet)"]);
      }
    }
    return rows;
  }

  hover(event) {
    if (this.spec.note || !this.limits) return;
    const at = this.place(event), whole = this.spec.whole ? Math.round(at) : at;
    this.mark(whole);
    showTip(event, `${this.xName} ${format(plain(whole, this.spec.logX))}`, this.values(whole));
  }

  leave() {
    hideTip();
    this.mark(this.home ?? null);
  }

  mark(at) {
    this.at = at;
    if (!this.cross) return;
    this.cross.setAttribute("visibility", at === null ? "hidden" : "visible");
    if (at !== null) for (const end of ["x1", "x2"]) this.cross.setAttribute(end, this.sx(at));
  }
}

function showTip(event, title, rows) {
  const tip = document.getElementById("tip");
  tip.replaceChildren();
  element("b", title, tip);
  for (const [label, value, colour] of rows) {
    const row = element("div", undefined, tip);
    element("span", label, row).style.color = colour;
    element("span", value, row);
  }
  tip.hidden = false;
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${Math.max(4, event.clientY - tip.offsetHeight - 10)}px`;
}

function hideTip() { document.getElementById("tip").hidden = true; }
