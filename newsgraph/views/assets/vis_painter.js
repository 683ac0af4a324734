// The painter of small maps: vis-network, as pyvis ships it, with our positions; gestures are the shell's.

class VisPainter {
  constructor(graph, host, model) {
    this.graph = graph;
    this.host = host;
    model.nodes.forEach((node, i) => { [node.x, node.y] = [graph.x[i], graph.y[i]]; });
    this.nodes = new vis.DataSet(model.nodes);
    this.edges = new vis.DataSet(model.edges);
    this.hidden = new Uint8Array(graph.size);
  }

  theme(colours) {
    this.colours = colours;
    this.network?.setOptions({ groups: this.#groups(), edges: { color: { color: colours.line, inherit: false } } });
  }

  #groups() {
    return Object.fromEntries(
      this.graph.labels.map((label, i) => [label, { shape: SHAPES[label], color: { background: this.colours.marks[i], border: this.colours.marks[i] } }]),
    );
  }

  resize(width, height) {
    if (this.network) this.network.setSize(width + "px", height + "px");
  }

  paint(camera, done) {
    this.done = done;
    if (!this.network) {
      this.network = new vis.Network(
        this.host,
        { nodes: this.nodes, edges: this.edges },
        {
          autoResize: false,
          physics: false,
          layout: { improvedLayout: false },
          interaction: { dragNodes: false, dragView: false, zoomView: false, hover: false, selectable: false, keyboard: false },
          nodes: { borderWidth: 0, chosen: false, labelHighlightBold: false, shadow: false, fixed: true },
          edges: { smooth: false, width: 0.6, chosen: false, arrows: { to: false }, color: { color: this.colours.line, inherit: false } },
          groups: this.#groups(),
        },
      );
      this.network.on("beforeDrawing", (context) => this.#discs(context));
      this.network.on("afterDrawing", () => this.done());
    }
    this.network.moveTo({ position: { x: camera.x, y: camera.y }, scale: camera.scale, animation: false });
    this.network.redraw();
  }

  filter() {
    const changes = [];
    for (let node = 0; node < this.graph.size; node++) {
      const hidden = this.graph.visible[node] ? 0 : 1;
      if (hidden !== this.hidden[node]) { changes.push({ id: node, hidden: hidden === 1 }); this.hidden[node] = hidden; }
    }
    if (changes.length) this.nodes.update(changes);
  }

  #discs(context) {
    const { graph } = this;
    context.lineWidth = 1.2;
    for (let event = 0; event < graph.events; event++) {
      if (!graph.visible[event]) continue;
      const tint = graph.tintOf(event, this.colours);
      context.beginPath();
      context.arc(graph.x[event], graph.y[event], graph.scene.radii[event], 0, 2 * Math.PI);
      context.fillStyle = tint.fill;
      context.fill();
      context.strokeStyle = tint.rim;
      context.stroke();
    }
  }
}
