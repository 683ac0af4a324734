// The Cypher page: what was asked before, kept in this browser alone; Ctrl+Enter runs.

const KEPT = "newsgraph-queries";
const MOST = 50;
const form = byId("cypher");
const query = byId("text");
const parameters = byId("parameters");

function before() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.query === "string" && typeof one?.parameters === "string") : [];
  } catch {
    return [];
  }
}
function keep(asked) {
  try { localStorage.setItem(KEPT, JSON.stringify(asked.slice(0, MOST))); } catch { /* no memory here */ }
}
function list() {
  const asked = before();
  byId("history").hidden = asked.length === 0;
  byId("before").replaceChildren(...asked.map((one) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "asked";
    button.textContent = one.parameters ? `${one.query}\n${one.parameters}` : one.query;
    button.addEventListener("click", () => { query.value = one.query; parameters.value = one.parameters; query.focus(); scrollTo(0, 0); });
    item.append(button);
    return item;
  }));
}
form.addEventListener("submit", () => {
  const asked = { query: query.value.trim(), parameters: parameters.value.trim() };
  if (asked.query) keep([asked, ...before().filter((one) => one.query !== asked.query || one.parameters !== asked.parameters)]);
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
});
byId("forget").addEventListener("click", () => { keep([]); list(); query.focus(); });
list();
