// The replay of one sitting: position over time, bands of what was paid, pins for signals and events. The table below says the same.

const root = document.getElementById("replay-chart");
const data = JSON.parse(document.getElementById("replay-data")?.textContent ?? "null");
const NARROW = 520;
const SHORT_MS = 15 * 60_000; // a sitting this short needs seconds on its axis
const isShort = data && data.points.at(-1)[0] - data.points[0][0] < SHORT_MS;

const two = (number) => String(Math.floor(number)).padStart(2, "0");
const clock = (ms) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(ms);
const place = (seconds) => `${two(seconds / 60)}:${two(seconds % 60)}`;

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--ax-${name}`).trim();
  return {
    line: read("primary"), text: read("text"), muted: read("muted"), grid: read("line"), surface: read("surface"),
    paid: read("proven-soft"), unpaid: read("attention-soft"), idle: read("surface-2"),
    proven: read("proven-mark"), attention: read("attention-mark"), stop: read("stop"), info: read("primary"), neutral: read("line-strong"),
  };
}

/** Where the line stands at a moment, so that a pin sits on it. */
function at(ms) {
  let before = data.points[0];
  for (const point of data.points) {
    if (point[0] > ms) {
      const share = point[0] === before[0] ? 0 : (ms - before[0]) / (point[0] - before[0]);
      return before[1] + (point[1] - before[1]) * share;
    }
    before = point;
  }
  return before[1];
}

function bands(colour) {
  return data.bands.map(([kind, start, end, verdict]) => [
    { xAxis: start, itemStyle: { color: colour[kind], opacity: 1 }, name: `${root.dataset[kind]}：${verdict}` },
    { xAxis: end },
  ]);
}

function pins(rows, symbol, size, tone, colour) {
  return rows.map((row) => ({ value: [row[0], at(row[0]), row[1]], symbol, symbolSize: size, itemStyle: { color: colour[tone(row)], borderColor: colour.surface, borderWidth: 1 } }));
}

function options(colour, width) {
  const narrow = width < NARROW;
  const words = root.dataset;
  const axis = { axisLine: { lineStyle: { color: colour.grid } }, splitLine: { lineStyle: { color: colour.grid } } };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour.text },
    grid: { left: 8, right: narrow ? 8 : 16, top: 40, bottom: narrow ? 8 : 48, containLabel: true },
    legend: { top: 0, left: 0, itemGap: narrow ? 8 : 16, textStyle: { color: colour.text }, selectedMode: false,
      data: [words.paid, words.unpaid, words.idle, words.signal, words.event].map((name) => ({ name })) },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: colour.surface, borderColor: colour.grid,
      textStyle: { color: colour.text }, formatter: (shown) => (shown.value?.[2] ? `${clock(shown.value[0])}\n${shown.value[2]}` : Array.isArray(shown.value) ? `${clock(shown.value[0])}\n${words.position} ${place(shown.value[1])}` : shown.name) },
    dataZoom: narrow ? [{ type: "inside", filterMode: "none" }] : [{ type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl" }, { type: "slider", filterMode: "none", height: 24, bottom: 8, labelFormatter: clock, borderColor: colour.grid, textStyle: { color: colour.muted } }],
    xAxis: { type: "time", ...axis, splitLine: { show: false }, axisLabel: { color: colour.muted, hideOverlap: true, formatter: (ms) => (isShort ? clock(ms) : clock(ms).slice(0, 5)) } },
    yAxis: { type: "value", min: 0, max: Math.max(1, data.duration_s), ...axis, splitNumber: 4, axisLabel: { color: colour.muted, showMaxLabel: !narrow, formatter: place } },
    series: [
      { name: words.position, type: "line", data: data.points, showSymbol: data.points.length < 60, symbolSize: 4, lineStyle: { width: 2, color: colour.line }, itemStyle: { color: colour.line },
        markArea: { silent: false, label: { show: false }, data: bands(colour) } },
      ...["paid", "unpaid", "idle"].map((kind) => ({ name: words[kind], type: "bar", data: [], itemStyle: { color: colour[{ paid: "proven", unpaid: "attention", idle: "neutral" }[kind]] } })),
      { name: words.signal, type: "scatter", z: 5, itemStyle: { color: colour.attention }, symbol: "diamond", data: pins(data.signals, "diamond", 12, () => "attention", colour) },
      { name: words.event, type: "scatter", z: 6, itemStyle: { color: colour.info }, symbol: "pin", data: pins(data.marks, "pin", 28, (row) => row[2], colour) },
    ],
  };
}

function draw() {
  const chart = window.echarts.getInstanceByDom(root) ?? window.echarts.init(root, null, { renderer: "canvas" });
  chart.setOption(options(tokens(), root.clientWidth), true);
  return chart;
}

if (root && data && window.echarts) {
  const chart = draw();
  new ResizeObserver(() => chart.resize()).observe(root);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}
