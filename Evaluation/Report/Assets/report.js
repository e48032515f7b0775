// What every section shares: the data, the colours, charts that follow the theme, tables that sort and filter.
// The page assembles this file and those of its sections into one script.

const data = JSON.parse(document.getElementById("report-data").textContent);

const byId = id => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** An element with attributes and children; strings become text, never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// ---- words and numbers ----

const counted = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** A score or share with some decimals, rounded down as the report's figures are; 15 digits of it count, so that 0.29 stays 0.29. */
const roundedDown = (value, digits) => (Math.floor(Number((value * 10 ** digits).toPrecision(15))) / 10 ** digits).toFixed(digits);

/** A share in percent, rounded down; what is not quite all or nothing keeps the decimals that tell it from them. */
function percent(share, digits = 1) {
  if (!Number.isFinite(share)) return "n/a";
  const distance = 100 * Math.min(Math.abs(share), Math.abs(1 - share));
  const needed = distance > 1e-12 && distance < 10 ** -digits ? Math.min(12, Math.ceil(-Math.log10(distance) - 1e-9)) : digits;
  return `${roundedDown(100 * share, share === 0 || share === 1 ? 0 : needed)} %`;
}

const images = count => count === 1 ? "1 image" : `${counted.format(count)} images`;
const shortened = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** Plotly reads tags, entities and $formulas$ in its texts; a label is text and nothing else. */
const plain = text => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("$", "&#36;");

// ---- colours ----

const probe = document.body.appendChild(element("span", { hidden: "" }));

/** What a colour of report.css is in the theme shown now, as [red, green, blue]. */
function rgb(name) {
  probe.style.color = `var(--${name})`;
  const canvas = rgb.canvas ??= element("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

const colour = name => `rgb(${rgb(name).join(", ")})`;
const mixed = (from, to, share) => `rgb(${rgb(from).map((start, i) => Math.round(start + share * (rgb(to)[i] - start))).join(", ")})`;

/** Relative luminance of [red, green, blue], from 0 to 1, as WCAG 2 defines it. */
function luminance(parts) {
  const [r, g, b] = parts.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour at a place from 0 to 1 of a scale [[place, "rgb(…)"], …], as [red, green, blue]. */
function onScale(scale, place) {
  const parts = text => text.match(/\d+/g).map(Number);
  const upper = Math.max(1, scale.findIndex(([at]) => at >= place));
  const [[from, first], [to, second]] = [scale[upper - 1], scale[upper]];
  return parts(first).map((start, i) => start + (place - from) / (to - from) * (parts(second)[i] - start));
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (systemIsDark.matches ? "dark" : "light")) === "dark";

// ---- charts ----

const charts = [];

/** Registers a chart: `draw(element)` gives { data, layout }, again whenever the theme changes; `ready(element)` adds its events once. */
function chart(id, draw, ready = () => {}) {
  const place = byId(id);
  if (place) charts.push({ place, draw, ready, drawn: false });
}

const phone = matchMedia("(max-width: 40rem)");

function layoutOf(layout) {
  const line = colour("line");
  const axis = {
    gridcolor: line, linecolor: colour("line-strong"), zeroline: false, ticks: "outside", ticklen: 4, tickcolor: colour("line-strong"),
    automargin: true, fixedrange: true, title: { standoff: 10, font: { size: 13, color: colour("soft") } },
  };
  const merge = own => ({ ...axis, ...own, title: { ...axis.title, ...own?.title } });
  const { xaxis, yaxis, ...rest } = layout;
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, dragmode: false, autosize: true,
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("soft") },
    margin: { l: 48, r: 24, t: 12, b: 48 },
    hoverlabel: { bgcolor: colour("ink"), bordercolor: colour("ink"), font: { color: colour("paper"), size: 13 }, align: "left" },
    ...rest, xaxis: merge(xaxis), yaxis: merge(yaxis),
  };
}

const options = {
  responsive: true, displaylogo: false, displayModeBar: false, scrollZoom: false, doubleClick: "reset", showTips: false,
};

function render(one) {
  const figure = one.draw(one.place);
  Plotly.react(one.place, figure.data, layoutOf(figure.layout), { ...options, ...figure.options });
  if (!one.drawn) one.ready(one.place);
  one.drawn = true;
  one.place.dataset.drawn = isDark() ? "dark" : "light";
}

const renderAll = () => charts.forEach(render);
const redrawChart = id => { const one = charts.find(each => each.place.id === id && each.drawn); if (one) render(one); };

/** Draws every chart, the first now and each of the others when the browser has a moment, so that the page answers at once. */
function drawInTurn() {
  const next = charts.find(one => !one.drawn);
  if (!next) {
    document.documentElement.dataset.ready = performance.now().toFixed(0);
    return;
  }
  render(next);
  setTimeout(drawInTurn, 0);
}

// ---- the theme switch, and paper, which is light ----

function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").setAttribute("aria-pressed", String(theme === "dark"));
  renderAll();
}

byId("theme").setAttribute("aria-pressed", String(isDark()));
byId("theme").addEventListener("click", () => showTheme(isDark() ? "light" : "dark"));
systemIsDark.addEventListener("change", renderAll);

let themeBeforePrint;
addEventListener("beforeprint", () => {
  themeBeforePrint = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  renderAll();
});
addEventListener("afterprint", () => {
  if (themeBeforePrint) document.documentElement.dataset.theme = themeBeforePrint;
  else delete document.documentElement.dataset.theme;
  renderAll();
});

// ---- one line of words beside the pointer ----

function say(text, event) {
  const tip = byId("tip");
  tip.textContent = text;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const right = event.clientX + 16 + width < innerWidth ? event.clientX + 16 : event.clientX - width - 12;
  const below = event.clientY + 16 + height < innerHeight ? event.clientY + 16 : event.clientY - height - 12;
  tip.style.left = `${Math.max(4, right)}px`;
  tip.style.top = `${Math.max(4, below)}px`;
}

const hush = () => { byId("tip").hidden = true; };

// ---- switches: one button of a group is pressed ----

/** Calls `chosen(value)` when another button of the group is pressed. */
function switchable(group, chosen) {
  if (!group) return;
  const buttons = all("button", group);
  group.addEventListener("click", event => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    buttons.forEach(button => button.setAttribute("aria-pressed", String(button === pressed)));
    chosen(pressed.value);
  });
}

// ---- tables: sort by a header, filter by a word ----

/** The value a row is sorted by: a number where the cell has data-v, its text otherwise; n/a is NaN. */
function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v === "" ? NaN : Number(cell.dataset.v);
}

/** Undefined values come last whichever way the table is sorted; equal ones keep the order they have. */
function sortRows(table, column, ascending) {
  const rows = [...table.tBodies[0].rows].map(row => ({ row, value: valueOf(row, column) }));
  const undefinedLast = value => Number.isNaN(value) ? 1 : 0;
  rows.sort((a, b) => undefinedLast(a.value) - undefinedLast(b.value)
    || (ascending ? 1 : -1) * (typeof a.value === "string" ? a.value.localeCompare(b.value, undefined, { numeric: true }) : a.value - b.value || 0));
  table.tBodies[0].append(...rows.map(one => one.row));
  for (const header of table.tHead.rows[0].cells) {
    if (header.hasAttribute("aria-sort")) header.setAttribute("aria-sort", header.cellIndex === column ? (ascending ? "ascending" : "descending") : "none");
  }
}

all("table.sortable").forEach(table => table.tHead.addEventListener("click", event => {
  const header = event.target.closest("th[aria-sort]");
  if (!header) return;
  const state = header.getAttribute("aria-sort");
  sortRows(table, header.cellIndex, state === "none" ? header.dataset.first !== "descending" : state === "descending");
}));

all("input[data-filters]").forEach(input => input.addEventListener("input", () => {
  const wanted = input.value.trim().toLowerCase();
  const rows = [...byId(input.dataset.filters).tBodies[0].rows];
  rows.forEach(row => { row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted); });
  byId(`${input.dataset.filters}-shown`).textContent = wanted ? `${rows.filter(row => !row.hidden).length} of ${rows.length} classes` : "";
}));

// ---- long lists: the first dozen, then all ----

function showWhole(list) {
  list.classList.remove("few");
  document.querySelector(`button[data-more="${list.id}"]`)?.remove();
}

all("button[data-more]").forEach(button => button.addEventListener("click", () => showWhole(byId(button.dataset.more))));
