// Counts of truth and prediction as a heat map: truth on y, prediction on x; what is right in blue, what is wrong in orange, each on its
// own scale. Zoomed out over many classes a cell stands for a block of them, so that 1,000 classes draw as fast as 300.

/** For each true class [predicted, samples, predicted, samples, …] as a map from predicted class to samples. */
const sparseRows = flat => flat.map(row => {
  const counts = new Map();
  for (let i = 0; i < row.length; i += 2) counts.set(row[i], row[i + 1]);
  return counts;
});

/**
 * A heat map in the chart `${id}-chart`, with the controls `${id}-mode`, `-order`, `-worst` and `-all` where the page has them.
 * `limits(mode)` gives the values [right, wrong] that are painted darkest, by default the largest; `clicked(actual, predicted, event)` is
 * told of a click on a wrong cell. `show(rows)` gives it other counts.
 */
function heatMap(id, names, { limits = () => null, clicked = () => {} } = {}) {
  const size = names.length;
  const natural = names.map((_, i) => i);
  const largestBlockCount = 300;
  const state = { mode: "counts", order: "given", x: [0, size - 1], y: [0, size - 1] };
  const control = name => byId(`${id}-${name}`);
  let rows, actualTotal, predictedTotal, seen;

  function show(counts) {
    rows = counts;
    actualTotal = rows.map(row => [...row.values()].reduce((sum, n) => sum + n, 0));
    predictedTotal = new Array(size).fill(0);
    rows.forEach(row => row.forEach((n, predicted) => { predictedTotal[predicted] += n; }));
  }

  const count = (actual, predicted) => rows[actual].get(predicted) ?? 0;
  const recall = i => actualTotal[i] ? count(i, i) / actualTotal[i] : Infinity;

  const share = {
    counts: n => n,
    actual: (n, actual) => actualTotal[actual] ? n / actualTotal[actual] : 0,
    predicted: (n, actual, predicted) => predictedTotal[predicted] ? n / predictedTotal[predicted] : 0,
  };

  const orders = {
    given: () => natural,
    name: () => natural.toSorted((a, b) => names[a].localeCompare(names[b], undefined, { numeric: true })),
    support: () => natural.toSorted((a, b) => actualTotal[b] - actualTotal[a]),
    worst: () => natural.toSorted((a, b) => recall(a) - recall(b)),
  };

  /** The window of [first, last] classes in blocks: per block its first and last position. */
  function blocksOf([first, last]) {
    const step = Math.ceil((last - first + 1) / largestBlockCount);
    const blocks = [];
    for (let start = first; start <= last; start += step) blocks.push([start, Math.min(start + step - 1, last)]);
    return blocks;
  }

  /** Everything that the heat map shows of the window, from the sparse rows alone. */
  function view() {
    const order = orders[state.order]();
    const [across, down] = [blocksOf(state.x), blocksOf(state.y)];
    const [stepX, stepY] = [across[0][1] - across[0][0] + 1, down[0][1] - down[0][0] + 1];
    const position = new Array(size);
    order.forEach((label, at) => { position[label] = at; });

    const right = down.map(() => new Float64Array(across.length));
    const wrong = down.map(() => new Float64Array(across.length));
    const sum = down.map(() => new Float64Array(across.length));
    const text = stepX === 1 && stepY === 1 && Math.max(across.length, down.length) <= 20 ? down.map(() => new Array(across.length).fill("")) : null;
    down.forEach(([first, last], i) => {
      for (let at = first; at <= last; at++) {
        const actual = order[at];
        rows[actual].forEach((n, predicted) => {
          const column = position[predicted];
          if (column < state.x[0] || column > state.x[1]) return;
          const j = Math.floor((column - state.x[0]) / stepX);
          const value = share[state.mode](n, actual, predicted);
          const half = actual === predicted ? right : wrong;
          half[i][j] = Math.max(half[i][j], value);
          sum[i][j] += n;
          if (text) text[i][j] = state.mode === "counts" ? counted.format(n) : value < 0.01 ? "<1" : roundedDown(100 * value, 0);
        });
      }
    });

    const largest = half => half.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0);
    const given = limits(state.mode);
    const [mostRight, mostWrong] = given ?? [largest(right), largest(wrong)];
    const part = (value, most) => most ? Math.min(1, value / most) : value && 1;
    const z = right.map((row, i) => Array.from(row, (value, j) => value > 0 ? part(value, mostRight) : -part(wrong[i][j], mostWrong)));
    return { across, down, z, sum, text, mostRight, mostWrong, orMore: given ? " or more" : "", order };
  }

  const middle = ([first, last]) => (first + last) / 2;

  function draw(place) {
    seen = view();
    const width = place.clientWidth;
    const longest = Math.max(...names.map(name => name.length));
    const letters = Math.min(longest, phone.matches ? 12 : 22);
    const marginLeft = 6.6 * letters + 34;
    const side = Math.max(180, Math.min(width - marginLeft - 12, 640, 110 * size));
    const marginBottom = (letters > 4 || size > 12 ? 5.2 * letters + 30 : 30) + 26;

    const ticks = ([first, last], pixels) => {
      const step = Math.ceil((last - first + 1) / Math.floor(side / pixels));
      const at = [];
      for (let i = first; i <= last; i += step) at.push(i);
      return { tickmode: "array", tickvals: at, ticktext: at.map(i => plain(shortened(names[seen.order[i]], letters))) };
    };
    const axis = { showgrid: false, ticks: "", fixedrange: size <= 20, showline: false, automargin: false, minallowed: -0.5, maxallowed: size - 0.5 };
    const paint = (name, deep) => [0, 0.15, 0.4, 0.7, 1].map(at => [at, mixed("paper", name, at === 0 ? 0 : 0.1 + 0.9 * at * deep)]);
    const scale = [
      ...paint("heat-wrong", 0.95).map(([at, c]) => [0.5 - at / 2, c]).reverse(),
      ...paint("heat-right", 0.95).map(([at, c]) => [0.5 + at / 2, c]).slice(1),
    ];

    const cellSide = side / Math.max(seen.across.length, seen.down.length);

    const format = value => state.mode === "counts" ? counted.format(value) : percent(value, value < 0.1 ? 1 : 0);
    control("most-right").textContent = format(seen.mostRight) + seen.orMore;
    control("most-wrong").textContent = format(seen.mostWrong) + seen.orMore;

    return {
      data: [{
        type: "heatmap", x: seen.across.map(middle), y: seen.down.map(middle), z: seen.z, zmin: -1, zmax: 1, colorscale: scale, showscale: false,
        xgap: seen.across.length <= 40 ? 1 : 0, ygap: seen.down.length <= 40 ? 1 : 0, hoverinfo: "none",
      }, ...(seen.text && cellSide >= 18 ? [cellTexts(scale, Math.min(13, cellSide / 2.5))] : [])],
      layout: {
        width: Math.min(width, side + marginLeft + 12), height: side + marginBottom + 6, autosize: false,
        margin: { l: marginLeft, r: 12, t: 6, b: marginBottom }, plot_bgcolor: seen.across.length <= 40 ? colour("line") : "rgba(0,0,0,0)", dragmode: size > 20 && !phone.matches ? "zoom" : false,
        xaxis: { ...axis, ...ticks(state.x, 18), ticklabelstandoff: 3, range: [state.x[0] - 0.5, state.x[1] + 0.5], tickangle: letters > 4 || size > 12 ? -50 : 0, title: { text: "Predicted", standoff: 6 } },
        yaxis: { ...axis, ...ticks(state.y, 15), ticklabelstandoff: 5, range: [state.y[1] + 0.5, state.y[0] - 0.5], title: { text: "Truth", standoff: 6 } },
      },
    };
  }

  /** The numbers in the cells, each in ink or paper, whichever is read more easily on the colour of its cell. */
  function cellTexts(scale, fontSize) {
    const { across, down, z, text } = seen;
    const [light, dark] = [rgb("paper"), rgb("ink")].sort((a, b) => luminance(b) - luminance(a)).map(c => `rgb(${c.join(", ")})`);
    const marks = down.flatMap((row, i) => across.map((column, j) => ({ x: middle(column), y: middle(row), text: text[i][j], z: z[i][j] }))).filter(mark => mark.text);
    return {
      type: "scatter", mode: "text", hoverinfo: "skip", cliponaxis: false,
      x: marks.map(mark => mark.x), y: marks.map(mark => mark.y), text: marks.map(mark => plain(mark.text)),
      textfont: { size: fontSize, color: marks.map(mark => luminance(onScale(scale, (mark.z + 1) / 2)) > 0.24 ? dark : light) },
    };
  }

  /** The cell or block in words. */
  function words(i, j) {
    const { down, across, order, sum } = seen;
    const [from, to] = [down[i], across[j]];
    if (from[0] !== from[1] || to[0] !== to[1]) {
      const span = ([first, last]) => first === last ? names[order[first]] : `${names[order[first]]} … ${names[order[last]]}`;
      return `${images(sum[i][j])} of ${span(from)} taken for ${span(to)}`;
    }
    const [actual, predicted] = [order[from[0]], order[to[0]]];
    const n = count(actual, predicted);
    const what = actual === predicted ? "recognised" : `taken for ${names[predicted]}`;
    const ofActual = actualTotal[actual] ? ` (${percent(n / actualTotal[actual])})` : "";
    const ofPredicted = predictedTotal[predicted] ? `; ${percent(n / predictedTotal[predicted])} of all that was called ${names[predicted]}` : "";
    return `${counted.format(n)} of ${counted.format(actualTotal[actual])} ${names[actual]} ${what}${ofActual}${ofPredicted}`;
  }

  const redraw = () => redrawChart(`${id}-chart`);

  function ready(place) {
    const cell = event => event.points[0].pointIndex;
    place.on("plotly_hover", event => say(words(...cell(event)), event.event));
    place.on("plotly_unhover", hush);
    place.on("plotly_click", event => {
      const [i, j] = cell(event);
      const [from, to] = [seen.down[i], seen.across[j]];
      if (from[0] === from[1] && to[0] === to[1] && from[0] !== to[0]) clicked(seen.order[from[0]], seen.order[to[0]], event.event);
    });
    place.on("plotly_relayout", change => {
      const within = (low, high) => [Math.max(0, Math.ceil(Math.min(low, high))), Math.min(size - 1, Math.floor(Math.max(low, high)))];
      if (change["xaxis.range[0]"] === undefined && change["yaxis.range[0]"] === undefined && !change["xaxis.range"] && !change["yaxis.range"]) return;
      const { xaxis, yaxis } = place._fullLayout;
      zoomTo(within(...xaxis.range), within(...yaxis.range));
    });
    place.on("plotly_doubleclick", () => zoomTo([0, size - 1], [0, size - 1]));

    function zoomTo(x, y) {
      const positive = ([first, last]) => last >= first ? [first, last] : [last, first];
      Object.assign(state, { x: positive(x), y: positive(y) });
      control("all").hidden = state.x[1] - state.x[0] === size - 1 && state.y[1] - state.y[0] === size - 1;
      redraw();
    }

    control("all").addEventListener("click", () => zoomTo([0, size - 1], [0, size - 1]));
    control("worst")?.addEventListener("click", () => {
      state.order = control("order").value = "worst";
      zoomTo([0, Math.min(size, 20) - 1], [0, size - 1].map(end => Math.min(end, 19)));
    });
    switchable(control("mode"), mode => { state.mode = mode; redraw(); });
    control("order")?.addEventListener("change", event => { state.order = event.target.value; redraw(); });
    addEventListener("resize", redraw);
  }

  chart(`${id}-chart`, draw, ready);
  return { show, redraw };
}
