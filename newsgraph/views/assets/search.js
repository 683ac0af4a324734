// The search page: looks words up in the index that was made with the site; the last word may be unfinished.

(async () => {
  const index = await readBlock("index");
  const [query, found, count, more] = ["query", "found", "count", "more"].map(byId);
  const boxes = [...document.querySelectorAll("#kinds input")];
  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+/g;
  const PAGE = 40;
  const NAMES = { event: "Event", outlet: "Outlet", topic: "Topic", story: "Headline" };
  const WEIGHT = { outlet: 3, topic: 3, event: 2, story: 1 };
  let [results, shown] = [[], 0];

  /** The words of a text as the index has them. */
  function wordsOf(text) {
    const words = [];
    for (const word of text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      words.push(...word.replace(UNSPACED, " ").split(" ").filter(Boolean).map((part) => part.slice(0, 32)));
      for (const run of word.match(UNSPACED) ?? []) {
        const letters = [...run];
        if (letters.length === 1) words.push(run);
        for (let i = 0; i + 1 < letters.length; i++) words.push(letters[i] + letters[i + 1]);
      }
    }
    return words;
  }

  /** The first place whose word is not before this one. */
  function place(word) {
    let [low, high] = [0, index.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (index.words[middle] < word) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** Entries that have the word, or with `start` one that begins so, with a weight: rarer words tell more. */
  function entriesOf(word, start) {
    const weights = new Map();
    for (let at = place(word); at < index.words.length && index.words[at].startsWith(word); at++) {
      const exact = index.words[at] === word;
      if (!exact && !start) break;
      const postings = index.postings[at];
      const weight = (exact ? 1 : 0.6) * Math.log(1 + index.names.length / postings.length);
      let entry = 0;
      for (const step of postings) { entry += step; weights.set(entry, Math.max(weights.get(entry) ?? 0, weight)); }
    }
    return weights;
  }

  function look() {
    const words = wordsOf(query.value);
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let weights = null;
    words.forEach((word, i) => {
      const next = entriesOf(word, i === words.length - 1);
      if (weights === null) { weights = next; return; }
      for (const [entry, weight] of weights) {
        if (next.has(entry)) weights.set(entry, weight + next.get(entry)); else weights.delete(entry);
      }
    });
    results = [...(weights ?? [])].filter(([entry]) => kinds.has(index.kinds[entry]))
      .map(([entry, weight]) => [entry, weight * WEIGHT[index.kinds[entry]] / Math.log(8 + index.names[entry].length)])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    count.textContent = words.length ? (results.length ? plural(results.length, "result") : "Nothing has all of these words.") : "";
    found.replaceChildren();
    shown = 0;
    show();
    const wanted = query.value ? "#q=" + encodeURIComponent(query.value) : " ";
    if (location.hash !== wanted.trim()) history.replaceState(null, "", wanted === " " ? location.pathname : wanted);
  }

  function show() {
    for (const [entry] of results.slice(shown, shown + PAGE)) {
      const [kind, href] = [index.kinds[entry], index.hrefs[entry]];
      const outside = /^https?:/i.test(href);
      let name = own(index.names[entry]);
      if (outside) name = link(href, index.names[entry]);
      else if (href) { name = make("a", { href }); name.append(own(index.names[entry])); }
      found.append(make("li", {}, name, make("small", {}, NAMES[kind] + (index.details[entry] ? " · " : ""), own(index.details[entry]))));
    }
    shown = Math.min(shown + PAGE, results.length);
    more.hidden = shown >= results.length;
  }

  function fromAddress() {
    const wanted = /^#q=(.*)$/.exec(location.hash);
    if (!wanted) return;
    try { query.value = decodeURIComponent(wanted[1]); } catch { return; }
    look();
  }

  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 60); });
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); found.querySelector("a")?.focus(); }
    if (event.key === "Enter") { clearTimeout(waiting); look(); }
  });
  found.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? query : links.at(-1))).focus();
    }
  });
  for (const box of boxes) box.addEventListener("change", look);
  more.addEventListener("click", show);
  addEventListener("hashchange", fromAddress);
  for (const id of ["query", "kinds"]) byId(id).hidden = false;
  if (byId("find")) byId("find").hidden = true;
  fromAddress();
  query.focus();
  root.dataset.drawn = "all";
})();
