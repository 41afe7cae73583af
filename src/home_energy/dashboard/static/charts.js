// Draws the charts of a page as they come into sight, in the letters of the screen.
"use strict";

(() => {
  const PAGE_FONT_PX = 12; // for which the figures are laid out
  const ONE_VIEW_PX = 340; // no chart of rows: it may be lower
  const article = document.querySelector(".scenario");
  const frames = [...document.querySelectorAll(".plot-frame")];
  const isKiosk = document.documentElement.classList.contains("is-kiosk");

  // A chart is laid out for letters of its own size and drawn larger as a whole.
  function sizeOf(frame) {
    const scale = parseFloat(getComputedStyle(frame).fontSize) / PAGE_FONT_PX;
    const height = Number(frame.dataset.height);
    const title = frame.parentElement.querySelector("h2");
    const view = (article.clientHeight - 1.3 * title.clientHeight) / scale;
    return {
      scale,
      width: Math.floor(frame.clientWidth / scale),
      height: height <= ONE_VIEW_PX ? Math.min(height, Math.floor(view)) : height,
    };
  }

  function draw(frame) {
    const plot = frame.firstElementChild;
    const { scale, width, height } = sizeOf(frame);
    const text = document.querySelector(`[data-chart="${plot.id}"]`).textContent;
    const { data, layout } = JSON.parse(text);
    const font = { ...layout.font, family: getComputedStyle(frame).fontFamily };
    plot.style.width = `${width}px`;
    plot.style.transform = `scale(${scale})`;
    Plotly.react(
      plot,
      data,
      { ...layout, width, height, font },
      { displayModeBar: false, staticPlot: isKiosk },
    );
  }

  const sight = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        sight.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { root: article, rootMargin: "50%" },
  );

  function place() {
    for (const frame of frames) {
      const { scale, height } = sizeOf(frame);
      frame.style.height = `${height * scale}px`;
      sight.unobserve(frame);
      sight.observe(frame);
    }
  }

  // A tap leads to the next chart, or on within one that is higher than the screen.
  function goOn() {
    const top = article.getBoundingClientRect().top;
    const ahead = [...article.querySelectorAll(".chart-card")]
      .map((card) => card.getBoundingClientRect().top - top)
      .find((distance) => distance > 1);
    const step = 0.85 * article.clientHeight;
    article.scrollBy({ top: Math.min(ahead ?? step, step) });
  }

  document.getElementById("go-on")?.addEventListener("click", goOn);
  addEventListener("resize", place);
  document.fonts.ready.then(place);
})();
