// What the discs are coloured by: a property of most of an event's stories, or the time at which it began.

const TINTS = 6;

class Tints {
  constructor(graph, changed) {
    this.graph = graph;
    this.changed = changed;
    this.hidden = new Set();
    this.names = graph.scene.categories;
    this.by = graph.scene.colourBy;
    this.field = byId("colour");
    this.legend();
  }

  /** The choices, once the stories' columns are here. */
  fill() {
    const { graph } = this;
    const stories = graph.columns.Story;
    const several = (column) => new Set((column ?? []).filter((value) => value !== null && value !== "")).size > 1;
    const choices = [];
    if (several(stories.category)) choices.push(["category", "section"]);
    if (graph.scene.counts[3] > 1) choices.push(["topic", "topic"]);
    for (const [name, column] of Object.entries(graph.columns.Outlet ?? {})) {
      const most = new Set(column.filter((value) => value !== null));
      if (!["name", "domain", "logo_url"].includes(name) && most.size > 1) choices.push(["outlet " + name, "outlet's " + name.replaceAll("_", " ")]);
    }
    if (several(graph.scene.time)) choices.push(["time", "time"]);
    this.field.append(...choices.map(([value, name]) => make("option", { value }, "Colour by " + name)), make("option", { value: "" }, "One colour"));
    this.field.value = choices.some(([value]) => value === this.by) ? this.by : "";
    this.field.hidden = !choices.length;
    this.field.addEventListener("change", () => this.choose(this.field.value));
  }

  /** Colours by something else; false where there is no such choice. */
  choose(by) {
    if (![...this.field.options].some((option) => option.value === by)) return false;
    this.by = by;
    this.field.value = by;
    this.hidden.clear();
    const { scene } = this.graph;
    this.graph.byTime = by === "time";
    if (by === "time") this.#times();
    else this.#votes(by === "" ? () => [] : this.#valuesOf(by));
    this.legend();
    this.changed();
    return scene.tints.length > 0;
  }

  /** For a story its values of what is chosen, as texts. */
  #valuesOf(by) {
    const { graph } = this;
    const { Story, Outlet, Topic } = graph.columns;
    if (by === "category") return (story) => [Story.category?.[story]];
    const [type, label, column] = by === "topic" ? ["ABOUT", 3, Topic.name ?? []] : ["PUBLISHED_BY", 2, Outlet[by.slice("outlet ".length)]];
    const values = Array.from({ length: graph.scene.counts[1] }, () => []);
    const [starts, ends] = graph.scene.edges[type];
    for (let i = 0; i < starts.length; i++) values[starts[i] - graph.stories].push(column[ends[i] - graph.first[label]]);
    return (story) => values[story];
  }

  /** Each event by the value that most of its stories have; the most frequent values get a tint. */
  #votes(valuesOf) {
    const { scene } = this.graph;
    const totals = new Map();
    const votes = Array.from({ length: scene.counts[0] }, () => new Map());
    scene.eventOf.forEach((event, story) => {
      if (event < 0) return;
      for (const value of valuesOf(story)) {
        if (value === null || value === undefined || value === "") continue;
        totals.set(value, (totals.get(value) ?? 0) + 1);
        votes[event].set(value, (votes[event].get(value) ?? 0) + 1);
      }
    });
    this.names = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, TINTS).map(([name]) => name);
    const index = new Map(this.names.map((name, i) => [name, i]));
    scene.tints = votes.map((vote) => {
      const best = [...vote].filter(([value]) => index.has(value)).sort((a, b) => b[1] - a[1] || index.get(a[0]) - index.get(b[0]))[0];
      return best ? index.get(best[0]) : -1;
    });
    this.names = this.names.map(String);
  }

  /** Six spans of time, each with as many events as the others, from light to dark. */
  #times() {
    const { scene, columns } = this.graph;
    const first = columns.Event?.first_published_at ?? [];
    const known = first.filter((value) => value !== null && value !== undefined).sort((a, b) => a - b);
    const ends = Array.from({ length: TINTS }, (_, i) => known[Math.min(Math.floor(((i + 1) * known.length) / TINTS), known.length - 1)]);
    const day = (seconds) => time(seconds, "date_only");
    scene.tints = Array.from({ length: scene.counts[0] }, (_, event) => {
      const at = first[event];
      return at === null || at === undefined ? -1 : ends.findIndex((end) => at <= end);
    });
    this.names = ends.map((end, i) => (known.length ? (i ? `to ${day(end)}` : `${day(known[0])} to ${day(end)}`) : ""));
  }

  /** The legend: each value with its tint, and a box that shows or hides its events. */
  legend() {
    const host = byId("tints");
    const rows = this.names.map((name, i) => {
      const box = make("input", { type: "checkbox", value: i, checked: true });
      box.addEventListener("change", () => {
        if (box.checked) this.hidden.delete(i); else this.hidden.add(i);
        this.changed();
      });
      return make("label", {}, box, make("span", { class: `tint ${this.graph.byTime ? "time" : "tint"}-${i}` }), own(name));
    });
    host.replaceChildren(make("legend", { class: "unseen" }, "Colour of the discs: what most stories of an event have"), ...rows);
    host.hidden = !rows.length;
  }
}
