// What lies over the painted map: names that don't overlap, and the lit node with its neighbours.

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
    this.taken = [];
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
    let tried = 0;
    for (const event of this.order) {
      if (!graph.visible[event]) continue;
      const r = graph.scene.radii[event] * camera.scale;
      // Small discs keep their names until there is room around them.
      if (r < 20 && (r < 4 || this.taken.length > 20)) continue;
      const [x, y] = this.#screen(event);
      if (x < -60 || y < -30 || x > this.width + 60 || y > this.height + 60) continue;
      this.#name(event, false);
      if (++tried > 220) break;
    }
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

  #lines(node, most) {
    const key = node * 4 + most;
    let lines = this.wrapped.get(key);
    if (!lines) {
      lines = wrap(this.graph.name(node), most === 3 ? 44 : 22, most);
      this.wrapped.set(key, lines);
    }
    return lines;
  }

  /** Draws a node's name above it, else below; not at all where another name stands, unless it must. */
  #name(node, must) {
    const { context, graph, camera } = this;
    const event = node < graph.events;
    const size = event || must ? 12.5 : 11.5;
    context.font = `${event || must ? 600 : 500} ${size}px ${this.font}`;
    const lines = this.#lines(node, must ? 3 : event ? 2 : 1);
    lines.width ??= Math.max(...lines.map((line) => context.measureText(line).width)); // slow, and always the same
    const { width } = lines;
    const height = lines.length * (size + 2.5);
    const [x, y] = this.#screen(node);
    const reach = (event ? Math.max(graph.scene.radii[node] * camera.scale, 4) : markRadius(graph.radius[node], camera.scale)) + 4;
    let box = null;
    for (const top of [y - reach - height, y + reach]) {
      const tried = { left: x - width / 2 - 4, right: x + width / 2 + 4, top: top - 2, bottom: top + height + 2 };
      const free = !this.taken.some((other) => tried.left < other.right && tried.right > other.left && tried.top < other.bottom && tried.bottom > other.top);
      if (free) { box = tried; break; }
      if (must && !box) box = tried;
    }
    if (!box) return;
    this.taken.push(box);
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.colours.ground;
    context.fillStyle = this.colours.ink;
    lines.forEach((line, i) => {
      const top = box.top + 2 + i * (size + 2.5);
      context.strokeText(line, x, top);
      context.fillText(line, x, top);
    });
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
