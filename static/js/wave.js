/* The two-ink wave: take A grows up, take B grows down, one playhead for both. Drawn on canvas, from the server's peaks.

   Before there are peaks the shape is a seeded placeholder: a promise of a wave, not a picture of the sound. */

const BAR = 3;
const GAP = 3;

function seeded(text) {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822507) ^ Math.imul(state ^ (state >>> 13), 3266489909);
    return ((state ^= state >>> 16) >>> 0) / 4294967296;
  };
}

function placeholder(seed, bars) {
  const next = seeded(seed);
  return Array.from({ length: bars }, (_, i) => 22 + 50 * next() * (0.5 + 0.5 * Math.sin(i / 9) ** 2));
}

function fit(peaks, bars) {
  return Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / bars));
    return Math.max(...peaks.slice(from, to));
  });
}

/* Loudness moves little within a mastered song: spread it, so that quiet parts look quiet. */
function spread(peaks) {
  const top = Math.max(...peaks);
  const floor = 0.55 * [...peaks].sort((a, b) => a - b)[Math.floor(peaks.length * 0.1)];
  return peaks.map((peak) => Math.max(4, (100 * (peak - floor)) / (top - floor || 1)));
}

function read(text, otherwise) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Draw one canvas. `song`: the element with data-wave and data-takes. `at`: 0..1, or null when it does not play. */
export function draw(canvas, song, { at = null, take = 1 } = {}) {
  const box = canvas.getBoundingClientRect();
  if (!box.width || !box.height) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const forced = matchMedia("(forced-colors: active)").matches;
  // Computed properties carry the resolved colours of the tokens; custom properties would still say light-dark(…).
  const inks = forced ? ["CanvasText", "CanvasText"] : [style.color, style.borderTopColor];
  const narrow = box.width < 420;
  const [bar, gap] = narrow ? [2, 2] : [BAR, GAP];
  const bars = Math.floor(box.width / (bar + gap));
  const peaks = read(song.dataset.wave, [[], []]);
  const takes = read(song.dataset.takes, []);
  const middle = box.height / 2;
  pen.lineWidth = bar;
  pen.lineCap = "round";
  [0, 1].forEach((i) => {
    const known = peaks[i]?.length > 0;
    const shape = known ? fit(spread(peaks[i]), bars) : placeholder(`${song.dataset.song}${i}`, bars);
    const told = takes[i] ?? { progress: 0, status: "waiting" };
    const reached = known
      ? bars
      : told.status === "waiting" || told.status === "failed"
        ? 0
        : Math.round((bars * told.progress) / 100);
    const way = i ? 1 : -1;
    for (let n = 0; n < bars; n += 1) {
      const x = n * (bar + gap) + bar / 2 + 1;
      if (n >= reached) {
        pen.globalAlpha = 0.65;
        pen.fillStyle = style.outlineColor;
        pen.fillRect(x - 1, middle + way * 5 - 1, 2, 2);
        continue;
      }
      pen.strokeStyle = inks[i];
      const idle = at !== null && take !== i + 1;
      pen.globalAlpha = idle ? 0.22 : at !== null && n / bars > at ? 0.42 : 1;
      const reach = Math.max(2, (shape[n] / 100) * (middle - 6));
      pen.beginPath();
      pen.moveTo(x, middle + way * 3.5);
      pen.lineTo(x, middle + way * (3.5 + reach));
      pen.stroke();
    }
  });
  if (at !== null) {
    pen.globalAlpha = 1;
    pen.fillStyle = forced ? "Highlight" : style.caretColor;
    pen.fillRect(Math.min(box.width - 2, at * box.width), 0, 2, box.height);
  }
}

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) redraw(target);
});
const shownAt = new WeakMap();

function redraw(canvas) {
  const song = canvas.closest("[data-song]");
  if (song) draw(canvas, song, shownAt.get(canvas));
}

/** Draw every wave below `root`, and again whenever its size changes. */
export function drawWaves(root) {
  for (const canvas of root.querySelectorAll("canvas[data-wave-canvas]")) {
    sized.observe(canvas);
    redraw(canvas);
  }
}

/** Show where a song is: on all its waves that stand on the page. */
export function showPosition(id, position) {
  for (const canvas of document.querySelectorAll(`[data-song="${CSS.escape(id)}"] canvas[data-wave-canvas]`)) {
    if (position) shownAt.set(canvas, position);
    else shownAt.delete(canvas);
    redraw(canvas);
  }
}

for (const news of [matchMedia("(prefers-color-scheme: dark)"), document]) {
  news.addEventListener(news === document ? "theme" : "change", () => drawWaves(document));
}
