// The curves of a training: validation against training, with marks where it was best, where it ended, and where the learning rate fell.

/** How a part is drawn: told apart by the dash as well as by the colour. */
const partLine = part => part === "validation"
  ? { line: { color: colour("right"), width: 2.5 }, marker: { color: colour("right"), size: 6 } }
  : { line: { color: colour("soft"), width: 2, dash: "4px,3px" }, marker: { color: colour("soft"), size: 6, symbol: "square" } };

/** Points are marked where there are few; lines bridge epochs without a value. */
const modeOf = epochs => epochs.length <= 30 ? "lines+markers" : "lines";

/** The axis of epochs: whole numbers, half an epoch of air at both ends. */
function epochAxis(epochs) {
  const [first, last] = [epochs[0], epochs.at(-1)];
  const air = Math.max(0.5, (last - first) * 0.02);
  const ticks = last - first < 10 ? { dtick: 1 } : { nticks: phone.matches ? 6 : 10 };
  return { range: [first - air, last + air], tickformat: "d", ...ticks, showgrid: false, title: { text: "Epoch" } };
}

/** Upright lines: solid at the best epoch, dashed at an early end, dotted where the learning rate fell. */
function trainingMarks() {
  const { best, end, epochs, drops } = data.training;
  const upright = (x, line) => ({ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, layer: "below", line });
  return [
    ...drops.map(x => upright(x, { color: colour("line-strong"), width: 1.5, dash: "dot" })),
    ...(end ? [upright(epochs.at(-1), { color: colour("wrong"), width: 1.5, dash: "dash" })] : []),
    ...best.map(x => upright(x, { color: colour("ink"), width: 1.25 })),
  ];
}

/** Four digits that matter, as 0.4123 or 1.2e-5. */
function figure(value) {
  if (value === null || !Number.isFinite(value)) return "n/a";
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** F1, precision or recall with four decimals. */
const score = value => value === null ? "n/a" : roundedDown(value, 4);

function trainingCurves(key, words) {
  const { epochs, parts } = data.training;
  return Object.keys(parts).toReversed().map(part => ({
    type: "scatter", mode: modeOf(epochs), x: epochs, y: parts[part][key], connectgaps: true, ...partLine(part),
    hovertext: epochs.map((epoch, i) => `Epoch ${epoch}, ${part}: ${words(parts[part][key][i])}`), hoverinfo: "text",
  }));
}

/** A logarithmic axis where the values span more than two powers of ten. */
function scaleFor(values) {
  const known = values.filter(value => value > 0);
  const allAbove0 = values.every(value => value === null || value > 0);
  return allAbove0 && Math.max(...known) > 100 * Math.min(...known) ? { type: "log", dtick: 1 } : { rangemode: "tozero", nticks: 6 };
}

/** An axis of shares with as many decimals as its values need to differ. */
function shareAxis(values, unit) {
  const known = values.filter(value => value !== null);
  const span = Math.max(...known) - Math.min(...known);
  const digits = (span >= 0.1 ? 0 : span >= 0.01 ? 1 : 2) + (unit === "%" ? 0 : 2);
  return { tickformat: `.${digits}${unit}`, nticks: 6 };
}

let trainingShare = "accuracy";

if (data.training) {
  const { epochs, parts, rate, stretchAt, stretchLoss } = data.training;
  const margin = { l: 48, r: 12, t: 12, b: 44 };
  const layout = yaxis => ({ height: 280, hovermode: "closest", shapes: trainingMarks(), margin, xaxis: epochAxis(epochs), yaxis });
  const stretches = () => ({ type: "scatter", mode: "lines", x: stretchAt, y: stretchLoss, line: { color: colour("line-strong"), width: 1 }, hoverinfo: "skip" });

  chart("training-loss", () => ({
    data: [...(stretchAt.length ? [stretches()] : []), ...trainingCurves("loss", figure)],
    layout: layout({ ...scaleFor(Object.values(parts).flatMap(part => part.loss)), exponentformat: "power" }),
  }));
  chart("training-share", () => ({
    data: trainingCurves(trainingShare, value => value === null ? "n/a" : trainingShare === "accuracy" ? percent(value, 2) : score(value)),
    layout: layout(shareAxis(Object.values(parts).flatMap(part => part[trainingShare]), trainingShare === "accuracy" ? "%" : "f")),
  }));
  chart("training-rate", () => ({
    data: [{
      type: "scatter", mode: modeOf(epochs), x: epochs, y: rate,
      line: { color: colour("ink"), width: 2, shape: "hv" }, marker: { color: colour("ink"), size: 5 },
      hovertext: epochs.map((epoch, i) => `Epoch ${epoch}: learning rate ${figure(rate[i])}`), hoverinfo: "text",
    }],
    layout: layout({ ...scaleFor(rate), exponentformat: "power" }),
  }));
  switchable(byId("training-share-mode"), mode => {
    trainingShare = mode;
    byId("training-share-name").textContent = mode === "accuracy" ? "Accuracy" : "Macro F1";
    redrawChart("training-share");
  });
}
