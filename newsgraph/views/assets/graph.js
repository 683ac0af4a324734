// The graph of the map: nodes are numbers, facts are columns.

class Graph {
  constructor(scene) {
    this.scene = scene;
    this.labels = scene.labels;
    this.first = [0];
    for (const count of scene.counts) this.first.push(this.first.at(-1) + count);
    this.size = this.first.at(-1);
    this.x = Float32Array.from(scene.x);
    this.y = Float32Array.from(scene.y);
    this.label = new Uint8Array(this.size);
    this.labels.forEach((_, i) => this.label.fill(i, this.first[i], this.first[i + 1]));
    this.columns = scene.columns;
    this.images = [];
    this.pages = {};
    this.stepped = false;
    this.events = scene.counts[0];
    this.stories = this.first[this.labels.indexOf("Story")];
    this.radius = new Float32Array(this.size).fill(4);
    this.radius.fill(6, 0, this.events);
    this.radius.set(scene.size, this.first[2]);
    this.#undo(scene);
    this.visible = new Uint8Array(this.size).fill(1);
    // The map is wider than high; on a screen that is higher than wide it stands on its side.
    if (innerHeight > 1.1 * innerWidth) [this.x, this.y] = [this.y, this.x];
  }

  /** Places and times of stories, and starts of edges, are written as differences. */
  #undo(scene) {
    const [starts, ends] = [[], []];
    let last = 0;
    scene.eventOf.forEach((event, i) => {
      const story = this.stories + i;
      if (event >= 0) {
        this.x[story] += this.x[event];
        this.y[story] += this.y[event];
        starts.push(story);
        ends.push(event);
      }
      if (scene.time[i] !== null) last = scene.time[i] += last;
    });
    const labelOfEnd = { PUBLISHED_BY: "Outlet", ABOUT: "Topic", SUBTOPIC_OF: "Topic" };
    for (const [type, [numbers, others]] of Object.entries(scene.edges)) {
      const offset = this.first[this.labels.indexOf(labelOfEnd[type] ?? "Story")];
      for (let i = 0; i < others.length; i++) others[i] += offset;
      for (let i = 1; i < numbers.length; i++) numbers[i] += numbers[i - 1];
    }
    scene.edges = { COVERS: [starts, ends], ...scene.edges };
  }

  /** Story titles and addresses arrive after the first drawing. */
  addStories(block) {
    const [count, first] = [this.scene.counts[1], this.first[2]];
    const domain = new Array(count).fill("");
    const [starts, ends] = this.scene.edges.PUBLISHED_BY;
    for (let i = 0; i < starts.length; i++) domain[starts[i] - this.stories] = block.outlets[ends[i] - first];
    const beginnings = ["", "https://www.", "https://", "http://www.", "http://"];
    const [title, url] = [new Array(count), new Array(count)];
    for (let i = 0; i < count; i++) {
      const event = this.scene.eventOf[i];
      title[i] = block.texts[2 * i] ?? (event >= 0 ? this.columns.Event.title?.[event] ?? null : null);
      const address = block.texts[2 * i + 1];
      const kind = address === null ? 0 : Number(address[0]);
      url[i] = address === null ? null : kind ? beginnings[kind] + domain[i] + address.slice(1) : address.slice(1);
    }
    this.columns.Story = { ...block.columns, title, url, published_at: this.scene.time };
    this.images = block.images;
    this.pages = block.pages ?? {};
  }

  /** The colours of an event's disc. */
  tintOf(event, colours) { return (this.stepped ? colours.times : colours.tints)[this.scene.tints[event]] ?? colours.plain; }

  labelOf(node) { return this.labels[this.label[node]]; }
  rank(node) { return node - this.first[this.label[node]]; }
  value(node, property) { return this.columns[this.labelOf(node)]?.[property]?.[this.rank(node)] ?? null; }
  name(node) {
    for (const property of ["label", "name", "title", "domain"]) {
      const value = this.value(node, property);
      if (value) return value;
    }
    return this.labelOf(node) === "Story" ? this.value(node, "url") ?? "(no title)" : "(no name)";
  }

  /** Neighbours of a node: arrays of [node, type of edge, whether it starts here]. Rows are built on first use. */
  neighbours(node) {
    if (!this.rows) this.#index();
    const found = [];
    for (let i = this.rows[node]; i < this.rows[node + 1]; i++) {
      found.push([this.ends[i], this.types[this.kinds[i] >> 1], (this.kinds[i] & 1) === 0]);
    }
    return found;
  }

  #index() {
    this.types = Object.keys(this.scene.edges);
    const rows = new Uint32Array(this.size + 2);
    let total = 0;
    for (const type of this.types) {
      const [starts, ends] = this.scene.edges[type];
      total += starts.length * 2;
      for (let i = 0; i < starts.length; i++) { rows[starts[i] + 2]++; rows[ends[i] + 2]++; }
    }
    for (let i = 2; i < rows.length; i++) rows[i] += rows[i - 1];
    this.ends = new Uint32Array(total);
    this.kinds = new Uint8Array(total);
    this.types.forEach((type, kind) => {
      const [starts, ends] = this.scene.edges[type];
      for (let i = 0; i < starts.length; i++) {
        let place = rows[starts[i] + 1]++;
        this.ends[place] = ends[i];
        this.kinds[place] = kind * 2;
        place = rows[ends[i] + 1]++;
        this.ends[place] = starts[i];
        this.kinds[place] = kind * 2 + 1;
      }
    });
    this.rows = rows;
  }

  bounds() {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < this.size; i++) {
      if (!this.visible[i]) continue;
      const reach = i < this.events ? this.scene.radii[i] : this.radius[i];
      left = Math.min(left, this.x[i] - reach); right = Math.max(right, this.x[i] + reach);
      top = Math.min(top, this.y[i] - reach); bottom = Math.max(bottom, this.y[i] + reach);
    }
    return left > right ? null : { left, right, top, bottom };
  }

  /** The visible node at a place of the map, else the event whose disc is there; -1 for none. */
  at(x, y, reach) {
    this.grid ??= new Grid(this.x, this.y, 0, this.size);
    let best = -1;
    let nearest = Infinity;
    this.grid.each(x - reach - 24, y - reach - 24, x + reach + 24, y + reach + 24, (node) => {
      if (!this.visible[node]) return;
      const distance = Math.hypot(this.x[node] - x, this.y[node] - y) - this.radius[node];
      if (distance < nearest && distance < reach) { nearest = distance; best = node; }
    });
    return best;
  }

  /** The event whose disc covers a place; -1 for none. */
  disc(x, y) {
    for (let event = 0; event < this.events; event++) {
      if (this.visible[event] && Math.hypot(this.x[event] - x, this.y[event] - y) <= this.scene.radii[event]) return event;
    }
    return -1;
  }
}

/** Points by square cells, to find those in a window without looking at all. */
class Grid {
  constructor(x, y, first, end) {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = first; i < end; i++) {
      left = Math.min(left, x[i]); right = Math.max(right, x[i]);
      top = Math.min(top, y[i]); bottom = Math.max(bottom, y[i]);
    }
    const count = Math.max(end - first, 1);
    this.cell = Math.max(Math.sqrt(((right - left) * (bottom - top) || 1) / count) * 4, 1);
    this.left = left;
    this.top = top;
    this.wide = Math.max(Math.floor((right - left) / this.cell) + 1, 1) || 1;
    this.high = Math.max(Math.floor((bottom - top) / this.cell) + 1, 1) || 1;
    this.start = new Uint32Array(this.wide * this.high + 1);
    const where = new Uint32Array(count);
    for (let i = first; i < end; i++) {
      const cell = Math.floor((y[i] - top) / this.cell) * this.wide + Math.floor((x[i] - left) / this.cell);
      where[i - first] = cell;
      this.start[cell + 1]++;
    }
    for (let i = 1; i < this.start.length; i++) this.start[i] += this.start[i - 1];
    const fill = this.start.slice();
    this.members = new Uint32Array(end - first);
    for (let i = first; i < end; i++) this.members[fill[where[i - first]]++] = i;
  }

  /** Calls with each member of the cells that touch the window. */
  each(left, top, right, bottom, call) {
    this.#cells(left, top, right, bottom, (start, end) => { for (let i = start; i < end; i++) call(this.members[i]); });
  }

  /** Writes those members into `found` and says how many they are. */
  within(left, top, right, bottom, found) {
    let count = 0;
    this.#cells(left, top, right, bottom, (start, end) => {
      found.set(this.members.subarray(start, end), count);
      count += end - start;
    });
    return count;
  }

  #cells(left, top, right, bottom, call) {
    const clamp = (value, most) => Math.min(Math.max(Math.floor(value), 0), most);
    const [x0, x1] = [clamp((left - this.left) / this.cell, this.wide - 1), clamp((right - this.left) / this.cell, this.wide - 1)];
    const [y0, y1] = [clamp((top - this.top) / this.cell, this.high - 1), clamp((bottom - this.top) / this.cell, this.high - 1)];
    for (let row = y0; row <= y1; row++) call(this.start[row * this.wide + x0], this.start[row * this.wide + x1 + 1]);
  }
}
