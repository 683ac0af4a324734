// What the discs are coloured by: a property of most of an event's stories, the time at which it began, or a column
// that a researcher gave of outlets.

const TINTS = 6;
/** The tint of discs that have none of the values with a tint of their own. */
const OTHERS = -1;
const isKnown = (value) => value !== null && value !== undefined && value !== "";

class Tints {
  constructor(graph, changed) {
    this.graph = graph;
    this.changed = changed;
    this.hidden = new Set();
    this.names = graph.scene.categories;
    this.by = this.start = graph.scene.colourBy;
    this.field = byId("colour");
    this.legend();
  }

  /** The choices, once the stories' columns are here. */
  fill() {
    const { graph } = this;
    const several = (column) => new Set((column ?? []).filter(isKnown)).size > 1;
    const choices = [];
    if (several(graph.columns.Story.category)) choices.push(["category", "section"]);
    if (graph.scene.counts[3] > 1) choices.push(["topic", "topic"]);
    for (const [name, column] of Object.entries(graph.scene.outletColumns)) {
      if (several(column)) choices.push(["outlet " + name, "outlet's " + name.replaceAll("_", " ")]);
    }
    if (several(graph.scene.time)) choices.push(["time", "time"]);
    this.field.append(...choices.map(([value, name]) => make("option", { value }, "Colour by " + name)), make("option", { value: "" }, "One colour"));
    this.field.value = choices.some(([value]) => value === this.by) ? this.by : "";
    this.field.hidden = !choices.length;
    this.field.addEventListener("change", () => this.choose(this.field.value));
    if (graph.scene.colourFirst && this.choose(graph.scene.colourFirst)) this.start = this.by;
  }

  /** Colours by something else; false where there is no such choice. */
  choose(by) {
    if (![...this.field.options].some((option) => option.value === by)) return false;
    this.by = by;
    this.field.value = by;
    this.hidden.clear();
    const { columns, scene } = this.graph;
    const numbers = by.startsWith("outlet ") ? this.#numbers(scene.outletColumns[by.slice("outlet ".length)]) : null;
    this.graph.stepped = by === "time" || numbers !== null;
    if (by === "time") this.#spans(columns.Event?.first_published_at ?? [], (seconds) => time(seconds, "date_only"));
    else if (numbers) this.#spans(this.#middles(numbers), number);
    else this.#votes(by === "" ? () => [] : this.#valuesOf(by));
    this.legend();
    this.changed();
    return true;
  }

  /** A column as numbers, if it holds nothing else and more of them than there are tints; else null. */
  #numbers(column) {
    const numbers = column.map((value) => (value === null ? null : Number(value.replaceAll(",", ""))));
    const known = numbers.filter((value) => value !== null);
    return known.every(Number.isFinite) && new Set(known).size > TINTS ? numbers : null;
  }

  /** For each event the middle one of the numbers that its stories' outlets have. */
  #middles(numbers) {
    const { scene } = this.graph;
    const own = this.#ofStories("PUBLISHED_BY", 2, numbers);
    const found = Array.from({ length: scene.counts[0] }, () => []);
    scene.eventOf.forEach((event, story) => { if (event >= 0) found[event].push(...own[story].filter(isKnown)); });
    return found.map((values) => values.sort((a, b) => a - b)[values.length >> 1]);
  }

  /** For a story its values of what is chosen. */
  #valuesOf(by) {
    const { columns, scene } = this.graph;
    if (by === "category") return (story) => [columns.Story.category?.[story]];
    const values = by === "topic" ? this.#ofStories("ABOUT", 3, columns.Topic.name ?? []) : this.#ofStories("PUBLISHED_BY", 2, scene.outletColumns[by.slice("outlet ".length)]);
    return (story) => values[story];
  }

  /** For each story the values of what its edges of that type lead to. */
  #ofStories(type, label, column) {
    const { graph } = this;
    const values = Array.from({ length: graph.scene.counts[1] }, () => []);
    const [starts, ends] = graph.scene.edges[type];
    for (let i = 0; i < starts.length; i++) values[starts[i] - graph.stories].push(column[ends[i] - graph.first[label]]);
    return values;
  }

  /** Each event by the value that most of its stories have; the most frequent values get a tint. */
  #votes(valuesOf) {
    const { scene } = this.graph;
    const totals = new Map();
    const votes = Array.from({ length: scene.counts[0] }, () => new Map());
    scene.eventOf.forEach((event, story) => {
      if (event < 0) return;
      for (const value of valuesOf(story)) {
        if (!isKnown(value)) continue;
        totals.set(value, (totals.get(value) ?? 0) + 1);
        votes[event].set(value, (votes[event].get(value) ?? 0) + 1);
      }
    });
    this.names = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, TINTS).map(([name]) => name);
    const index = new Map(this.names.map((name, i) => [name, i]));
    scene.tints = votes.map((vote) => {
      const best = [...vote].filter(([value]) => index.has(value)).sort((a, b) => b[1] - a[1] || index.get(a[0]) - index.get(b[0]))[0];
      return best ? index.get(best[0]) : OTHERS;
    });
    this.names = this.names.map(String);
  }

  /** Up to six spans of the events' numbers, each with about as many events as the others, from light to dark. */
  #spans(values, words) {
    const { scene } = this.graph;
    const known = values.filter(isKnown).sort((a, b) => a - b);
    const ends = Array.from({ length: TINTS }, (_, i) => known[Math.min(Math.floor(((i + 1) * known.length) / TINTS), known.length - 1)]);
    scene.tints = Array.from({ length: scene.counts[0] }, (_, event) => (isKnown(values[event]) ? ends.findIndex((end) => values[event] <= end) : OTHERS));
    this.names = known.length ? ends.map((end, i) => (i ? `to ${words(end)}` : `${words(known[0])} to ${words(end)}`)) : [];
  }

  /** The legend: each value with its tint and the number of its discs, and a box that shows or hides them. */
  legend() {
    const host = byId("tints");
    const { scene, stepped } = this.graph;
    const counts = new Map();
    for (const tint of scene.tints) counts.set(tint, (counts.get(tint) ?? 0) + 1);
    const row = (tint, name, kind) => {
      const box = make("input", { type: "checkbox", value: tint, checked: true });
      box.addEventListener("change", () => {
        if (box.checked) this.hidden.delete(tint); else this.hidden.add(tint);
        this.changed();
      });
      return make("label", { title: plural(counts.get(tint), "event") }, box, make("span", { class: `tint ${kind}` }), own(name), make("small", {}, number(counts.get(tint))));
    };
    // Two spans of the same end are one, and a value that leads in no event has no disc.
    const rows = this.names.flatMap((name, i) => (counts.has(i) ? [row(i, name, `${stepped ? "time" : "tint"}-${i}`)] : []));
    if (rows.length && counts.has(OTHERS)) rows.push(row(OTHERS, "others, or not known", "tint-none"));
    host.replaceChildren(make("legend", { class: "unseen" }, "Colour of the discs: what most stories of an event have"), ...rows);
    host.hidden = !rows.length;
  }
}
