// A link to rows opens the place where they are folded away.

function unfold() {
  const target = location.hash ? byId(location.hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", unfold);
unfold();
root.dataset.drawn = "all";
