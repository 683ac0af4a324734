// Pointing at a topic, or tabbing to it, lights it, its neighbours and its row.

(() => {
  const net = document.querySelector(".net");
  const dots = [...document.querySelectorAll("[data-topic]")];
  const rows = [...document.querySelectorAll("[data-row]")];
  const lines = [...document.querySelectorAll(".net line")];
  function light(topic) {
    const near = new Set(topic === null ? [] : [topic]);
    for (const line of lines) {
      const on = topic !== null && (line.dataset.a === topic || line.dataset.b === topic);
      line.classList.toggle("near", on);
      if (on) near.add(line.dataset.a).add(line.dataset.b);
    }
    for (const dot of dots) dot.classList.toggle("near", near.has(dot.dataset.topic));
    for (const row of rows) row.classList.toggle("near", topic !== null && row.dataset.row === topic);
    net?.classList.toggle("lit", dots.some((dot) => dot.dataset.topic === topic));
  }
  for (const [elements, key] of [[dots, "topic"], [rows, "row"]]) {
    for (const element of elements) {
      element.addEventListener("pointerenter", () => light(element.dataset[key]));
      element.addEventListener("pointerleave", () => light(null));
      element.addEventListener("focus", () => light(element.dataset[key]));
      element.addEventListener("blur", () => light(null));
    }
  }
  for (const dot of dots) {
    const go = () => rows.find((row) => row.dataset.row === dot.dataset.topic)?.scrollIntoView({ block: "nearest" });
    dot.addEventListener("click", go);
    dot.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") light(null); });
  root.dataset.drawn = "all";
})();
