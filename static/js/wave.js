/* The two-ink wave: take A grows up, take B grows down, one playhead for both. Drawn from the server's peaks.

   Before there are peaks the shape is a seeded placeholder: a promise of a wave, not a picture of the sound. */

const MOST_BARS = 600;
const ARRIVAL = 320;
const positions = new WeakMap();
const shapes = new WeakMap();
const motions = new WeakMap();
const waiting = new WeakSet();
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/* A small hash of `text` as a stream of numbers 0 to 1 (FNV-1a, then a 32-bit mix). */
function seeded(text) {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822507) ^ Math.imul(state ^ (state >>> 13), 3266489909);
    state ^= state >>> 16;
    return (state >>> 0) / 4294967296;
  };
}

/* Heights 0 to 1, always the same for a song and a place. */
function placeholder(seed, bars) {
  const next = seeded(seed);
  const whole = Array.from({ length: MOST_BARS }, (_, i) => 0.2 + 0.55 * next() * (0.5 + 0.5 * Math.sin(i / 9) ** 2));
  return whole.slice(0, bars);
}

/* Loudness moves little within a mastered song: spread it, so that quiet parts look quiet. */
function heights(peaks, bars) {
  const top = Math.max(...peaks);
  const floor = 0.55 * peaks.toSorted((a, b) => a - b)[Math.floor(peaks.length / 10)];
  return Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / bars));
    return Math.max(0.04, (Math.max(...peaks.slice(from, to)) - floor) / (top - floor || 1));
  });
}

/* What is drawn of one take: a height for each bar, 0 for those that have not come. */
function shapeOf(song, i, bars) {
  const peaks = JSON.parse(song.dataset.wave || "[]")[i] ?? [];
  if (peaks.length) return heights(peaks, bars);
  const take = JSON.parse(song.dataset.takes || "[]")[i];
  const isComing = take && take.status !== "waiting" && take.status !== "failed";
  const come = isComing ? Math.round((bars * take.progress) / 100) : 0;
  return placeholder(`${song.dataset.song}${i}`, bars).fill(0, come);
}

/* Both shapes of a song for a canvas of so many bars; worked out again only where something has changed. */
function shapesOf(canvas, song, bars) {
  const known = shapes.get(canvas);
  const { song: id, wave, takes } = song.dataset;
  if (known?.id === id && known.wave === wave && known.takes === takes && known.bars === bars) return known.both;
  const both = [0, 1].map((i) => shapeOf(song, i, bars));
  shapes.set(canvas, { id, wave, takes, bars, both });
  return both;
}

/* The same on their way from what was drawn before: bars arrive, and a placeholder becomes the sound, without a jump. */
function arriving(canvas, song, bars) {
  const to = shapesOf(canvas, song, bars);
  const known = motions.get(canvas);
  const now = performance.now();
  const { song: id } = song.dataset;
  if (known?.to === to) return moved(canvas, known, now);
  const isSame = known?.id === id && known.to[0].length === bars && !stillness.matches;
  const from = isSame ? moved(canvas, known, now) : to;
  const motion = { id, to, from, begun: isSame ? now : -ARRIVAL };
  motions.set(canvas, motion);
  return moved(canvas, motion, now);
}

function moved(canvas, { from, to, begun }, now) {
  const left = Math.max(0, 1 - (now - begun) / ARRIVAL);
  if (!left) return to;
  if (!waiting.has(canvas)) {
    waiting.add(canvas);
    requestAnimationFrame(() => (waiting.delete(canvas), redraw(canvas)));
  }
  const share = 1 - left ** 3;
  return to.map((shape, i) => shape.map((height, n) => from[i][n] + (height - from[i][n]) * share));
}

function paper(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.globalAlpha = 1;
  return { pen, width, height };
}

/* The canvas wears the colours of the tokens in properties of its own: those are resolved, custom ones are not. */
function coloursOf(canvas) {
  if (matchMedia("(forced-colors: active)").matches) {
    return { inks: ["CanvasText", "CanvasText"], dots: "GrayText", head: "Highlight" };
  }
  const style = getComputedStyle(canvas);
  return { inks: [style.color, style.borderTopColor], dots: style.outlineColor, head: style.caretColor };
}

/* Bars `from` to `to` of one take in one stroke; those that have not come are none. */
function strokeBars(pen, { shape, step, foot, reach }, from, to, alpha) {
  pen.globalAlpha = alpha;
  pen.beginPath();
  for (let n = from; n < to; n += 1) {
    if (!shape[n]) continue;
    const x = (n + 0.5) * step;
    pen.moveTo(x, foot);
    pen.lineTo(x, foot + Math.sign(reach) * Math.max(1, shape[n] * Math.abs(reach)));
  }
  pen.stroke();
}

function barsOf(width) {
  return Math.min(MOST_BARS, Math.floor(width / (width < 420 ? 4 : 6)));
}

/** Draw the wave of `song` (the element with its data) on `canvas`; `position`: {at: 0 to 1, take: 1 or 2}, or none. */
export function draw(canvas, song, position) {
  const { pen, width, height } = paper(canvas);
  if (!width || !height) return;
  const { inks, dots, head } = coloursOf(canvas);
  const bar = width < 420 ? 2 : 3;
  const bars = barsOf(width);
  const step = width / bars;
  const gap = height < 40 ? 1 : 2;
  const room = height / 2 - gap - bar;
  pen.lineWidth = bar;
  pen.lineCap = "round";
  const both = arriving(canvas, song, bars);
  for (const i of [0, 1]) {
    const shape = both[i];
    const way = i ? 1 : -1;
    const foot = height / 2 + way * (gap + bar / 2);
    const row = { shape, step, foot, reach: way * room };
    pen.strokeStyle = inks[i];
    if (position && position.take !== i + 1) strokeBars(pen, row, 0, bars, 0.22);
    else {
      const played = position ? Math.floor(position.at * bars) + 1 : bars;
      strokeBars(pen, row, 0, Math.min(played, bars), 1);
      strokeBars(pen, row, played, bars, 0.42);
    }
    pen.globalAlpha = 0.65;
    pen.fillStyle = dots;
    for (let n = 0; n < bars; n += 1) if (!shape[n]) pen.fillRect((n + 0.5) * step - 1, foot - 1, 2, 2);
  }
  if (!position) return;
  pen.globalAlpha = 1;
  pen.fillStyle = head;
  pen.fillRect(Math.min(width - 2, position.at * width), 0, 2, height);
}

function redraw(canvas) {
  const song = canvas.closest("[data-song]");
  if (song) draw(canvas, song, positions.get(canvas));
}

const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => redraw(target)));

/** Draw every wave below `root`, and again whenever its size changes. */
export function drawWaves(root) {
  for (const canvas of root.querySelectorAll("canvas")) {
    sizes.observe(canvas);
    redraw(canvas);
  }
}

/* Whether nothing would look different: the same song, and the playhead within the same point of the screen. */
function isSame(before, now, points) {
  const still = before && ["take", "wave", "takes"].every((name) => before[name] === now[name]);
  return still && Math.round(before.at * points) === Math.round(now.at * points);
}

/** Show where a song is on every wave of it; with null it is nowhere any more. */
export function showPosition(id, position) {
  for (const canvas of document.querySelectorAll(`[data-song="${CSS.escape(id)}"] canvas`)) {
    const before = positions.get(canvas);
    const { wave, takes } = canvas.closest("[data-song]").dataset;
    const now = position && { ...position, wave, takes };
    positions.set(canvas, now);
    if (!now || !isSame(before, now, canvas.width)) redraw(canvas);
  }
}

/* A window that moves to a finer screen keeps its size: the query for its fineness is all that changes. */
function watchFineness() {
  const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener("change", () => (drawWaves(document), watchFineness()), { once: true });
}

watchFineness();
document.addEventListener("theme", () => drawWaves(document));
for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", () => drawWaves(document));
}
