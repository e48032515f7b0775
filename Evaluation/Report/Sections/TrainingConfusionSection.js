// The confusion matrix of the epoch that the slider is at, painted on the scale of the best epoch, so that epochs compare.

if (data.trainingConfusions) {
  const { labels, epochs, parts, best, reference } = data.trainingConfusions;
  const slider = byId("training-confusion-slider");
  const state = { part: Object.keys(parts)[0] };

  /** The values [right, wrong] that are darkest: the most that the epoch of reference has. */
  function limits(mode) {
    const rows = parts[state.part][epochs.indexOf(reference)];
    if (!rows) return null;
    const total = flat => flat.reduce((sum, n, i) => i % 2 ? sum + n : sum, 0);
    const answers = new Array(labels.length).fill(0);
    rows.forEach(row => row.forEach((n, i) => { if (i % 2) answers[row[i - 1]] += n; }));
    const most = [0, 0];
    rows.forEach((row, actual) => row.forEach((n, i) => {
      if (i % 2 === 0) return;
      const value = mode === "counts" ? n : mode === "actual" ? n / total(row) : n / answers[row[i - 1]];
      const half = row[i - 1] === actual ? 0 : 1;
      most[half] = Math.max(most[half], value);
    }));
    return most;
  }

  const map = heatMap("training-confusion", labels, { limits });
  const nothing = labels.map(() => []);

  function show() {
    const at = Number(slider.value);
    const rows = parts[state.part][at];
    const sum = (rows ?? nothing).flatMap((row, actual) => row.map((n, i) => i % 2 ? [n, row[i - 1] === actual ? n : 0] : [0, 0]));
    const [all_, right] = sum.reduce(([a, r], [n, hit]) => [a + n, r + hit], [0, 0]);
    const name = `Epoch ${epochs[at]}`;
    byId("training-confusion-epoch").textContent = name;
    slider.setAttribute("aria-valuetext", name);
    byId("training-confusion-now").textContent = rows
      ? `${name}${best[0] === epochs[at] ? ", the best" : ""}: ${counted.format(right)} of ${images(all_)} right (${percent(right / all_)})`
      : `${name} has no ${state.part}.`;
    map.show(sparseRows(rows ?? nothing));
  }

  const update = () => { show(); map.redraw(); };
  show();
  slider.addEventListener("input", update);
  byId("training-confusion-best").addEventListener("click", event => { slider.value = event.currentTarget.value; update(); });
  switchable(byId("training-confusion-part"), part => { state.part = part; update(); });
}
