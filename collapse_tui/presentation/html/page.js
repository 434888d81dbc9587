"use strict";
// The page of a run: reads the data below, draws every chart, and moves all of them with the slider.

const run = JSON.parse(document.getElementById("data").textContent);
const arrays = run.arrays.map((text) => ({ text }));

function bytes(index) {
  const coded = atob(arrays[index].text), found = new Uint8Array(coded.length);
  for (let n = 0; n < coded.length; n++) found[n] = coded.charCodeAt(n);
  return found;
}

function array(index) {
  return arrays[index].values ??= new Float32Array(bytes(index).buffer);
}

function unpack(chart) {
  const part = (item) => ({ ...item, x: array(item.x), y: array(item.y),
    ...(item.low === undefined ? {} : { low: array(item.low) }) });
  return { ...chart, lines: chart.lines.map(part), bands: chart.bands.map(part), dots: chart.dots.map(part) };
}

const slider = document.getElementById("slider"), shown = document.getElementById("generation");
const curves = [];
let view = null;

function generations() { return run.views.generations; }

function show(index) {
  const generation = generations()[index];
  slider.value = index;
  slider.setAttribute("aria-valuetext", `generation ${generation}`);
  shown.textContent = generation.toLocaleString("en");
  for (const { chart, read } of curves) {
    chart.home = generation;
    chart.mark(generation);
    if (!chart.spec.note) read.textContent = chart.values(generation).map(([name, value]) => `${name} ${value}`).join(" · ");
  }
  drawView(run.views.frames[index], generation);
  drawStrip(generation);
}

function pick(generation) { show(nearest(generations(), generation)); }

function drawCurves() {
  for (const metric of run.metrics) {
    const figure = element("figure", undefined, document.getElementById("curves"));
    figure.dataset.metric = metric.key;
    element("figcaption", metric.words, figure);
    const read = element("div", "", figure, "read"), box = element("div", undefined, figure);
    const chart = new Chart(box, unpack(metric.chart), { xName: "generation", onPick: pick });
    curves.push({ chart, read });
    for (const line of metric.notes) element("div", line, figure, "read");
  }
}

function drawView(frame, generation) {
  const figure = document.getElementById("view"), parts = figure.querySelector(".parts");
  figure.hidden = !frame;
  if (!frame) return;
  figure.querySelector("figcaption").textContent = frame.words;
  parts.replaceChildren();
  for (const [label, count, height, width, index] of frame.pictures) {
    const box = element("div", undefined, parts);
    element("div", label, box, "read");
    gallery(element("canvas", undefined, box), count, height, width, bytes(index));
  }
  for (const item of frame.charts) {
    const box = element("div", undefined, parts), spec = unpack(item.chart);
    const legend = element("div", undefined, box, "legend");
    for (const part of [...spec.bands, ...spec.lines, ...spec.dots]) {
      if (!part.label) continue;
      const entry = element("span", undefined, legend), sign = element("i", undefined, entry);
      sign.style.background = ink(part.colour);
      entry.append(part.label);
    }
    element("div", item.y, box, "read");
    new Chart(box, spec, { height: 260, named: false, square: item.square, xName: item.x });
  }
  for (const [prompt, answer] of frame.passages) {
    const text = element("p", undefined, parts, "passage");
    element("span", `${prompt.trim()} `, text);
    text.append(answer.trim());
  }
  for (const note of frame.notes) element("div", note, parts, "read");
  view = generation;
}

function gallery(canvas, count, height, width, pixels) {
  const across = Math.min(8, count), down = Math.min(4, Math.ceil(count / across));
  canvas.width = across * (width + 1) - 1;
  canvas.height = down * (height + 1) - 1;
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let number = 0; number < Math.min(count, across * down); number++) {
    for (let pixel = 0; pixel < width * height; pixel++) {
      image.data.fill(pixels[number * width * height + pixel], 4 * pixel, 4 * pixel + 3);
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, number % across * (width + 1), Math.floor(number / across) * (height + 1));
  }
}

function levels(signed) {
  const style = getComputedStyle(document.documentElement), name = signed ? "SIGNED" : "LEVEL";
  return Array.from({ length: signed ? 15 : 16 }, (_, n) => {
    const look = style.getPropertyValue(`--${name}_${n}`).trim();
    return [1, 3, 5].map((at) => parseInt(look.slice(at, at + 2), 16));
  });
}

function drawStrip(generation) {
  const strip = run.strip, figure = document.getElementById("strip");
  figure.hidden = !strip;
  if (!strip) return;
  figure.querySelector("figcaption").textContent = strip.words;
  const [low, high] = figure.querySelectorAll(".end");
  [low.textContent, high.textContent] = strip.ends;
  figure.querySelector(".read").textContent = `up: ${strip.axis} · at the left edge the real data · ${strip.shades}`;
  const canvas = figure.querySelector("canvas"), values = array(strip.values);
  const columns = strip.generations.length, cells = strip.cells, looks = levels(strip.signed);
  // few columns are several pixels wide, so that the line at the generation shown is a line
  const wide = Math.ceil(600 / columns), length = columns * wide;
  const gap = strip.real === null ? 0 : Math.round(length / 20);
  canvas.width = length + gap;
  canvas.height = cells;
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, cells);
  const paint = (column, cell, value) => {
    if (Number.isNaN(value)) return;
    const look = looks[Math.round(Math.min(Math.max(value, 0), 1) * (looks.length - 1))];
    image.data.set([...look, 255], 4 * ((cells - 1 - cell) * canvas.width + column));
  };
  for (let cell = 0; cell < cells; cell++) {
    for (let column = 0; column < gap - Math.ceil(gap / 4); column++) paint(column, cell, array(strip.real)[cell]);
    for (let column = 0; column < length; column++) paint(column + gap, cell, values[Math.floor(column / wide) * cells + cell]);
  }
  context.putImageData(image, 0, 0);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--text");
  context.globalAlpha = 0.6;
  context.fillRect(gap + Math.floor((last(strip.generations, generation) + 0.5) * wide), 0, 2, cells);
  canvas.onpointerdown = canvas.onpointermove = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width * canvas.width - gap) / wide);
    pick(strip.generations[Math.min(Math.max(column, 0), columns - 1)]);
  };
}

// the last of ascending numbers that is not above another one
function last(numbers, at) {
  let index = 0;
  while (index + 1 < numbers.length && numbers[index + 1] <= at) index++;
  return index;
}

function fill(id, rows, build) {
  const section = document.getElementById(id);
  section.hidden = !rows.length;
  for (const row of rows) build(row, section);
}

function drawTexts() {
  document.getElementById("title").textContent = run.title;
  document.getElementById("head").textContent = run.head;
  fill("claims", run.claims, (claim, section) => {
    const row = section.querySelector("tbody").insertRow();
    const cell = element("td", claim.text, row);
    element("small", claim.source, cell);
    element("td", claim.expected, row, "number");
    element("td", claim.obtained, row, "number");
    element("td", claim.verdict, row, claim.good === null ? "" : claim.good ? "good" : "bad");
  });
  const head = document.querySelector("#claims thead").insertRow();
  for (const name of ["claim", "expected", "this run", "verdict"]) element("th", name, head);
  fill("settings", run.settings, ([key, value], section) => {
    const row = section.querySelector("tbody").insertRow();
    element("td", key, row);
    element("td", value, row);
  });
  fill("bibtex", run.bibtex ? [run.bibtex] : [], (text, section) => { section.querySelector("pre").textContent = text; });
  fill("notes", run.notes, (note, section) => element("li", note, section.querySelector("ul")));
}

function play(button) {
  let timer = null;
  button.addEventListener("click", () => {
    if (timer !== null) {
      clearInterval(timer);
      timer = null;
    } else {
      if (Number(slider.value) >= generations().length - 1) show(0);
      timer = setInterval(() => {
        const next = Number(slider.value) + 1;
        if (next >= generations().length) button.click(); else show(next);
      }, 80);
    }
    button.textContent = timer === null ? "▶" : "❚❚";
    button.setAttribute("aria-label", timer === null ? "play" : "pause");
  });
}

drawTexts();
drawCurves();
slider.max = generations().length - 1;
slider.addEventListener("input", () => show(Number(slider.value)));
play(document.getElementById("play"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawStrip(generations()[slider.value]));
show(generations().length - 1);
