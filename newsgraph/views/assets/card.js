// The card: a node's facts, links and neighbours, all of it built as text.

const FACTS = {
  Story: [["kind", "Kind"], ["category", "Section"], ["language", "Language"], ["quality", "Provider's score"], ["heat", "Provider's heat"]],
  Outlet: [["domain", "Domain"]],
  Topic: [["keywords", "Keywords"]],
  Event: [["story_count", "Stories"], ["outlet_count", "Outlets"]],
};
const LINKS = {
  Story: [["url", "Open the story"], ["amp_url", "AMP page"], ["cdn_amp_url", "AMP page in a cache"], ["original_url", "First address"]],
  Outlet: [["logo_url", "Logo"]],
};
const SECTIONS = [
  ["COVERS", true, "Event"], ["COVERS", false, "Stories, in order of time"],
  ["PUBLISHED_BY", true, "Published by"], ["PUBLISHED_BY", false, "Stories"],
  ["ABOUT", true, "Topics"], ["ABOUT", false, "Stories"],
  ["COPY_OF", true, "Copy of"], ["COPY_OF", false, "Copied by"],
  ["RELATED_TO", true, "Its file lists as related"], ["RELATED_TO", false, "Listed as related by"],
  ["SUBTOPIC_OF", true, "Belongs under"], ["SUBTOPIC_OF", false, "Holds"],
];
const LISTED = 30;

class Card {
  constructor(graph, open, close) {
    this.graph = graph;
    this.open = open;
    this.close = close;
    this.element = byId("card");
  }

  show(node) {
    const { graph, element } = this;
    const label = graph.labelOf(node);
    const mark = make("canvas", { width: 32, height: 32, "aria-hidden": "true" });
    drawMark(mark, label);
    const shut = make("button", { type: "button", class: "close", "aria-label": "Close", title: "Close (Esc)" }, "×");
    shut.addEventListener("click", () => this.close());
    const heading = make("h2", { tabindex: "-1" }, own(graph.name(node)));
    element.replaceChildren(make("p", { class: "what" }, mark, label), shut, heading);
    const excerpt = graph.value(node, "excerpt");
    if (excerpt) element.append(make("p", {}, own(excerpt)));
    element.append(this.#facts(node, label));
    const page = graph.pages[label]?.[graph.rank(node)];
    if (page) element.append(make("p", {}, make("a", { href: page }, `Open the page of this ${label.toLowerCase()}`)));
    for (const [property, text] of LINKS[label] ?? []) {
      const address = graph.value(node, property);
      if (address) element.append(make("p", {}, link(address, property === "url" || /^https?:/i.test(address) ? text : address), property === "url" && !/^https?:/i.test(address) ? " (no web address)" : null));
    }
    const images = label === "Story" ? graph.images[graph.rank(node)] ?? [] : [];
    if (images.length) {
      element.append(make("p", {}, `${plural(images.length, "image")}: `, ...images.slice(0, 10).flatMap((address, i) => [link(address, String(i + 1)), " "])));
    }
    this.#neighbours(node);
    element.hidden = false;
    element.scrollTop = 0;
    return heading;
  }

  hide() { this.element.hidden = true; }

  #facts(node, label) {
    const { graph } = this;
    const list = make("dl");
    const fact = (name, ...value) => list.append(make("dt", {}, name), make("dd", {}, ...value));
    if (label === "Story") {
      const quality = graph.value(node, "date_quality") ?? "exact";
      const at = graph.value(node, "published_at");
      const shown = at === null ? "unknown" : time(at, quality);
      fact("Published", shown, quality === "exact" || quality === "corrected" ? null : make("span", { class: "unsure" }, ` (unsure: ${graph.scene.doubts[quality] ?? quality})`));
      const address = graph.value(node, "url");
      if (address && !/^https?:/i.test(address)) fact("Address", own(address));
    }
    if (label === "Event") {
      const [first, last] = [graph.value(node, "first_published_at"), graph.value(node, "last_published_at")];
      fact("First story", first === null ? "no sure date" : time(first));
      if (last !== null && last !== first) fact("Last story", time(last));
      const called = graph.value(node, "title");
      if (called && called !== graph.name(node)) fact("Earliest title", own(called));
    }
    for (const [property, name] of FACTS[label]) {
      const value = graph.value(node, property);
      if (value !== null && value !== "") fact(name, typeof value === "number" ? number(value) : own(String(value)));
    }
    if (label === "Outlet") {
      for (const [name, column] of Object.entries(graph.scene.outletColumns)) {
        const value = column[graph.rank(node)];
        if (value !== null) fact(name[0].toUpperCase() + name.slice(1).replaceAll("_", " "), own(value));
      }
    }
    if (label === "Event") fact("Id", make("code", {}, graph.scene.ids.Event[graph.rank(node)]));
    return list;
  }

  #neighbours(node) {
    const groups = new Map();
    for (const [other, type, out] of this.graph.neighbours(node)) {
      const key = type + out;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(other);
    }
    for (const [type, out, name] of SECTIONS) {
      const others = groups.get(type + out);
      if (!others) continue;
      // An event's stories come in the order of time, each with its outlet.
      const inOrder = type === "COVERS" && !out;
      const list = make(inOrder ? "ol" : "ul");
      for (const other of others.slice(0, LISTED)) list.append(make("li", {}, this.#button(other, inOrder)));
      if (others.length > LISTED) list.append(make("li", {}, make("small", {}, `and ${number(others.length - LISTED)} more`)));
      this.element.append(make("h3", {}, `${name} (${number(others.length)})`), list);
    }
  }

  #button(other, withOutlet = false) {
    const at = this.graph.labelOf(other) === "Story" ? this.graph.value(other, "published_at") : null;
    const name = this.graph.name(other);
    const outlet = withOutlet ? this.graph.neighbours(other).find(([, type, out]) => type === "PUBLISHED_BY" && out) : null;
    const copy = withOutlet && this.graph.neighbours(other).some(([, type, out]) => type === "COPY_OF" && out);
    const button = make("button", { type: "button" }, outlet ? make("b", {}, own(this.graph.name(outlet[0])), copy ? " (copy) " : " ") : null, own(name.length > 140 ? name.slice(0, 139) + "…" : name));
    if (at !== null) button.append(make("small", {}, " " + time(at, this.graph.value(other, "date_quality") ?? "exact")));
    button.addEventListener("click", () => this.open(other, true));
    return button;
  }
}
