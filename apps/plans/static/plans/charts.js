// Charts out of the tables they stand for: the first column names, the second is drawn. The table stays one press away.

const STYLE = getComputedStyle(document.documentElement);
const colour = (name) => STYLE.getPropertyValue(`--ax-${name}`).trim();
const words = { chart: "chart-bar", table: "table" };

/** Read the rows of a figure's table as {names, values}. */
function rowsOf(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  return {
    names: rows.map((row) => row.querySelector("th").textContent.trim()),
    values: rows.map((row) => Number(row.querySelector("[data-value]").dataset.value)),
  };
}

function options(figure) {
  const { names, values } = rowsOf(figure);
  const lies = figure.dataset.chart === "rows";
  const category = {
    type: "category",
    data: lies ? [...names].reverse() : names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("line-strong") } },
    axisLabel: { color: colour("muted"), hideOverlap: true },
  };
  const value = {
    type: "value",
    minInterval: figure.dataset.whole === undefined ? 0 : 1,
    axisLabel: { color: colour("muted") },
    splitLine: { lineStyle: { color: colour("line") } },
  };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: false }, // the table says it better
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    textStyle: { fontFamily: STYLE.getPropertyValue("--ax-font") },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (n) => `${n} ${figure.dataset.unit}` },
    xAxis: lies ? value : category,
    yAxis: lies ? category : value,
    series: [
      {
        type: "bar",
        name: figure.dataset.label,
        data: lies ? [...values].reverse() : values,
        barMaxWidth: 28,
        itemStyle: { color: colour("primary"), borderRadius: lies ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      },
    ],
  };
}

/** A button that shows the chart or the table. */
function toggle(figure, plot, table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm ax-btn-ghost db-toggle";
  const icon = document.createElement("i");
  icon.setAttribute("aria-hidden", "true");
  const label = document.createElement("span");
  button.append(icon, label);
  const say = () => {
    icon.className = `ti ti-${table.hidden ? words.table : words.chart}`;
    label.textContent = table.hidden ? figure.closest("[data-show-table]")?.dataset.showTable : figure.closest("[data-show-chart]")?.dataset.showChart;
    button.setAttribute("aria-pressed", String(!table.hidden));
  };
  button.addEventListener("click", () => {
    table.hidden = !table.hidden;
    plot.hidden = !table.hidden;
    say();
    if (table.hidden) window.echarts.getInstanceByDom(plot)?.resize();
  });
  say();
  return button;
}

function draw(figure) {
  if (figure.dataset.drawn || !window.echarts) return;
  figure.dataset.drawn = "yes";
  const table = figure.querySelector(".db-table");
  const plot = document.createElement("div");
  plot.className = "db-plot";
  plot.setAttribute("aria-hidden", "true");
  table.before(plot);
  table.hidden = true;
  figure.prepend(toggle(figure, plot, table));
  const chart = window.echarts.init(plot, null, { renderer: "canvas" });
  const show = () => chart.setOption(options(figure), true);
  show();
  new ResizeObserver(() => plot.clientWidth && chart.resize()).observe(plot);
  new MutationObserver(show).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}

const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);
document.addEventListener("htmx:load", drawAll);
drawAll();
