// One event: times in the reader's own zone, the list as CSV, texts to copy.

const times = [...document.querySelectorAll("time[datetime]")];
const utc = times.map((one) => one.textContent);
const local = byId("local");
const own = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
times.forEach((one) => { one.title = own.format(new Date(one.dateTime)); });
if (local) {
  local.hidden = false;
  local.addEventListener("click", () => {
    const on = local.getAttribute("aria-pressed") !== "true";
    local.setAttribute("aria-pressed", String(on));
    times.forEach((one, i) => { one.textContent = on ? one.title : utc[i]; });
  });
}

/** A cell of CSV; what a spreadsheet would take for a formula begins with an apostrophe, but for numbers. */
function cell(value) {
  const text = value ?? "";
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+$/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}
const csv = byId("csv");
if (csv) {
  csv.hidden = false;
  csv.addEventListener("click", () => {
    const rows = [["rank", "outlet", "outlet_name", "story_id", "url", "title", "published_at", "lag_seconds", "is_copy", "date_quality"]];
    for (const line of document.querySelectorAll(".order > li")) {
      const title = line.querySelector(".title");
      rows.push([
        line.dataset.rank, line.dataset.outlet, line.querySelector(".outlet").textContent.trim(), line.dataset.story,
        title.querySelector("a")?.href, title.textContent.trim(), line.querySelector(".when time")?.dateTime,
        line.dataset.lag, line.dataset.copy, line.dataset.quality,
      ]);
    }
    const target = document.createElement("a");
    target.download = csv.dataset.name;
    target.href = URL.createObjectURL(new Blob([rows.map((row) => row.map(cell).join(",") + "\n").join("")], { type: "text/csv" }));
    target.click();
    setTimeout(() => URL.revokeObjectURL(target.href), 1000);
  });
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = byId(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Selected: copy with Ctrl+C";
    }
  });
}
