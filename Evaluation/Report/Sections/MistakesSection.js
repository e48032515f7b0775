// The gallery shows its first dozen, all, or those of one pair: a click on a cell of the matrix or on a pair of the table.

const mistakes = all(".mistake");

function showMistakes(actual, predicted, event) {
  const wanted = mistakes.filter(card => Number(card.dataset.actual) === actual && Number(card.dataset.predicted) === predicted);
  if (wanted.length === 0) {
    say("None of these images is in the gallery of the worst mistakes.", event);
    return;
  }
  showWhole(byId("mistakes-gallery"));
  mistakes.forEach(card => { card.hidden = !wanted.includes(card); });
  byId("mistakes-shown").textContent = `${data.labels[actual]} taken for ${data.labels[predicted]}: ${wanted.length} of the ${mistakes.length} images here`;
  byId("mistakes-filter").hidden = false;
  hush();
  byId("mistakes").scrollIntoView();
  byId("mistakes-all").focus({ preventScroll: true });
}

byId("mistakes-all")?.addEventListener("click", () => {
  mistakes.forEach(card => { card.hidden = false; });
  byId("mistakes-filter").hidden = true;
});

document.addEventListener("click", event => {
  const pair = event.target.closest("button[data-pair]");
  if (pair) showMistakes(...pair.dataset.pair.split(",").map(Number), event);
});

// A small picture is enlarged with sharp pixels, a photo smoothly.
all(".mistake > img").forEach(image => {
  const sharp = () => image.classList.toggle("small", image.naturalWidth > 0 && image.naturalWidth <= 96);
  if (image.complete) sharp();
  else image.addEventListener("load", sharp);
});
