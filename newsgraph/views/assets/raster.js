// The painter of large maps: writes discs and marks straight into the pixels of a canvas. Why: see map.py.

class Raster {
  constructor(graph, canvas) {
    this.graph = graph;
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.stamps = new Map();
    this.near = new Uint32Array(graph.size);
    this.grids = graph.labels.map((_, i) => new Grid(graph.x, graph.y, graph.first[i], graph.first[i + 1]));
  }

  theme(colours) {
    this.colours = colours;
    this.stamps.clear();
  }

  resize(width, height, density) {
    // Beyond four million pixels a frame costs more than the sharper picture is worth.
    this.density = Math.min(density, Math.max(1, Math.sqrt(4e6 / Math.max(width * height, 1))));
    this.canvas.width = Math.max(Math.round(width * this.density), 1);
    this.canvas.height = Math.max(Math.round(height * this.density), 1);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.stamps.clear(); // they know how long a row is
  }

  paint(camera, done) {
    const { graph, pixels } = this;
    const [width, height] = [this.canvas.width, this.canvas.height];
    const scale = camera.scale * this.density;
    const [ox, oy] = [width / 2 - camera.x * scale, height / 2 - camera.y * scale];
    pixels.fill(packed(this.colours.ground));
    for (let event = 0; event < graph.events; event++) {
      if (!graph.visible[event]) continue;
      const tint = graph.tintOf(event, this.colours);
      this.#disc(graph.x[event] * scale + ox, graph.y[event] * scale + oy, graph.scene.radii[event] * scale, tint);
    }
    // Stories first, events last: the rarer mark stays on top.
    const { x, y, radius, visible } = graph;
    const [left, top] = [(-24 - ox) / scale, (-24 - oy) / scale];
    const [right, bottom] = [(width + 24 - ox) / scale, (height + 24 - oy) / scale];
    for (const label of [1, 3, 2, 0]) {
      // Outlets and topics of a large map would cover it when it is small on the screen.
      if (label > 1 && scale < 0.08) continue;
      const count = this.grids[label].within(left, top, right, bottom, this.near);
      let [stamp, of] = [null, -1];
      for (let i = 0; i < count; i++) {
        const node = this.near[i];
        if (!visible[node]) continue;
        if (radius[node] !== of) {
          of = radius[node];
          stamp = this.#stampOf(label, markRadius(of, camera.scale) * this.density);
        }
        this.#stamp(stamp, x[node] * scale + ox, y[node] * scale + oy);
      }
    }
    this.context.putImageData(this.image, 0, 0);
    done();
  }

  /** A filled disc with a rim, line by line; the pixels at its ends in part. Discs don't overlap. */
  #disc(cx, cy, r, tint) {
    const { pixels } = this;
    const [width, height] = [this.canvas.width, this.canvas.height];
    if (r < 1.2 || cx + r < 0 || cy + r < 0 || cx - r > width || cy - r > height) return;
    const [fill, rim] = [packed(tint.fill), packed(tint.rim)];
    const rimWidth = Math.min(1.1 * this.density, r / 4);
    const inner = r - rimWidth;
    for (let row = Math.max(Math.ceil(cy - r), 0); row <= Math.min(Math.floor(cy + r), height - 1); row++) {
      const dy = row - cy;
      const half = Math.sqrt(r * r - dy * dy);
      const inside = Math.abs(dy) < inner ? Math.sqrt(inner * inner - dy * dy) : 0;
      const [x0, x1] = [cx - half, cx + half];
      const [from, to] = [Math.max(Math.ceil(x0), 0), Math.min(Math.floor(x1), width - 1)];
      const base = row * width;
      if (to >= from) {
        pixels.fill(rim, base + from, base + to + 1);
        if (inside) {
          const [left, right] = [Math.max(Math.ceil(cx - inside), 0), Math.min(Math.floor(cx + inside), width - 1)];
          if (right >= left) pixels.fill(fill, base + left, base + right + 1);
        }
      }
      if (x0 > 1 && x0 < width) blend(pixels, base + Math.ceil(x0) - 1, rim, Math.round((Math.ceil(x0) - x0) * 255));
      if (x1 > 0 && x1 < width - 1) blend(pixels, base + Math.floor(x1) + 1, rim, Math.round((x1 - Math.floor(x1)) * 255));
    }
  }

  /** The mask of a mark: how much of each pixel it covers, for a size rounded to a third of a pixel. */
  #stampOf(label, radius) {
    const step = Math.max(Math.round(radius * 3), 1);
    const key = label * 4096 + step;
    let stamp = this.stamps.get(key);
    if (!stamp) {
      const r = step / 3;
      const size = Math.ceil(r * 1.25) * 2 + 2;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = size;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.beginPath();
      outline(context, this.graph.labels[label], size / 2, size / 2, r);
      context.fill();
      const data = context.getImageData(0, 0, size, size).data;
      // Only the pixels that it covers at all, row by row.
      const [columns, rows, alphas] = [[], [], []];
      for (let i = 0; i < size * size; i++) {
        const alpha = data[i * 4 + 3];
        if (alpha < 8) continue;
        columns.push(i % size);
        rows.push(Math.floor(i / size));
        alphas.push(alpha);
      }
      const offsets = Int32Array.from(columns, (column, i) => rows[i] * this.canvas.width + column);
      stamp = { size, colour: packed(this.colours.marks[label]), columns, rows, offsets, alphas: Uint8Array.from(alphas) };
      this.stamps.set(key, stamp);
    }
    return stamp;
  }

  #stamp({ size, colour, columns, rows, offsets, alphas }, cx, cy) {
    const { pixels } = this;
    const [width, height] = [this.canvas.width, this.canvas.height];
    const x0 = Math.round(cx - size / 2);
    const y0 = Math.round(cy - size / 2);
    if (x0 + size <= 0 || y0 + size <= 0 || x0 >= width || y0 >= height) return;
    const base = y0 * width + x0;
    const whole = x0 >= 0 && y0 >= 0 && x0 + size <= width && y0 + size <= height;
    for (let i = 0; i < offsets.length; i++) {
      if (!whole) {
        const [column, row] = [x0 + columns[i], y0 + rows[i]];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
      }
      if (alphas[i] > 247) pixels[base + offsets[i]] = colour;
      else blend(pixels, base + offsets[i], colour, alphas[i]);
    }
  }
}

/** "#rrggbb" as a pixel of an ImageData on a little-endian machine, which all browsers' machines are. */
const packedColours = new Map();
function packed(text) {
  let value = packedColours.get(text);
  if (value === undefined) {
    const [r, g, b] = rgb(text);
    value = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    packedColours.set(text, value);
  }
  return value;
}

function blend(pixels, place, colour, alpha) {
  const under = pixels[place];
  const share = alpha + (alpha >> 7); // 0 to 256, so that a shift divides
  const rest = 256 - share;
  // Red and blue at once: they leave room for each other's carry.
  const redBlue = ((colour & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8;
  const green = ((colour & 0xff00) * share + (under & 0xff00) * rest) >>> 8;
  pixels[place] = (0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}
