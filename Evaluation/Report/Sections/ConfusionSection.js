// The confusion matrix of the evaluation; a click on what is wrong shows its images.

if (data.confusion) heatMap("confusion", data.labels, { clicked: (...cell) => showMistakes(...cell) }).show(sparseRows(data.confusion));
