"use strict";
// Draws the charts one after another, so that the page can be read at once. On paper
// they are drawn by day.
(() => {
  const templates = JSON.parse(document.getElementById("templates").textContent);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print");
  const config = { displayModeBar: false, responsive: true };
  const waiting = [...document.querySelectorAll(".plot")];
  const drawn = [];
  const NARROW_PX = 480; // a phone: letters are smaller there

  const inks = () => templates[night.matches && !paper.matches ? "dark" : "light"];

  const draw = (plot) => {
    const figure = JSON.parse(plot.nextElementSibling.textContent);
    const layout = { ...figure.layout, template: inks() };
    if (plot.clientWidth < NARROW_PX) {
      layout.font = { size: 10 };
    }
    Plotly.newPlot(plot, figure.data, layout, config);
    drawn.push(plot);
  };

  const drawNext = () => {
    if (waiting.length > 0) {
      draw(waiting.shift());
      setTimeout(drawNext, 0);
    } else {
      document.documentElement.dataset.drawn = "all";
    }
  };

  const drawRest = () => {
    waiting.splice(0).forEach(draw);
  };

  const changeInks = () => {
    drawn.forEach((plot) => Plotly.relayout(plot, { template: inks() }));
  };

  window.addEventListener("beforeprint", drawRest);
  night.addEventListener("change", changeInks);
  paper.addEventListener("change", () => {
    drawRest();
    changeInks();
  });
  drawNext();
})();
