// Cells of the matrix: arrow keys go from one to the next, choosing one lists the events behind it.

(async () => {
  const data = await readBlock("pairs");
  const firsts = data.firsts.map((flat) => {
    const times = new Map();
    for (let i = 0; i < flat.length; i += 2) times.set(flat[i], flat[i + 1]);
    return times;
  });
  const cells = new Map([...document.querySelectorAll("[data-pair]")].map((cell) => [cell.dataset.pair, cell]));
  const behind = byId("behind");
  const size = data.names.length;
  let [current, pressed] = [cells.values().next().value, null];
  if (current) current.tabIndex = 0;

  function hours(seconds) {
    const rest = Math.abs(seconds);
    if (rest < 60) return `${rest} s`;
    if (rest < 3600) return `${Math.floor(rest / 60)} min`;
    const both = (large, unit, small, other) => (small ? `${large} ${unit} ${small} ${other}` : `${large} ${unit}`);
    if (rest < 86400) return both(Math.floor(rest / 3600), "h", Math.floor((rest % 3600) / 60), "min");
    return both(Math.floor(rest / 86400), "d", Math.floor((rest % 86400) / 3600), "h");
  }

  function show(cell) {
    pressed?.setAttribute("aria-pressed", "false");
    cell.setAttribute("aria-pressed", "true");
    pressed = cell;
    const [row, column] = cell.dataset.pair.split(" ").map(Number);
    const shared = [];
    firsts.forEach((times, event) => {
      if (times.has(row) && times.has(column)) shared.push([event, times.get(row), times.get(column)]);
    });
    shared.sort((a, b) => Math.min(a[1], a[2]) - Math.min(b[1], b[2]));
    const list = make("ol");
    for (const [event, one, other] of shared) {
      const who = one === other ? "same second" : `${data.names[one < other ? row : column]} first, by ${hours(one - other)}`;
      const page = data.pages?.[event];
      const title = page ? make("a", { href: page }, own(data.titles[event])) : own(data.titles[event]);
      list.append(make("li", {}, title, make("small", {}, own(who), ` · ${time(Math.min(one, other))}`)));
    }
    behind.replaceChildren(make("h2", {}, own(data.names[row]), " and ", own(data.names[column])), make("p", { class: "note" }, cell.getAttribute("aria-label")), list);
  }

  function move(from, down, right) {
    let [row, column] = from.dataset.pair.split(" ").map((one) => sequence.indexOf(Number(one)));
    for (let step = 0; step < size; step++) {
      [row, column] = [row + down, column + right];
      const next = cells.get(`${sequence[row]} ${sequence[column]}`);
      if (next?.checkVisibility()) {
        current.tabIndex = -1;
        current = next;
        current.tabIndex = 0;
        current.focus();
        return;
      }
    }
  }
  // The order of rows and columns, and which of them are shown.
  let sequence = data.names.map((_, i) => i);
  const orders = [sequence, data.leaders, data.busiest, [...sequence].sort((a, b) => data.names[a].localeCompare(data.names[b]))];
  const matrix = document.querySelector(".matrix");
  const lines = [matrix.querySelector("thead tr"), ...matrix.querySelectorAll("tbody tr")];
  const columnsOf = new Map(lines.map((line) => [line, new Map([...line.querySelectorAll("[data-column]")].map((one) => [Number(one.dataset.column), one]))]));
  const body = matrix.querySelector("tbody");
  const lineOf = new Map([...body.children].map((line) => [Number(line.dataset.line), line]));
  function arrange() {
    sequence = orders[byId("order").value];
    for (const number of sequence) body.append(lineOf.get(number));
    for (const line of lines) for (const number of sequence) line.append(columnsOf.get(line).get(number));
  }
  const boxes = [...document.querySelectorAll("#choose input")];
  function choose() {
    for (const box of boxes) {
      const number = Number(box.value);
      lineOf.get(number).hidden = !box.checked;
      for (const line of lines) columnsOf.get(line).get(number).hidden = !box.checked;
    }
    cue();
  }
  function cue() { matrix.classList.toggle("more", matrix.scrollLeft + matrix.clientWidth < matrix.scrollWidth - 4); }
  byId("order").addEventListener("change", arrange);
  for (const box of boxes) box.addEventListener("change", choose);
  for (const button of document.querySelectorAll("[data-all]")) {
    button.addEventListener("click", () => { for (const box of boxes) box.checked = button.dataset.all === "1"; choose(); });
  }
  matrix.addEventListener("scroll", cue, { passive: true });
  new ResizeObserver(cue).observe(matrix);
  byId("tools").hidden = !cells.size;
  cue();

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  for (const cell of cells.values()) {
    cell.addEventListener("click", () => {
      current.tabIndex = -1;
      current = cell;
      cell.tabIndex = 0;
      show(cell);
    });
    cell.addEventListener("keydown", (event) => {
      if (!steps[event.key]) return;
      event.preventDefault();
      move(cell, ...steps[event.key]);
    });
  }
  root.dataset.drawn = "all";
})();
