/* The keys of every page, and the sheet that lists them. Whoever speaks to the computer switches single keys off. */
import { part } from "./deck.js";
import { choice, choose } from "./keep.js";
import { toggleFavourite } from "./marks.js";
import { player } from "./player.js";

const TEXT = 'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select, [contenteditable]';
const CONTROL = 'input, button, a, summary, [role="button"]';
const SINGLE = "single-keys";

function sheet() {
  return document.getElementById("keys");
}

/* Begin of the part before or after this second. */
function partStart(step) {
  const starts = player.parts.map(({ from }) => from);
  if (step > 0) return starts.find((start) => start > player.at + 0.2) ?? player.at + 15;
  return starts.findLast((start) => start < player.at - 1.5) ?? (starts.length ? 0 : player.at - 15);
}

function search() {
  const field = document.getElementById("search");
  if (field) field.focus();
  else document.querySelector("[data-search-link]")?.click();
}

const ON_SLIDER = {
  Home: () => player.seek(0),
  End: () => player.seek(player.edge - 1),
  PageUp: () => player.seek(partStart(1)),
  PageDown: () => player.seek(partStart(-1)),
  ArrowUp: () => player.seek(player.at + 5),
  ArrowDown: () => player.seek(player.at - 5),
};
/* On the wave of a song that is not on yet, these begin it. */
const STARTS = new Set([...Object.keys(ON_SLIDER), "ArrowLeft", "ArrowRight", "Enter", " "]);
const OF_A_SONG = {
  ArrowLeft: (shift) => player.seek(shift ? partStart(-1) : player.at - 5),
  ArrowRight: (shift) => player.seek(shift ? partStart(1) : player.at + 5),
  k: () => player.toggle(),
  j: () => player.seek(player.at - 10),
  l: () => player.seek(player.at + 10),
  a: () => player.change(1),
  b: () => player.change(2),
  n: () => player.skip(1),
  p: () => player.skip(-1),
  m: () => player.set({ muted: !player.muted }),
};
const ANYWHERE = { f: toggleFavourite, "/": search, "?": () => sheet()?.showModal() };

function deed({ key, target }) {
  if (target.closest(TEXT) || target.closest("dialog")) return undefined;
  const isSingle = key.length === 1 && key !== " ";
  if (isSingle && choice(SINGLE) === false) return undefined;
  if (ANYWHERE[key]) return ANYWHERE[key];
  const slider = target.closest('[role="slider"]');
  const song = slider?.closest("[data-song]");
  if (slider && !player.is(song.dataset.song) && STARTS.has(key)) return () => song.querySelector("[data-play]").click();
  if (!player.song) return undefined;
  if (slider && ON_SLIDER[key]) return ON_SLIDER[key];
  if (target.closest("input") && !isSingle) return undefined;
  if (key === " ") return target.closest(CONTROL) ? undefined : () => player.toggle();
  return OF_A_SONG[isSingle ? key.toLowerCase() : key];
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const act = deed(event);
  if (!act) return;
  event.preventDefault();
  act(event.shiftKey);
}

/** Hear keys from now on. */
export function setUpKeys() {
  document.addEventListener("keydown", onKey);
  if (!sheet()) return;
  const single = sheet().querySelector("[data-single-keys]");
  single.checked = choice(SINGLE) !== false;
  single.addEventListener("change", () => choose(SINGLE, single.checked));
  part("keys").addEventListener("click", () => sheet().showModal());
}
