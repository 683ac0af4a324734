// What lies over the painted map: names that don't overlap, and the lit node with its neighbours.

/** Side of the squares, in pixels, by which names keep off discs. */
const CELL = 6;
/** So many events are always named, if need be over the discs around them: a map without a word tells nothing. */
const ALWAYS_NAMED = 6;
/** A name that is cut to fewer letters tells nothing ("Why…"). */
const LEAST_LETTERS = 8;

class Overlay {
  constructor(graph, canvas) {
    this.graph = graph;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.wrapped = new Map();
    const count = graph.columns.Event?.story_count;
    const largest = (node) => (count ? count[node] ?? 0 : 0);
    this.order = Array.from({ length: graph.events }, (_, i) => i).sort((a, b) => largest(b) - largest(a) || a - b);
  }

  resize(width, height, density) {
    [this.width, this.height, this.density] = [width, height, density];
    this.canvas.width = Math.max(Math.round(width * density), 1);
    this.canvas.height = Math.max(Math.round(height * density), 1);
  }

  theme(colours) {
    this.colours = colours;
    this.font = getComputedStyle(document.body).fontFamily;
  }

  /** lit: {centre, nodes: Set} or null; chosen: the node whose card is open, or -1. */
  paint(camera, lit, chosen) {
    const { context, graph } = this;
    this.camera = camera;
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    // The panel and the card hide what is under them.
    this.taken = ["panel", "card"].map((id) => byId(id).getBoundingClientRect()).filter((one) => one.width);
    this.#cover();
    if (lit) this.#light(lit);
    if (chosen >= 0) this.#ring(chosen);
    if (lit) {
      // The lit node's own name first, then its events', outlets' and topics' as far as they fit.
      if (lit.centre >= 0) this.#name(lit.centre, true);
      let names = 0;
      for (const node of lit.nodes) if (node !== lit.centre && graph.labelOf(node) !== "Story" && names++ < 40) this.#name(node, false);
      return;
    }
    if (chosen >= 0) this.#name(chosen, true);
    // The more one sees of the map, the less is said of each part: topics, then events, then headlines.
    if (camera.scale < 1.2) for (const topic of this.#mainTopics()) this.#name(topic, false);
    let [tried, named] = [0, 0];
    const crowded = [];
    for (const event of this.order) {
      if (!graph.visible[event]) continue;
      const r = graph.scene.radii[event] * camera.scale;
      // Small discs keep their names until there is room around them.
      if (r < 20 && (r < 4 || this.taken.length > 30)) continue;
      const [x, y] = this.#screen(event);
      if (x < -60 || y < -30 || x > this.width + 60 || y > this.height + 60) continue;
      if (this.#name(event, false)) named++;
      else crowded.push(event);
      if (++tried > 220) break;
    }
    for (const event of crowded) if (named < ALWAYS_NAMED && this.#name(event, false, true)) named++;
    if (camera.scale > 1.6) {
      for (let i = 2; i < graph.labels.length; i++) {
        for (let node = graph.first[i]; node < graph.first[i + 1] && tried < 500; node++) {
          const [x, y] = this.#screen(node);
          if (!graph.visible[node] || x < 0 || y < 0 || x > this.width || y > this.height) continue;
          this.#name(node, false);
          tried++;
        }
      }
    }
    if (camera.scale > 2.4 && graph.columns.Story) this.#headlines(400);
  }

  /** Topics that are large beside the others, the largest first. */
  #mainTopics() {
    const { graph } = this;
    const [from, to] = [graph.first[3], graph.first[4]];
    if (!this.topics) {
      const every = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => graph.radius[b] - graph.radius[a] || a - b);
      this.topics = every.slice(0, 8).filter((topic) => graph.radius[topic] >= 0.6 * graph.radius[every[0]]);
    }
    return this.topics.filter((topic) => graph.visible[topic]);
  }

  /** Headlines of the stories on the screen, as far as there is room. */
  #headlines(most) {
    const { camera, graph } = this;
    graph.grid ??= new Grid(graph.x, graph.y, 0, graph.size);
    const [wide, high] = [this.width / 2 / camera.scale, this.height / 2 / camera.scale];
    let tried = 0;
    graph.grid.each(camera.x - wide, camera.y - high, camera.x + wide, camera.y + high, (node) => {
      if (graph.label[node] === 1 && graph.visible[node] && tried++ < most) this.#name(node, false);
    });
  }

  #screen(node) {
    const { camera, graph } = this;
    return [(graph.x[node] - camera.x) * camera.scale + this.width / 2, (graph.y[node] - camera.y) * camera.scale + this.height / 2];
  }

  #light({ centre, nodes }) {
    const { context, graph, camera } = this;
    context.globalAlpha = isDark() ? 0.72 : 0.78;
    context.fillStyle = this.colours.ground;
    context.fillRect(0, 0, this.width, this.height);
    context.globalAlpha = 1;
    if (centre >= 0) {
      const [x, y] = this.#screen(centre);
      context.beginPath();
      let lines = 0;
      for (const node of nodes) {
        if (node === centre || ++lines > 3000) continue;
        const [nx, ny] = this.#screen(node);
        context.moveTo(x, y);
        context.lineTo(nx, ny);
      }
      context.globalAlpha = lines > 300 ? 0.18 : 0.4;
      context.strokeStyle = this.colours.soft;
      context.lineWidth = 1;
      context.stroke();
      context.globalAlpha = 1;
    }
    for (let label = graph.labels.length - 1; label >= 0; label--) {
      context.beginPath();
      for (const node of nodes) {
        if (graph.label[node] !== label || !graph.visible[node]) continue;
        const [x, y] = this.#screen(node);
        if (x < -20 || y < -20 || x > this.width + 20 || y > this.height + 20) continue;
        outline(context, graph.labels[label], x, y, Math.max(markRadius(graph.radius[node], camera.scale), 2.2));
      }
      context.fillStyle = this.colours.marks[label];
      context.fill();
    }
    if (centre >= 0) this.#ring(centre);
  }

  #ring(node) {
    const { context, graph, camera } = this;
    const [x, y] = this.#screen(node);
    context.beginPath();
    context.arc(x, y, markRadius(graph.radius[node], camera.scale) + 5, 0, 2 * Math.PI);
    context.strokeStyle = this.colours.ink;
    context.lineWidth = 2;
    context.stroke();
  }

  /** A node's name on up to `most` lines of about `wide` letters; which widths there are is bounded. */
  #lines(node, most, wide) {
    const key = (node * 8 + most) * 64 + wide;
    let lines = this.wrapped.get(key);
    if (!lines) {
      lines = wrap(this.graph.name(node), wide, most);
      this.wrapped.set(key, lines);
    }
    return lines;
  }

  /** Which event's disc covers each small square of the screen, so that no name is written over another's disc. */
  #cover() {
    const { graph, camera } = this;
    [this.wide, this.high] = [Math.ceil(this.width / CELL) + 1, Math.ceil(this.height / CELL) + 1];
    if (this.covered?.length !== this.wide * this.high) this.covered = new Int32Array(this.wide * this.high);
    this.covered.fill(0);
    for (let event = 0; event < graph.events; event++) {
      const r = graph.scene.radii[event] * camera.scale;
      if (r < 3 || !graph.visible[event]) continue;
      const [x, y] = this.#screen(event);
      if (x + r < 0 || y + r < 0 || x - r > this.width || y - r > this.height) continue;
      for (let row = Math.max(Math.ceil((y - r) / CELL), 0); row <= Math.min((y + r) / CELL, this.high - 1); row++) {
        const half = Math.sqrt(Math.max(r * r - (row * CELL - y) ** 2, 0));
        const [from, to] = [Math.max(Math.ceil((x - half) / CELL), 0), Math.min(Math.floor((x + half) / CELL), this.wide - 1)];
        if (to >= from) this.covered.fill(event + 1, row * this.wide + from, row * this.wide + to + 1);
      }
    }
  }

  /** Whether a box lies on the screen, on no other name, and on no disc but that of `node`, or on any (`over`). */
  #free(box, node, over) {
    if (box.left < 0 || box.top < 0 || box.right > this.width || box.bottom > this.height) return false;
    if (this.taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) return false;
    if (over) return true;
    const [left, right] = [Math.max(Math.floor(box.left / CELL), 0), Math.min(Math.ceil(box.right / CELL), this.wide - 1)];
    for (let row = Math.max(Math.floor(box.top / CELL), 0); row <= Math.min(Math.ceil(box.bottom / CELL), this.high - 1); row++) {
      for (let column = left; column <= right; column++) {
        const at = this.covered[row * this.wide + column];
        if (at && at !== node + 1) return false;
      }
    }
    return true;
  }

  /** Draws a node's name inside its disc, or beside it where that is free, of other discs too unless it may stand `over`
   * them; not at all elsewhere, unless it must. Returns whether it is drawn. */
  #name(node, must, over = false) {
    const { context, graph, camera } = this;
    const event = node < graph.events;
    const [story, topic] = [graph.label[node] === 1, graph.label[node] === 3];
    const narrow = this.width <= 640;
    const size = (event || must ? 12.5 : topic ? 13 : 11.5) - (narrow ? 1.5 : 0);
    context.font = `${event || must ? 600 : topic ? 700 : 500} ${size}px ${this.font}`;
    const [x, y] = this.#screen(node);
    const radius = event ? Math.max(graph.scene.radii[node] * camera.scale, 4) : markRadius(graph.radius[node], camera.scale);
    const measured = (lines) => {
      lines.width ??= Math.max(...lines.map((line) => context.measureText(line).width)); // slow, and always the same
      return lines;
    };
    const around = (lines, cx, top) => ({ lines, left: cx - lines.width / 2 - 4, right: cx + lines.width / 2 + 4, top: top - 2, bottom: top + lines.length * (size + 2.5) + 2, x: cx });
    const places = [];
    // Inside the disc, in as many and as long lines as it has room for; the more, the more of the name is written.
    const wide = Math.min(Math.floor((1.5 * radius) / (narrow ? 6 : 7) / 4) * 4, 36);
    const most = event && wide >= 8 ? Math.min(Math.max(Math.floor((0.9 * radius) / 15), 1), 5) : 0;
    for (let count = most; count > 0 && !places.length; count--) {
      const lines = measured(this.#lines(node, count, wide));
      const says = lines.join(" ").length >= LEAST_LETTERS || !lines.at(-1).endsWith("…");
      if (says && Math.hypot(lines.width / 2, (lines.length * (size + 2.5)) / 2) < radius - 2) places.push({ ...around(lines, x, y - (lines.length * (size + 2.5)) / 2), inside: true });
    }
    const beside = measured(this.#lines(node, must ? 3 : event || story ? 2 : 1, must ? 44 : story ? 28 : 22));
    const [height, reach] = [beside.length * (size + 2.5), radius + 4];
    places.push(
      around(beside, x, y + reach), around(beside, x, y - reach - height),
      around(beside, x + reach + beside.width / 2 + 4, y - height / 2), around(beside, x - reach - beside.width / 2 - 4, y - height / 2),
    );
    // The name of a topic may stand farther from its mark, since it is that of the whole neighbourhood.
    if (topic && camera.scale < 1.2) for (let far = 18; far <= 54; far += 18) places.push(around(beside, x, y + reach + far), around(beside, x, y - reach - height - far));
    // A disc of few stories is not written over as long as there is room beside it.
    if (places[0].inside && (graph.columns.Event?.story_count?.[node] ?? 0) < 12) places.push(places.shift());
    const box = places.find((one) => this.#free(one, story ? graph.scene.eventOf[node - graph.stories] : node, over)) ?? (must ? places.find((one) => !one.inside) : null);
    if (!box) return false;
    this.taken.push(box);
    if (box.inside || over) {
      // The stories below it stay to be seen.
      context.globalAlpha = 0.72;
      context.fillStyle = this.colours.ground;
      context.beginPath();
      context.roundRect(box.left - 1, box.top - 1, box.right - box.left + 2, box.bottom - box.top + 2, 5);
      context.fill();
      context.globalAlpha = 1;
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.colours.ground;
    context.fillStyle = topic ? this.colours.marks[3] : this.colours.ink;
    box.lines.forEach((line, i) => {
      const top = box.top + 2 + i * (size + 2.5);
      context.strokeText(line, box.x, top);
      context.fillText(line, box.x, top);
    });
    return true;
  }
}

/** A text on up to `most` lines of about `wide` characters, cut with an ellipsis. */
function wrap(text, wide, most) {
  const lines = [];
  let line = "";
  for (const word of Array.from(text).slice(0, 300).join("").split(/\s+/)) {
    if (line && line.length + word.length + 1 > wide) {
      lines.push(line);
      line = "";
      if (lines.length === most) break;
    }
    line = line ? line + " " + word : word;
  }
  if (lines.length < most && line) lines.push(line);
  const whole = lines.join(" ").length >= text.trim().length;
  const short = lines.map((one) => (one.length > wide + 6 ? Array.from(one).slice(0, wide + 4).join("") + "…" : one));
  if (!whole && short.length && !short.at(-1).endsWith("…")) short[short.length - 1] += "…";
  return short.length ? short : [" "];
}
