/* The words follow the music: section, line and word of the take that plays; a line is a way to its second.

   The page goes along until the reader scrolls away from the line that is sung; "Follow" brings both together again. */
import { player, songOf } from "./player.js";

const HANDS_OFF = 3000;
const LONGEST_SCROLL = 1000;
let line = null; // that is sung now, or was last
let isFollowing = true;
let isOurScroll = 0;
let touched = -HANDS_OFF;

function page() {
  return document.getElementById("song");
}

function isOn() {
  return Boolean(page()) && player.is(page().dataset.song);
}

function sheet() {
  return page()?.querySelector("[data-lyrics-of]:not([hidden])");
}

function linesOf(place) {
  return [...(place?.querySelectorAll(".line[data-from]") ?? [])];
}

/* Marks the part of `parts` in which `now` (ms) lies, and says which that is. */
function mark(parts, now) {
  const here = [...parts].find(({ dataset }) => now >= Number(dataset.from) && now < Number(dataset.to));
  for (const part of parts) {
    if (part !== here) part.removeAttribute("aria-current");
    else if (!part.hasAttribute("aria-current")) part.setAttribute("aria-current", "true");
  }
  return here;
}

/* A line is plain text until it is sung: then its words get places of their own. */
function splitWords(sung) {
  const starts = sung.dataset.words?.trim().split(" ") ?? [];
  const words = sung.textContent.trim().split(/\s+/);
  if (starts.length !== words.length || sung.querySelector(".word")) return;
  const places = words.map((text, i) => {
    const place = document.createElement("span");
    place.className = "word";
    place.dataset.from = starts[i];
    place.textContent = text;
    return place;
  });
  sung.replaceChildren(...places.flatMap((place, i) => (i ? [" ", place] : [place])));
}

function lightWords(now) {
  const words = [...line.querySelectorAll(".word")];
  const last = words.findLastIndex(({ dataset }) => now >= Number(dataset.from));
  for (const [i, word] of words.entries()) {
    word.classList.toggle("sung", i <= last);
    word.classList.toggle("now", i === last);
  }
}

/* One of the lines is a stop of the Tab key; arrows go on from there. */
function makeStop(stop) {
  for (const other of linesOf(stop.closest("[data-lyrics-of]"))) other.tabIndex = other === stop ? 0 : -1;
}

/* Where words can be read: between the bar at the top and what lies at the foot. */
function room() {
  const style = getComputedStyle(document.documentElement);
  const [top, bottom] = [parseFloat(style.scrollPaddingTop) || 0, parseFloat(style.scrollPaddingBottom) || 0];
  return { top, height: innerHeight - top - bottom };
}

/* Whether a line stands between two shares of that room. */
function isBetween(place, from, to) {
  const { top, height } = room();
  const box = place.getBoundingClientRect();
  return box.bottom > top + from * height && box.top < top + to * height;
}

function bringIntoView() {
  if (isBetween(line, 0.12, 0.66)) return;
  const { top, height } = room();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  clearTimeout(isOurScroll);
  isOurScroll = setTimeout(() => (isOurScroll = 0), LONGEST_SCROLL);
  scrollBy({
    top: line.getBoundingClientRect().top - top - 0.34 * height,
    behavior: still ? "instant" : "smooth",
  });
}

function showChip() {
  const chip = page()?.querySelector("[data-follow]");
  if (chip) chip.hidden = isFollowing || !isOn() || !player.playing || !line?.isConnected;
}

function hasHandsOff() {
  const isMenuOpen = document.querySelector("details.drop[open], dialog[open]");
  return performance.now() - touched > HANDS_OFF && !isMenuOpen;
}

function sing(sung) {
  if (sung !== line) {
    line = sung;
    splitWords(line);
    const place = line.closest("[data-lyrics-of]");
    if (!place.contains(document.activeElement)) makeStop(line);
    if (isFollowing && player.playing && hasHandsOff()) bringIntoView();
  }
}

/* The words and the form of one take. */
function showTake(number) {
  for (const kind of ["data-lyrics-of", "data-strip"]) {
    for (const part of page()?.querySelectorAll(`[${kind}]`) ?? []) {
      part.hidden = Number(part.getAttribute(kind)) !== number;
      if (part.hidden) mark(part.querySelectorAll("[aria-current]"), -1);
    }
  }
  page()?.classList.toggle("take-b", number === 2);
}

function follow() {
  if (!isOn()) return;
  showTake(player.number);
  const now = player.at * 1000;
  mark(page().querySelectorAll("[data-strip]:not([hidden]) li"), now);
  const words = sheet();
  if (words) {
    mark(words.querySelectorAll("section[data-from]"), now);
    const sung = mark(linesOf(words), now);
    if (sung) {
      sing(sung);
      lightWords(now);
    }
  }
  showChip();
}

function goTo(place) {
  if (!isOn()) player.start(songOf(page()), Number(place.closest("[data-lyrics-of]").dataset.lyricsOf));
  isFollowing = true;
  player.seek(Number(place.dataset.from) / 1000);
}

function onClick({ target }) {
  const place = target.closest("#song .line[data-from]");
  if (place && !getSelection().toString()) goTo(place);
  if (!target.closest("[data-follow]")) return;
  isFollowing = true;
  bringIntoView();
  line.focus({ preventScroll: true });
  showChip();
}

function onKey(event) {
  const place = event.target.closest?.("#song .line[data-from]");
  if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = linesOf(place.closest("[data-lyrics-of]"));
  const here = all.indexOf(place);
  const next = { ArrowDown: all[here + 1], ArrowUp: all[here - 1], Home: all[0], End: all.at(-1) }[event.key];
  if (event.key === "Enter" || event.key === " ") goTo(place);
  else if (!next) return;
  event.preventDefault();
  next?.focus();
}

/* A scroll that is not ours: whoever has the sung line before their eyes still follows. */
function onScroll() {
  if (isOurScroll || !isOn()) return;
  const place = line?.isConnected ? line : linesOf(sheet())[0];
  if (place) isFollowing = isBetween(place, 0, 1);
  showChip();
}

function onTouch({ target, type }) {
  const isScroll = type === "wheel" || type === "touchmove";
  if (isScroll && isOurScroll) {
    isOurScroll = 0;
    scrollTo({ top: scrollY, behavior: "instant" }); // ours ends here, the reader's goes on
  }
  if (isScroll || !target.closest?.(".lyrics")) touched = performance.now();
}

/** A page has come: its lines are ways to their seconds, and each part on the strip is as wide as it is long. */
export function meetLyrics() {
  for (const part of document.querySelectorAll("[data-strip] > li"))
    part.style.flexGrow = part.dataset.to - part.dataset.from;
  if (line?.isConnected) return;
  line = null;
  isFollowing = true;
  for (const words of document.querySelectorAll("[data-lyrics-of]")) {
    const lines = linesOf(words);
    for (const place of lines) place.setAttribute("role", "button");
    if (lines.length) makeStop(lines[0]);
  }
}

/** Let the words follow from now on. */
export function followLyrics() {
  for (const news of ["moved", "tick", "song"]) player.addEventListener(news, follow);
  document.addEventListener("take:chosen", ({ detail }) => showTake(detail));
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", ({ target }) => target.matches?.(".line[data-from]") && makeStop(target));
  document.addEventListener("scroll", onScroll, { passive: true });
  document.addEventListener("scrollend", () => (isOurScroll = 0));
  for (const way of ["pointermove", "pointerdown", "input", "wheel", "touchmove"]) {
    document.addEventListener(way, onTouch, { passive: true });
  }
}
