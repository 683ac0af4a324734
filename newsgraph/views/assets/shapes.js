// The marks of the four labels, told apart by shape as well as by colour.

const SHAPES = { Event: "star", Story: "dot", Outlet: "square", Topic: "triangle" };

/** Adds a mark's outline to the current path. */
function outline(context, label, x, y, r) {
  switch (SHAPES[label]) {
    case "star":
      for (let i = 0; i < 10; i++) {
        const reach = (i % 2 ? 0.5 : 1.2) * r;
        const turn = (i * Math.PI) / 5 - Math.PI / 2;
        context[i ? "lineTo" : "moveTo"](x + reach * Math.cos(turn), y + reach * Math.sin(turn));
      }
      context.closePath();
      break;
    case "square":
      context.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
      break;
    case "triangle":
      context.moveTo(x, y - r * 1.1);
      context.lineTo(x + r * 1.05, y + r * 0.8);
      context.lineTo(x - r * 1.05, y + r * 0.8);
      context.closePath();
      break;
    default:
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
  }
}

/** Draws the marks of a legend or a card. */
function drawMark(canvas, label) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour(label.toLowerCase());
  context.beginPath();
  outline(context, label, canvas.width / 2, canvas.height / 2, canvas.width * 0.36);
  context.fill();
}

/** The colours of the current theme, read once a change. */
function palette() {
  const ground = colour("ground");
  const tint = (name) => ({ fill: mix(name, ground, isDark() ? 0.17 : 0.13), rim: mix(name, ground, isDark() ? 0.5 : 0.42) });
  return {
    ground,
    ink: colour("ink"),
    soft: colour("soft"),
    line: mix(colour("soft"), ground, 0.16),
    marks: ["event", "story", "outlet", "topic"].map(colour),
    tints: [0, 1, 2, 3, 4, 5].map((i) => tint(colour("tint-" + i))),
    times: [0, 1, 2, 3, 4, 5].map((i) => { const step = mix(colour("story"), ground, 0.06 + 0.1 * i); return { fill: step, rim: mix(colour("story"), ground, 0.3 + 0.12 * i) }; }),
    plain: tint(colour("tint-none")),
  };
}

/** How large a mark is on the screen, in pixels: not below what can be seen, and growing slower than the map. */
function markRadius(radius, scale) {
  const size = radius * scale;
  return size > 9 ? 9 + Math.sqrt(size - 9) * 1.6 : Math.max(size, Math.min(0.7, radius * 0.18));
}
