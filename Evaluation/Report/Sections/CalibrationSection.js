// Reliability: does it hold what its confidence promises? And how its confidence is spread over right and wrong answers.

/** A bin of the JSON, [from, to, rows, confidence, accuracy], by names; a bar is [from, to, right, wrong]. */
const named = ([from, to, count, confidence, accuracy]) => ({ from, to, count, confidence, accuracy });
const centre = ([from, to]) => (from + to) / 2;

function drawReliability(calibration) {
  const filled = calibration.bins.map(named);
  const words = filled.map(bin => `Confidence ${percent(bin.from, 0)} to ${percent(bin.to, 0)}: ${images(bin.count)}<br>`
    + `promised ${percent(bin.confidence)}, right ${percent(bin.accuracy)}`);
  const bar = { type: "bar", x: calibration.bins.map(centre), width: filled.map(bin => bin.to - bin.from), hovertext: words, hoverinfo: "text" };
  const pale = filled.map(bin => bin.count < 20 ? 0.3 : 1);
  const held = filled.map(bin => Math.min(bin.accuracy, bin.confidence));
  const hatched = (name, size) => ({
    ...bar, y: size, base: held,
    marker: {
      color: colour("paper"), opacity: pale, line: { color: colour(name), width: size.map(height => height > 0 ? 1 : 0) },
      pattern: { shape: "/", size: 5, solidity: 0.25, fgcolor: colour(name), bgcolor: colour("paper") },
    },
  });
  return {
    data: [
      { ...bar, y: held, marker: { color: colour("right"), opacity: pale, line: { color: colour("paper"), width: 1.5 } } },
      hatched("wrong", filled.map(bin => Math.max(0, bin.confidence - bin.accuracy))),
      hatched("right", filled.map(bin => Math.max(0, bin.accuracy - bin.confidence))),
      { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], line: { color: colour("soft"), dash: "dash", width: 1.5 }, hoverinfo: "skip" },
    ],
    layout: {
      barmode: "overlay", bargap: 0, height: 340,
      xaxis: { range: [0, 1.003], dtick: 0.2, tickformat: ".0%", title: { text: "Confidence" } },
      yaxis: { range: [0, 1.003], dtick: 0.2, tickformat: ".0%", title: { text: "Right" } },
    },
  };
}

function drawConfidence(calibration) {
  const { bars } = calibration;
  const words = bars.map(([from, to, right, wrong]) => `Confidence ${percent(from, 0)} to ${percent(to, 0)}<br>${counted.format(right)} right, ${counted.format(wrong)} wrong`);
  const bar = { type: "bar", x: bars.map(centre), width: bars.map(([from, to]) => to - from), hovertext: words, hoverinfo: "text" };
  const edge = { line: { color: colour("paper"), width: 1.5 } };
  return {
    data: [
      { ...bar, y: bars.map(one => one[3]), marker: { color: colour("wrong"), ...edge } },
      { ...bar, y: bars.map(one => one[2]), marker: { color: colour("right"), ...edge } },
    ],
    layout: {
      barmode: "stack", bargap: 0, height: 260,
      xaxis: { range: [0, 1.003], dtick: 0.2, tickformat: ".0%", title: { text: "Confidence" } },
      yaxis: { title: { text: "Images" }, rangemode: "tozero", tickformat: "~s", nticks: 6 },
    },
  };
}

(data.calibrations ?? []).forEach((calibration, i) => {
  chart(`reliability-${i}`, () => drawReliability(calibration));
  chart(`confidence-${i}`, () => drawConfidence(calibration));
});
