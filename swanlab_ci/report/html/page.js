"use strict";
(() => {
  const root = document.documentElement;
  const { charts, words } = JSON.parse(document.getElementById("data").textContent);
  const HEIGHT = 4095;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const SVG = "http://www.w3.org/2000/svg";
  root.classList.add("js");

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const spell = (value) => (value === null ? "—" : String(Number(value.toPrecision(5))).replace("-", "\u2212"));

  // Each figure has its data at the same place in `charts`.
  const figures = all(".chart").map((figure, place) => ({
    figure,
    data: charts[place],
    plot: figure.querySelector(".plot"),
    inner: figure.querySelector(".inner"),
    readout: figure.querySelector(".readout"),
    at: -1,
  }));

  function view(chart) {
    return chart.inner.getAttribute("viewBox").split(" ").map(Number);
  }

  function point(chart, place) {
    const [left, top, width, height] = view(chart);
    const { steps, new: ours, base } = chart.data;
    const at = Math.min(left + width, Math.max(left, place));
    const step = steps[0] + ((steps[1] - steps[0]) * at) / (steps[2] - 1);
    chart.at = at;
    chart.inner.querySelector(".cursor").setAttribute("d", `M${at} ${top}v${height}`);
    const values = [[words.new, ours], [words.base, base]].filter(([, line]) => line.length);
    const said = values.map(([name, line]) => `${name} ${spell(line[at])}`);
    chart.readout.textContent = [`${words.step} ${spell(step)}`, ...said].join(" · ");
  }

  function leave(chart) {
    chart.at = -1;
    chart.inner.querySelector(".cursor").removeAttribute("d");
    chart.readout.textContent = "";
  }

  const MOVES = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

  function onKey(chart, event) {
    const [left, , width] = view(chart);
    const from = chart.at < 0 ? left + width : chart.at;
    if (event.key in MOVES) point(chart, from + MOVES[event.key]);
    else if (event.key === "Home") point(chart, left);
    else if (event.key === "End") point(chart, left + width);
    else if (event.key === "Escape") leave(chart);
    else return;
    event.preventDefault();
  }

  function onMove(chart, event) {
    const box = chart.inner.getBoundingClientRect();
    const [left, , width] = view(chart);
    const inside = event.clientX >= box.left && event.clientX <= box.right;
    if (inside) point(chart, Math.round(left + ((event.clientX - box.left) / box.width) * width));
    else leave(chart);
  }

  for (const chart of figures) {
    chart.plot.tabIndex = 0;
    chart.plot.setAttribute("role", "group");
    chart.plot.setAttribute("aria-label", chart.plot.querySelector("svg").getAttribute("aria-label"));
    chart.plot.addEventListener("keydown", (event) => onKey(chart, event));
    chart.plot.addEventListener("pointermove", (event) => onMove(chart, event));
    chart.plot.addEventListener("pointerleave", () => leave(chart));
    chart.plot.addEventListener("blur", () => leave(chart));
  }

  // A curve is two characters a point, 12 bits; `~~` is no point.
  function outline(text) {
    let path = "";
    let pen = "M";
    for (let at = 0; at < text.length; at += 2) {
      if (text[at] === "~") {
        pen = "M";
        continue;
      }
      const value = LETTERS.indexOf(text[at]) * 64 + LETTERS.indexOf(text[at + 1]);
      path += `${pen}${at / 2} ${HEIGHT - value}`;
      pen = "L";
    }
    return path;
  }

  function drawEach(chart) {
    const group = chart.inner.querySelector(".each");
    if (group.childElementCount) return;
    for (const [side, text] of chart.data.lines) {
      const line = document.createElementNS(SVG, "path");
      line.setAttribute("class", `line ${side}`);
      line.setAttribute("d", outline(text));
      group.append(line);
    }
  }

  const ACTIONS = {
    whole(on) {
      for (const chart of figures.filter(({ inner }) => inner.dataset.whole)) {
        leave(chart);
        chart.figure.classList.toggle("show-whole", on);
        chart.inner.setAttribute("viewBox", on ? chart.inner.dataset.whole : chart.inner.dataset.end);
      }
    },
    each(on) {
      for (const chart of figures) {
        if (on) drawEach(chart);
        chart.inner.querySelector(".each").setAttribute("display", on ? "inline" : "none");
      }
    },
    theme() {
      const dark = getComputedStyle(root).colorScheme === "dark";
      root.dataset.theme = dark ? "light" : "dark";
    },
  };

  for (const button of all("button[data-do]")) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "false";
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(on));
      ACTIONS[button.dataset.do](on);
    });
  }

  // Sorting: numbers by their value, everything else by its text; what has no value comes last.
  const table = document.querySelector(".runs");
  const rows = table ? all("tbody tr", table) : [];

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  }

  function compare(one, other) {
    if (one === other) return 0;
    if (one === "—" || other === "—") return one === "—" ? Infinity : -Infinity;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), root.lang, { numeric: true });
  }

  function sort(head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    all("th[aria-sort]", table).forEach((each) => each.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sorted = [...rows].sort((one, other) => {
      const found = compare(key(one, head.cellIndex), key(other, head.cellIndex));
      return down && Number.isFinite(found) ? -found : found;
    });
    table.tBodies[0].append(...sorted);
  }

  for (const head of table ? all("th[data-sort]", table) : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(head));
  }

  addEventListener("beforeprint", () => all("details").forEach((each) => (each.open = true)));

  const filter = document.querySelector(".filter input");
  if (filter) {
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }
})();
