// Draws the charts of a page from the JSON beside them; the table under each is what stands without script.
"use strict";
(() => {
  const INK = "#3b4a52", LINE = "#dce3e6";
  // Patterns tell the series apart where colour is lost, as in a greyscale print.
  const DECALS = [null, { rotation: 0.7, dashArrayX: [1, 0], dashArrayY: [2, 6] }, { rotation: -0.7, dashArrayX: [1, 0], dashArrayY: [2, 4] },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3] }, { symbol: "circle", symbolSize: 0.6, dashArrayX: [4, 4], dashArrayY: [4, 4] }];
  const option = (told, narrow) => {
    const lying = told.kind === "stack";
    const names = { type: "category", data: told.categories, inverse: lying, axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: INK, width: lying ? (narrow ? 90 : 220) : 80, overflow: "truncate", interval: 0 } };
    const figures = { type: "value", name: told.unit, minInterval: 1, nameTextStyle: { color: INK },
      axisLabel: { color: INK }, splitLine: { lineStyle: { color: LINE } } };
    return {
      animation: false, textStyle: { fontFamily: "inherit", color: INK },
      aria: { enabled: false },
      grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: INK } },
      // Drawn on the canvas: a tooltip of HTML would need inline styles, which the page forbids.
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, confine: true },
      xAxis: lying ? figures : names, yAxis: lying ? names : figures,
      series: told.series.map((one, at) => ({
        name: one.name, type: told.kind === "line" ? "line" : "bar", stack: lying ? "all" : undefined,
        data: one.values, barMaxWidth: 18, connectNulls: false,
        itemStyle: { color: one.colour, decal: DECALS[at % DECALS.length] || undefined } })),
    };
  };
  const save = (name, address) => {
    const link = document.createElement("a");
    link.href = address; link.download = name; link.click();
  };
  const csv = (figure) => {
    const quote = (text) => `"${text.trim().replace(/"/g, '""')}"`;
    const rows = [...figure.querySelectorAll("table tr")];
    const text = rows.map((row) => [...row.cells].map((cell) => quote(cell.textContent)).join(",")).join("\r\n");
    // The mark lets office programs read it as UTF-8.
    return URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
  };
  const draw = (figure) => {
    const told = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const canvas = figure.querySelector(".chart-canvas");
    canvas.hidden = false;
    canvas.classList.add(told.kind === "stack" ? "chart-rows" : "chart-columns");
    const height = told.kind === "stack" ? 60 + 26 * told.categories.length : 280;
    const chart = echarts.init(canvas, null, { renderer: "canvas", height });
    const narrow = () => canvas.clientWidth < 500;
    chart.setOption(option(told, narrow()));
    window.addEventListener("resize", () => { chart.setOption(option(told, narrow())); chart.resize({ height }); });
    const png = figure.querySelector("[data-chart-png]"), table = figure.querySelector("[data-chart-csv]");
    png.hidden = table.hidden = false;
    png.addEventListener("click", () => save(`${told.title}.png`, chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" })));
    table.addEventListener("click", () => save(`${told.title}.csv`, csv(figure)));
  };
  document.addEventListener("DOMContentLoaded", () => { for (const one of document.querySelectorAll("[data-chart]")) draw(one); });
})();
