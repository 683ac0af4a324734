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
    if (rest < 86400) return `${Math.floor(rest / 3600)}h${two(Math.floor((rest % 3600) / 60))}`;
    return `${Math.floor(rest / 86400)} d ${two(Math.floor((rest % 86400) / 3600))}h`;
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
      list.append(make("li", {}, own(data.titles[event]), make("small", {}, own(who), ` · ${time(Math.min(one, other))}`)));
    }
    behind.replaceChildren(make("h2", {}, own(data.names[row]), " and ", own(data.names[column])), make("p", { class: "note" }, cell.getAttribute("aria-label")), list);
  }

  function move(from, down, right) {
    let [row, column] = from.dataset.pair.split(" ").map(Number);
    for (let step = 0; step < size; step++) {
      [row, column] = [row + down, column + right];
      const next = cells.get(`${row} ${column}`);
      if (next) {
        current.tabIndex = -1;
        current = next;
        current.tabIndex = 0;
        current.focus();
        return;
      }
    }
  }
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
