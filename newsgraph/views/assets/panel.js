// Search and filters.

const fold = (text) => String(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

class Search {
  constructor(graph) { this.graph = graph; }

  /** Nodes whose names hold all words: events, outlets and topics before stories. */
  find(words, most) {
    this.names ??= Array.from({ length: this.graph.size }, (_, node) => fold(this.graph.name(node)));
    const wanted = fold(words).split(/\s+/).filter(Boolean);
    const found = [];
    let total = 0;
    if (!wanted.length) return { found, total };
    const { first } = this.graph;
    for (const label of [0, 2, 3, 1]) {
      for (let node = first[label]; node < first[label + 1]; node++) {
        if (!wanted.every((word) => this.names[node].includes(word))) continue;
        total++;
        if (found.length < most) found.push(node);
      }
    }
    return { found, total };
  }
}

class Filters {
  constructor(graph, changed) {
    this.graph = graph;
    this.changed = changed;
    this.times = graph.scene.time.slice();
    for (const place of graph.scene.doubtful) this.times[place] = null;
    const known = this.times.filter((value) => value !== null);
    this.low = known.reduce((a, b) => Math.min(a, b), Infinity);
    this.high = known.reduce((a, b) => Math.max(a, b), -Infinity);
    this.boxes = [...document.querySelectorAll(".legend input")];
    this.from = byId("from");
    this.to = byId("to");
    if (!(this.high > this.low)) for (const input of [this.from, this.to]) input.disabled = true;
    for (const box of this.boxes) box.addEventListener("change", () => this.apply());
    for (const id of ["outlet", "topic"]) byId(id).addEventListener("change", () => this.apply());
    this.from.addEventListener("input", () => { if (+this.from.value > +this.to.value) this.to.value = this.from.value; this.apply(); });
    this.to.addEventListener("input", () => { if (+this.to.value < +this.from.value) this.from.value = this.to.value; this.apply(); });
    this.bars = this.#count(known);
    this.#brush();
    this.showTimes();
  }

  /** Stories in each of the histogram's spans. */
  #count(known) {
    const bars = new Array(70).fill(0);
    const span = this.high - this.low || 1;
    for (const value of known) bars[Math.min(Math.floor(((value - this.low) / span) * bars.length), bars.length - 1)]++;
    return bars;
  }

  /** The histogram: dragging over it chooses a span, a tap on it all of the time. */
  #brush() {
    const canvas = byId("histogram");
    let start = null;
    const at = (event) => Math.min(Math.max(Math.round((1000 * event.offsetX) / canvas.clientWidth), 0), 1000);
    canvas.addEventListener("pointerdown", (event) => { start = at(event); canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointermove", (event) => {
      if (start === null || Math.abs(at(event) - start) < 4) return;
      [this.from.value, this.to.value] = [Math.min(start, at(event)), Math.max(start, at(event))];
      this.apply();
    });
    const end = (event) => {
      if (start !== null && Math.abs(at(event) - start) < 4) { [this.from.value, this.to.value] = [0, 1000]; this.apply(); }
      start = null;
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", () => { start = null; });
    new ResizeObserver(() => this.drawTimes()).observe(canvas);
    themeListeners.push(() => this.drawTimes());
  }

  drawTimes() {
    const canvas = byId("histogram");
    const [width, height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
    if (!width) return;
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d");
    const most = Math.max(...this.bars, 1);
    this.bars.forEach((count, i) => {
      const middle = (1000 * (i + 0.5)) / this.bars.length;
      context.fillStyle = colour(middle >= +this.from.value && middle <= +this.to.value ? "story" : "line");
      // Square roots, so that quiet times show beside busy ones.
      const tall = count ? Math.max(height * Math.sqrt(count / most), 2) : 0;
      context.fillRect((i * width) / this.bars.length, height - tall, width / this.bars.length - 1, tall);
    });
  }

  /** Lets time pass: the later end of the span moves from its earlier one to where it was. */
  play(button) {
    if (this.playing) { clearInterval(this.playing); this.playing = 0; button.setAttribute("aria-pressed", "false"); button.textContent = "Play"; return; }
    const last = +this.to.value;
    let now = +this.from.value;
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Stop";
    this.playing = setInterval(() => {
      now = Math.min(now + 10, last);
      this.to.value = now;
      this.apply();
      if (now >= last) this.play(button);
    }, 120);
  }

  /** Fills the two lists, the most used first; after the first drawing, for there may be thousands. */
  fill() {
    for (const [id, label] of [["outlet", "Outlet"], ["topic", "Topic"]]) {
      const place = this.graph.labels.indexOf(label);
      const nodes = [];
      for (let node = this.graph.first[place]; node < this.graph.first[place + 1]; node++) nodes.push(node);
      const names = new Map(nodes.map((node) => [node, this.graph.name(node)]));
      nodes.sort((a, b) => this.graph.radius[b] - this.graph.radius[a] || (names.get(a) < names.get(b) ? -1 : 1));
      const options = nodes.map((node) => {
        const option = document.createElement("option");
        option.value = node;
        option.textContent = names.get(node).slice(0, 80);
        return option;
      });
      byId(id).append(...options);
      byId(id).disabled = !options.length;
    }
  }

  seconds(input) { return this.low + ((this.high - this.low) * input.value) / 1000; }

  showTimes() {
    const known = this.high >= this.low;
    byId("from-shown").textContent = known ? time(this.seconds(this.from)) : "no times";
    byId("to-shown").textContent = known ? time(this.seconds(this.to)) : "no times";
    this.drawTimes();
  }

  reset() {
    for (const box of this.boxes) box.checked = true;
    byId("outlet").value = byId("topic").value = "";
    this.from.value = 0;
    this.to.value = 1000;
    this.apply();
  }

  /** Stories that satisfy all filters; events, outlets and topics that still have one (or never had any). */
  apply() {
    const { graph } = this;
    const { scene, visible, first, stories } = graph;
    const count = scene.counts[1];
    const keep = new Uint8Array(count).fill(1);
    for (const [id, type] of [["outlet", "PUBLISHED_BY"], ["topic", "ABOUT"]]) {
      if (byId(id).value === "") continue;
      const wanted = +byId(id).value;
      const has = new Uint8Array(count);
      const [starts, ends] = scene.edges[type];
      for (let i = 0; i < starts.length; i++) if (ends[i] === wanted) has[starts[i] - stories] = 1;
      for (let i = 0; i < count; i++) keep[i] &= has[i];
    }
    const hidden = this.tints?.hidden;
    if (hidden?.size) scene.eventOf.forEach((event, i) => { if (event >= 0 && hidden.has(scene.tints[event])) keep[i] = 0; });
    const narrowed = this.from.value !== "0" || this.to.value !== "1000";
    let undated = 0;
    if (narrowed) {
      const [low, high] = [this.seconds(this.from), this.seconds(this.to)];
      for (let i = 0; i < count; i++) {
        const at = this.times[i];
        if (at === null) { undated += keep[i]; keep[i] = 0; } else if (at < low - 0.5 || at > high + 0.5) keep[i] = 0;
      }
    }
    const free = !narrowed && byId("outlet").value === "" && byId("topic").value === "" && !hidden?.size;
    const joined = new Uint8Array(graph.size);
    if (!free) {
      for (const type of ["COVERS", "PUBLISHED_BY", "ABOUT"]) {
        const [starts, ends] = scene.edges[type];
        for (let i = 0; i < starts.length; i++) if (keep[starts[i] - stories]) joined[ends[i]] = 1;
      }
    }
    const shown = new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
    graph.labels.forEach((label, i) => {
      const on = shown.has(label) ? 1 : 0;
      for (let node = first[i]; node < first[i + 1]; node++) {
        visible[node] = on && (label === "Story" ? keep[node - stories] : free || joined[node]) ? 1 : 0;
      }
    });
    byId("undated").hidden = !undated;
    byId("undated").textContent = undated ? `${plural(undated, "story", "stories")} without a date that can be right left out.` : "";
    this.showTimes();
    this.changed(keep.reduce((sum, value) => sum + value, 0), count);
  }
}
