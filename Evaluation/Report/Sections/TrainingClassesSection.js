// The curves of the classes. Colour, dash and mark go by the rank of a class, worst first, as its switch shows them.

if (data.trainingClasses) {
  const { labels, epochs, parts, weights } = data.trainingClasses;
  const state = { mode: "f1", part: Object.keys(parts)[0] };
  const switches = all("#training-classes-switches input");
  const dashes = ["solid", "7px,3px", "2px,3px"];
  const symbols = ["circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star", "cross"];

  // [right answers, answers, images] of each class by epoch; the images stand only where they changed.
  for (const list of Object.values(parts)) {
    let last;
    list.forEach(counts => { if (counts) last = counts[2] ??= last; });
  }

  const quotient = (a, b) => b === 0 ? null : a / b;
  const values = {
    f1: ([right, answers, images_], c) => quotient(2 * right[c], images_[c] + answers[c]),
    precision: ([right, answers], c) => quotient(right[c], answers[c]),
    recall: ([right, , images_], c) => quotient(right[c], images_[c]),
  };
  const curve = c => state.mode === "weight"
    ? weights.map(epoch => epoch[c])
    : parts[state.part].map(counts => counts && values[state.mode](counts, c));
  const names = { f1: "F1", precision: "precision", recall: "recall", weight: "weight" };

  chart("training-classes-chart", () => ({
    data: switches.filter(input => input.checked).map(input => {
      const [c, rank] = [Number(input.value), Number(input.closest("label").dataset.rank)];
      const y = curve(c);
      const paint = colour(`series-${rank % 8}`);
      return {
        type: "scatter", mode: modeOf(epochs), x: epochs, y, connectgaps: true,
        line: { color: paint, width: 2, dash: dashes[Math.floor(rank / 8) % 3] }, marker: { color: paint, size: 6, symbol: symbols[rank % 8] },
        hovertext: epochs.map((epoch, i) => `${plain(labels[c])}, epoch ${epoch}: ${names[state.mode]} ${state.mode === "weight" ? figure(y[i]) : score(y[i])}`), hoverinfo: "text",
      };
    }),
    layout: {
      height: 360, hovermode: "closest", margin: { l: 48, r: 12, t: 12, b: 44 }, shapes: data.training ? trainingMarks() : [],
      xaxis: epochAxis(epochs), yaxis: { nticks: 7, ...(state.mode === "weight" ? { rangemode: "tozero" } : { tickformat: ".2f" }) },
    },
  }));

  const redraw = () => redrawChart("training-classes-chart");
  switchable(byId("training-classes-mode"), mode => {
    state.mode = mode;
    if (byId("training-classes-part")) byId("training-classes-part").hidden = mode === "weight";
    redraw();
  });
  switchable(byId("training-classes-part"), part => { state.part = part; redraw(); });
  byId("training-classes-switches")?.addEventListener("change", redraw);
  all("#training-classes-switches button").forEach(button => button.addEventListener("click", () => {
    const shown = { worst: 5, all: switches.length, none: 0 }[button.value];
    switches.forEach((input, rank) => { input.checked = rank < shown; });
    redraw();
  }));
}
