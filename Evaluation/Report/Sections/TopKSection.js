// How often the truth is among the first k answers, for every k.

chart("topk-chart", () => {
  const shares = data.topK;
  const ks = shares.map((_, i) => i + 1);
  const few = ks.length <= 30;
  const lowest = Math.floor(Math.min(...shares) * 20 - 0.5) / 20;
  return {
    data: [{
      type: "scatter", mode: few ? "lines+markers" : "lines", x: ks, y: shares, line: { color: colour("right"), width: 2.5, shape: "linear" }, marker: { size: 7 },
      hovertext: ks.map((k, i) => `Truth among the first ${k}: ${percent(shares[i], 2)}`), hoverinfo: "text",
    }],
    layout: {
      height: 300,
      xaxis: { title: { text: "First k answers" }, ...(few ? { dtick: ks.length > 12 ? 5 : 1, tick0: ks.length > 12 ? 0 : 1 } : { type: "log", dtick: "D2" }), showgrid: false },
      yaxis: { range: [Math.max(0, lowest), 1.01], tickformat: ".0%", nticks: 6 },
    },
  };
});
