// What pages with scripts share: elements made of text, data blocks and colours.

/** An element; children are elements or texts, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A text that keeps its own direction to itself. */
function own(text) {
  const element = make("bdi", { dir: "auto" });
  element.textContent = text;
  return element;
}

/** A link for http and https addresses, plain text for anything else. */
function link(address, text) {
  let url = null;
  try { url = new URL(address); } catch { /* shown as text below */ }
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return own(text);
  const element = make("a", { rel: "noopener noreferrer nofollow", target: "_blank" });
  element.href = url.href;
  element.append(own(text));
  return element;
}

const DIGITS_85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=/?@^_`{|}~";

/** Bytes from base 85: five digits stand for four bytes; what the last group lacks is left off. */
function bytesOf(text) {
  const value = new Uint8Array(128);
  for (let i = 0; i < 85; i++) value[DIGITS_85.charCodeAt(i)] = i;
  const groups = Math.ceil(text.length / 5);
  const bytes = new Uint8Array(groups * 4);
  for (let group = 0; group < groups; group++) {
    let number = 0;
    for (let i = group * 5; i < group * 5 + 5; i++) number = number * 85 + (i < text.length ? value[text.charCodeAt(i)] : 84);
    for (let i = 3; i >= 0; i--) { bytes[group * 4 + i] = number; number = Math.floor(number / 256); }
  }
  return bytes.subarray(0, bytes.length - (groups * 5 - text.length));
}

/** The data of a block: JSON, or deflated JSON in base 85. */
async function readBlock(name) {
  const element = byId("data-" + name);
  if (!element) return null;
  const text = element.textContent;
  element.remove();
  if (element.type === "application/json") return JSON.parse(text);
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

/** "#rrggbb" as [r, g, b]. */
function rgb(text) {
  const value = parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
/** One colour over another, in the given share. */
function mix(over, under, share) {
  const [a, b] = [rgb(over), rgb(under)];
  return "#" + a.map((value, i) => Math.round(value * share + b[i] * (1 - share)).toString(16).padStart(2, "0")).join("");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value) => String(value).padStart(2, "0");
/** Seconds since 1970 as "11 Jun 2020 16:42 UTC"; a date alone when that is all that is known. */
function time(seconds, quality = "exact") {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return "unknown";
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  if (quality === "date_only") return day;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}
const number = (value) => value.toLocaleString("en-GB");
const plural = (count, one, many = one + "s") => `${number(count)} ${count === 1 ? one : many}`;
