// The map's shell: camera, gestures, keys, and what they show.

(async () => {
  const scene = await readBlock("scene");
  const model = await readBlock("vis");
  const graph = new Graph(scene);
  const canvas = byId("overlay");
  const overlay = new Overlay(graph, canvas);
  const painter = model ? new VisPainter(graph, byId("vis"), model) : new Raster(graph, byId("ground"));
  const camera = { x: 0, y: 0, scale: 1 };
  const view = { width: 0, height: 0 };
  let [hovered, chosen, fitted, found, queued, drawn] = [-1, -1, true, null, false, 0];

  function lit() {
    const centre = hovered >= 0 ? hovered : -1;
    if (centre >= 0) return { centre, nodes: new Set([centre, ...graph.neighbours(centre).map(([node]) => node)]) };
    if (chosen >= 0) return { centre: chosen, nodes: new Set([chosen, ...graph.neighbours(chosen).map(([node]) => node)]) };
    return found?.size ? { centre: -1, nodes: found } : null;
  }

  /** Asks for a drawing: the whole map, or only what lies over it. */
  let whole = true;
  let light = null;
  function draw(all = true) {
    if (all) noteAddress();
    whole ||= all;
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      if (!view.width || !view.height) return;
      const over = () => overlay.paint(camera, light, chosen);
      if (!whole) { over(); return; }
      whole = false;
      painter.paint(camera, () => {
        over();
        if (!drawn++) firstDrawing();
      });
    });
  }
  function relight() { light = lit(); draw(false); }

  async function firstDrawing() {
    performance.mark("newsgraph-drawn");
    root.dataset.drawn = "first";
    await new Promise((next) => setTimeout(next));
    graph.addStories(await readBlock("stories"));
    filters.fill();
    tints.fill();
    fromAddress();
    if (scene.note) { byId("note").textContent = scene.note; byId("note").hidden = false; }
    root.dataset.drawn = "all";
  }

  function resize() {
    const { clientWidth: width, clientHeight: height } = byId("stage");
    if (!width || !height) return;
    [view.width, view.height] = [width, height];
    painter.resize(width, height, devicePixelRatio || 1);
    overlay.resize(width, height, devicePixelRatio || 1);
    if (fitted) fit(); else draw();
  }

  /** Shows everything visible in the room that the panel and the card leave. */
  function fit() {
    const box = graph.bounds() ?? { left: -100, right: 100, top: -100, bottom: 100 };
    const narrow = view.width <= 640;
    const panel = byId("panel").getBoundingClientRect();
    const left = narrow ? 8 : panel.right + 16;
    const top = narrow ? Math.min(panel.bottom, view.height * 0.4) + 24 : 48;
    const [width, height] = [Math.max(view.width - left - 24, 80), Math.max(view.height - top - 32, 80)];
    camera.scale = Math.min(width / (box.right - box.left + 1), height / (box.bottom - box.top + 1), 1.9);
    camera.x = (box.left + box.right) / 2 - (left + width / 2 - view.width / 2) / camera.scale;
    camera.y = (box.top + box.bottom) / 2 - (top + height / 2 - view.height / 2) / camera.scale;
    fitted = true;
    draw();
  }

  function zoom(factor, px = view.width / 2, py = view.height / 2) {
    const scale = Math.min(Math.max(camera.scale * factor, 0.002), 12);
    const [dx, dy] = [px - view.width / 2, py - view.height / 2];
    camera.x += dx / camera.scale - dx / scale;
    camera.y += dy / camera.scale - dy / scale;
    camera.scale = scale;
    fitted = false;
    draw();
  }
  function pan(dx, dy) {
    camera.x -= dx / camera.scale;
    camera.y -= dy / camera.scale;
    fitted = false;
    draw();
  }
  const place = (px, py) => [(px - view.width / 2) / camera.scale + camera.x, (py - view.height / 2) / camera.scale + camera.y];
  function nodeAt(px, py, reach) {
    const [x, y] = place(px, py);
    const node = graph.at(x, y, reach / camera.scale);
    return node >= 0 ? node : graph.disc(x, y);
  }

  // The card.
  const card = new Card(graph, open, close);
  function open(node, move = false) {
    if (!graph.columns.Story) return; // titles are still on their way
    chosen = node;
    hovered = -1;
    if (move) {
      const least = node < graph.events ? Math.min(220 / scene.radii[node], 2.5) : 1.2;
      camera.scale = Math.max(camera.scale, least);
      const narrow = view.width <= 640;
      camera.x = graph.x[node];
      camera.y = graph.y[node] + (narrow ? (view.height * 0.1) / camera.scale : 0);
      fitted = false;
    }
    const heading = card.show(node);
    heading.focus({ preventScroll: true });
    light = lit();
    draw();
  }
  function close() {
    card.hide();
    chosen = -1;
    canvas.focus({ preventScroll: true });
    relight();
  }

  // Search and filters.
  const search = new Search(graph);
  const [field, list] = [byId("search"), byId("results")];
  function look() {
    if (!graph.columns.Story) return;
    const words = field.value.trim();
    const { found: nodes, total } = words ? search.find(words, 2000) : { found: [], total: 0 };
    found = words ? new Set(nodes) : null;
    list.hidden = !words;
    const entries = nodes.slice(0, 40).map((node) => {
      const name = graph.name(node);
      const button = make("button", { type: "button" }, own(name.length > 120 ? name.slice(0, 119) + "…" : name), make("small", {}, graph.labelOf(node)));
      button.addEventListener("click", () => open(node, true));
      return make("li", {}, button);
    });
    if (words && !entries.length) entries.push(make("li", { class: "none" }, "Nothing fits these words."));
    if (total > 40) entries.push(make("li", { class: "none" }, `and ${number(total - 40)} more`));
    list.replaceChildren(...entries);
    relight();
  }
  let waiting = 0;
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { clearTimeout(waiting); look(); list.querySelector("button")?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); list.querySelector("button")?.focus(); }
    if (event.key === "Escape") { field.value = ""; look(); canvas.focus(); event.stopPropagation(); }
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      (buttons[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? field : buttons.at(-1))).focus();
    }
  });
  const summary = byId("summary").textContent;
  const filters = new Filters(graph, (count, all) => {
    byId("summary").textContent = count === all ? summary : `${number(count)} of ${plural(all, "story", "stories")} shown`;
    painter.filter?.();
    if (chosen >= 0 && !graph.visible[chosen]) { card.hide(); chosen = -1; light = lit(); }
    draw();
  });

  const tints = new Tints(graph, () => { filters.apply(); draw(); });
  filters.tints = tints;

  // What is chosen stands in the address, so that it can be sent to someone else.
  let noting = 0;
  function noteAddress() {
    clearTimeout(noting);
    noting = setTimeout(() => {
      if (root.dataset.drawn !== "all") return;
      const told = new URLSearchParams();
      if (chosen >= 0 && chosen < graph.events) told.set("event", scene.ids.Event[chosen]);
      else if (chosen >= 0) told.set("node", `${graph.labelOf(chosen)} ${graph.name(chosen)}`);
      for (const id of ["outlet", "topic"]) if (byId(id).value !== "") told.set(id, graph.name(+byId(id).value));
      if (byId("from").value !== "0") told.set("from", byId("from").value);
      if (byId("to").value !== "1000") told.set("to", byId("to").value);
      if (tints.by !== tints.start) told.set("colour", tints.by);
      if (!fitted) told.set("at", [camera.x.toFixed(0), camera.y.toFixed(0), camera.scale.toPrecision(3)].join(","));
      const text = String(told);
      try { history.replaceState(null, "", text ? "#" + text : location.pathname + location.search); } catch { /* a frame without an address */ }
    }, 250);
  }
  function named(label, name) {
    const place = graph.labels.indexOf(label);
    for (let node = graph.first[place]; node < graph.first[place + 1]; node++) if (graph.name(node) === name) return node;
    return -1;
  }
  function fromAddress() {
    const told = new URLSearchParams(location.hash.slice(1));
    if (!location.hash) return;
    for (const [id, label] of [["outlet", "Outlet"], ["topic", "Topic"]]) {
      const node = told.has(id) ? named(label, told.get(id)) : -1;
      if (node >= 0) byId(id).value = String(node);
    }
    for (const id of ["from", "to"]) if (told.has(id)) byId(id).value = told.get(id);
    if (told.has("colour")) tints.choose(told.get("colour"));
    filters.apply();
    const [label, ...name] = (told.get("node") ?? "").split(" ");
    const node = told.has("event") ? scene.ids.Event.indexOf(told.get("event")) : graph.labels.includes(label) ? named(label, name.join(" ")) : -1;
    if (node >= 0) open(node, true);
    const at = (told.get("at") ?? "").split(",").map(Number);
    if (at.length === 3 && at.every(Number.isFinite) && at[2] > 0) { [camera.x, camera.y, camera.scale] = at; fitted = false; draw(); }
  }
  addEventListener("hashchange", fromAddress);

  // Mouse and touch: one finger or button moves, two fingers or the wheel zoom, a tap opens.
  const pointers = new Map();
  let [moved, spread] = [0, 0];
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (pointers.size === 1) moved = 0;
    spread = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = [event.offsetX, event.offsetY];
    const last = pointers.get(event.pointerId);
    if (last) {
      pointers.set(event.pointerId, [x, y]);
      moved += Math.hypot(x - last[0], y - last[1]);
      if (pointers.size === 1 && moved > 4) { canvas.classList.add("moving"); pan(x - last[0], y - last[1]); }
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()];
        const now = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (spread) zoom(now / spread, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        pan((x - last[0]) / 2, (y - last[1]) / 2);
        spread = now;
      }
    } else if (event.pointerType === "mouse") {
      const node = nodeAt(x, y, 6);
      if (node !== hovered) {
        hovered = node;
        canvas.classList.toggle("over", node >= 0);
        relight();
      }
    }
  });
  function lift(event) {
    if (!pointers.delete(event.pointerId)) return;
    if (!pointers.size) canvas.classList.remove("moving");
    spread = 0;
    if (event.type === "pointerup" && moved <= 4 && !pointers.size) {
      const node = nodeAt(event.offsetX, event.offsetY, event.pointerType === "mouse" ? 6 : 14);
      if (node >= 0) open(node); else if (chosen >= 0) close();
    }
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => { if (hovered >= 0) { hovered = -1; relight(); } });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoom(2, event.offsetX, event.offsetY));

  // Keys.
  const keys = {
    ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
    "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: fit,
    n: () => step(1), p: () => step(-1),
    Enter: () => { const node = nodeAt(view.width / 2, view.height / 2, 200); if (node >= 0) open(node); },
  };
  /** From event to event, the largest first. */
  function step(by) {
    const events = overlay.order.filter((event) => graph.visible[event]);
    if (events.length) open(events[(events.indexOf(chosen) + by + events.length + (by < 0 && chosen < 0 ? 1 : 0)) % events.length], true);
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input[type=search], select");
    if (event.key === "Escape" && !byId("card").hidden) close();
    else if (typing) return;
    else if (event.key === "/") { event.preventDefault(); byId("panel").classList.remove("folded"); field.focus(); }
    else if (event.key === "t") switchTheme();
    else if ((event.target === canvas || event.target === document.body || (event.target.closest?.("#card") && /^[np]$/.test(event.key))) && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  byId("fit").addEventListener("click", fit);
  byId("closer").addEventListener("click", () => zoom(1.4));
  byId("farther").addEventListener("click", () => zoom(1 / 1.4));
  byId("reset").addEventListener("click", () => { field.value = ""; look(); if (chosen >= 0) close(); filters.reset(); tints.choose(tints.start); fit(); });
  byId("play").addEventListener("click", () => filters.play(byId("play")));
  byId("fold").addEventListener("click", () => {
    const folded = byId("panel").classList.toggle("folded");
    byId("fold").setAttribute("aria-expanded", String(!folded));
  });
  byId("png").addEventListener("click", () => {
    const below = model ? byId("vis").querySelector("canvas") : byId("ground");
    const picture = make("canvas", { width: canvas.width, height: canvas.height });
    const context = picture.getContext("2d");
    context.fillStyle = colour("ground");
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(below, 0, 0, picture.width, picture.height);
    context.drawImage(canvas, 0, 0);
    picture.toBlob((blob) => {
      const target = make("a", { download: "newsgraph-map.png" });
      target.href = URL.createObjectURL(blob);
      target.click();
      setTimeout(() => URL.revokeObjectURL(target.href), 1000);
    });
  });

  function themed() {
    const colours = palette();
    painter.theme(colours);
    overlay.theme(colours);
    for (const mark of document.querySelectorAll(".legend .mark")) drawMark(mark, mark.dataset.label);
    draw();
  }
  themeListeners.push(themed);
  if (innerWidth <= 640) { byId("panel").classList.add("folded"); byId("fold").setAttribute("aria-expanded", "false"); }
  themed();
  resize();
  new ResizeObserver(resize).observe(byId("stage"));
})().catch((error) => {
  console.error(error);
  byId("trouble").textContent = "The map could not be drawn: " + error.message;
  byId("trouble").hidden = false;
});
