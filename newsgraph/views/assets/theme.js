// The theme: what the system says, until the switch says otherwise; a site keeps the choice for its next page.

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const themeListeners = [];
const inSite = document.querySelector("nav[aria-label=Site]") !== null;
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
function themeChanged() { for (const listener of themeListeners) listener(); }
function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { if (inSite) localStorage.setItem("newsgraph-theme", root.dataset.theme); } catch { /* no memory here, as in a notebook */ }
  themeChanged();
}
try {
  const kept = inSite ? localStorage.getItem("newsgraph-theme") : null;
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
} catch { /* likewise */ }
systemDark.addEventListener("change", themeChanged);
byId("theme")?.addEventListener("click", switchTheme);
byId("theme")?.removeAttribute("hidden");

// The search field of a site leads to its search page, and stands in for the link to it.
const find = byId("find");
if (find) {
  find.hidden = false;
  document.querySelector(".bar nav a[href$='search.html']:not([aria-current])")?.setAttribute("hidden", "");
  find.addEventListener("keydown", (event) => {
    const words = find.value.trim();
    if (event.key === "Enter") location.href = find.dataset.root + "search.html" + (words ? "#q=" + encodeURIComponent(words) : "");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.("input, select, textarea")) { event.preventDefault(); find.focus(); }
  });
}
