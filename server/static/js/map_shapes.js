// @ts-check
// The shapes of the map, drawn on a canvas: a state is a shape as well as a colour, also in the ring of a cluster.
/** @typedef {import("./map_gather.js").Group} Group */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {Record<string, string>} Colours */
/** @typedef {{colour: string, width: number, dash?: number[], hollow?: boolean}} Part how a kind is drawn in the ring of a cluster */

/** Kinds of outlets and of visits in the order of their numbers; the ring begins with what hurts. */
export const STATES = ["overdue", "waiting", "due", "done", "none"];
export const MARKS = ["done", "waiting", "no"];
const TOKENS = {
  surface: "--color-surface",
  ground: "--map-ground",
  text: "--color-text",
  line: "--color-line",
  done: "--state-done",
  due: "--state-due",
  overdue: "--state-overdue",
  waiting: "--color-notice",
  none: "--state-none",
  no: "--color-negative",
};
/** @type {Record<string, Part>} */
const PARTS = {
  overdue: { colour: "overdue", width: 7 },
  waiting: { colour: "waiting", width: 4, dash: [3, 2.5] },
  due: { colour: "due", width: 5, hollow: true },
  done: { colour: "done", width: 4 },
  none: { colour: "none", width: 1.5 },
  no: { colour: "no", width: 7 },
};
const FULL = 2 * Math.PI;

/** The page's colours as they stand, in the light or dark theme. @param {HTMLElement} canvas @returns {Colours} */
export function coloursOf(canvas) {
  const probe = document.createElement("span");
  canvas.append(probe);
  const found = Object.entries(TOKENS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

/** @param {Pen} pen @param {string} fill @param {string} line @param {number} width */
function paint(pen, fill, line, width) {
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = line;
  pen.lineWidth = width;
  pen.stroke();
}

/** @param {Pen} pen @param {string} state @param {number} x @param {number} y @param {Colours} colours */
export function drawOutlet(pen, state, x, y, colours) {
  pen.beginPath();
  if (state === "overdue") {
    pen.moveTo(x, y - 7.5);
    pen.lineTo(x + 8, y + 6.5);
    pen.lineTo(x - 8, y + 6.5);
    pen.closePath();
    paint(pen, colours.overdue, colours.ground, 1);
    return;
  }
  pen.arc(x, y, state === "due" ? 5.5 : 6, 0, FULL);
  if (state === "done") paint(pen, colours.done, colours.ground, 1);
  else {
    if (state === "waiting") pen.setLineDash([2.6, 2]);
    paint(pen, colours.surface, colours[state], 1.7);
    pen.setLineDash([]);
  }
  if (state === "due") {
    pen.beginPath();
    pen.arc(x, y, 5.5, -FULL / 4, FULL / 4);
    pen.fillStyle = colours.due;
    pen.fill();
  }
}

/** @param {Pen} pen @param {string} mark @param {number} x @param {number} y @param {Colours} colours */
export function drawVisit(pen, mark, x, y, colours) {
  const reach = mark === "done" ? 4.6 : 5.4;
  pen.beginPath();
  pen.moveTo(x, y - reach);
  pen.lineTo(x + reach, y);
  pen.lineTo(x, y + reach);
  pen.lineTo(x - reach, y);
  pen.closePath();
  if (mark === "done") paint(pen, colours.done, colours.ground, 1);
  else {
    if (mark === "waiting") pen.setLineDash([2, 1.4]);
    paint(pen, colours.surface, colours[mark], 1.5);
    pen.setLineDash([]);
  }
  if (mark === "no") {
    pen.beginPath();
    pen.moveTo(x - 1.8, y - 1.8);
    pen.lineTo(x + 1.8, y + 1.8);
    pen.moveTo(x + 1.8, y - 1.8);
    pen.lineTo(x - 1.8, y + 1.8);
    pen.stroke();
  }
}

/** @param {number} count */
export const clusterRadius = (count) => Math.min(26, 13 + 1.6 * Math.log2(count));

/**
 * A cluster: its number within a ring whose parts are the kinds inside, each with a stroke of its own.
 * @param {Pen} pen @param {Group} group @param {number} x @param {number} y @param {string[]} kinds @param {string[]} order @param {Colours} colours
 */
export function drawCluster(pen, group, x, y, kinds, order, colours) {
  const radius = clusterRadius(group.members.length);
  pen.beginPath();
  pen.arc(x, y, radius + 4, 0, FULL);
  paint(pen, colours.surface, colours.line, 1);
  let passed = -FULL / 4;
  for (const name of order) {
    const part = (FULL * group.kinds[kinds.indexOf(name)]) / group.members.length;
    if (!part) continue;
    drawPart(pen, PARTS[name], x, y, radius, passed, passed + part, colours);
    passed += part;
  }
  pen.fillStyle = colours.text;
  pen.fillText(String(group.members.length), x, y + 0.5);
}

/**
 * @param {Pen} pen @param {Part} part @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to
 * @param {Colours} colours
 */
function drawPart(pen, part, x, y, radius, from, to, colours) {
  pen.beginPath();
  pen.arc(x, y, radius, from, to);
  pen.setLineDash(part.dash ?? []);
  pen.strokeStyle = colours[part.colour];
  pen.lineWidth = part.width;
  pen.stroke();
  pen.setLineDash([]);
  if (!part.hollow) return;
  pen.strokeStyle = colours.surface;
  pen.lineWidth = part.width - 3;
  pen.stroke();
}
