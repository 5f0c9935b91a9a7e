/* The words follow the music: section, line and word of the take that plays; a click on a line goes there. */
import { player, songOf } from "./player.js";

function page() {
  return document.getElementById("song");
}

/* Marks the part of `parts` in which `now` (ms) lies, and says which that is. */
function mark(parts, now) {
  const here = [...parts].find(({ dataset }) => now >= Number(dataset.from) && now < Number(dataset.to));
  for (const part of parts) part.toggleAttribute("aria-current", part === here);
  return here;
}

/* A line is plain text until it is sung: then its words get places of their own. */
function splitWords(line) {
  const starts = line.dataset.words?.trim().split(" ") ?? [];
  const words = line.textContent.trim().split(/\s+/);
  if (starts.length !== words.length || line.querySelector(".word")) return;
  const places = words.map((text, i) => {
    const place = document.createElement("span");
    place.className = "word";
    place.dataset.from = starts[i];
    place.textContent = text;
    return place;
  });
  line.replaceChildren(...places.flatMap((place) => [place, " "]));
}

function light(sheet, now) {
  mark(sheet.querySelectorAll("section"), now);
  const line = mark(sheet.querySelectorAll(".line"), now);
  if (!line) return;
  splitWords(line);
  for (const word of line.querySelectorAll(".word")) word.classList.toggle("sung", now >= Number(word.dataset.from));
}

/* The words and the form of one take. A take without them leaves the other one's in place. */
function showTake(number) {
  for (const kind of ["data-lyrics-of", "data-strip"]) {
    if (!page()?.querySelector(`[${kind}="${number}"]`)) continue;
    for (const part of page().querySelectorAll(`[${kind}]`)) part.hidden = Number(part.getAttribute(kind)) !== number;
  }
  page()?.classList.toggle("take-b", number === 2);
}

function follow() {
  if (!page() || !player.is(page().dataset.song)) return;
  showTake(player.number);
  const now = player.at * 1000;
  const sheet = page().querySelector("[data-lyrics-of]:not([hidden])");
  if (sheet) light(sheet, now);
  mark(page().querySelectorAll("[data-strip]:not([hidden]) li"), now);
}

function onClick({ target }) {
  const line = target.closest("#song .line");
  if (!line || getSelection().toString()) return;
  if (!player.is(page().dataset.song)) {
    player.start(songOf(page()), Number(line.closest("[data-lyrics-of]").dataset.lyricsOf));
  }
  player.seek(Number(line.dataset.from) / 1000);
}

/** Make each part on the strip below the wave as wide as it is long. */
export function layStrips() {
  for (const part of document.querySelectorAll("[data-strip] > li"))
    part.style.flexGrow = part.dataset.to - part.dataset.from;
}

/** Let the words follow from now on. */
export function followLyrics() {
  player.addEventListener("moved", follow);
  player.addEventListener("tick", follow);
  player.addEventListener("song", follow);
  document.addEventListener("take:chosen", ({ detail }) => showTake(detail));
  document.addEventListener("click", onClick);
}
