/* Which songs are favourites, and which take is the better one: shown at once, sent at once, and taken back where the
   site says no. */
import { part } from "./deck.js";
import { player } from "./player.js";
import { post } from "./post.js";
import { note } from "./shell.js";
import { words } from "./words.js";

const wanted = new Map();

/* The last wish counts: one request at a time for each address, and what is wished for meanwhile is sent after it. */
async function tell(address, name, value, before, show) {
  const isUnderWay = wanted.has(address);
  wanted.set(address, value);
  show(value);
  if (isUnderWay) return;
  let [sent, known] = [undefined, before];
  while (sent !== wanted.get(address)) {
    sent = wanted.get(address);
    const answer = await post(address, { [name]: sent });
    if (!answer?.ok) {
      show(known);
      note(words(answer ? "site_failed" : "site_silent"));
      break;
    }
    known = sent;
  }
  wanted.delete(address);
}

function places(id, selector = "") {
  return document.querySelectorAll(`[data-song="${CSS.escape(id)}"]${selector}`);
}

function press(button, isOn, value) {
  button.setAttribute("aria-pressed", String(isOn));
  button.value = value;
}

function showFavourite(id, value) {
  for (const place of places(id)) place.dataset.favourite = value;
  for (const button of places(id, " [data-heart] button")) press(button, value === "1", value === "1" ? "0" : "1");
  player.learn({ id, favourite: value });
}

function showKept(id, value) {
  for (const place of places(id)) place.dataset.kept = value;
  for (const button of places(id, " [data-keep] button")) {
    const { of } = button.dataset;
    press(button, of === value, of === value ? "" : of);
  }
  for (const word of places(id, " [data-kept-word]")) word.hidden = word.dataset.keptWord !== value;
  player.learn({ id, kept: value });
}

function favour(id, address, before, value) {
  tell(address, "on", value, before, (now) => showFavourite(id, now));
}

function onSubmit(event) {
  const { target: form, submitter } = event;
  if (!form.matches("[data-heart], [data-keep]")) return;
  event.preventDefault();
  const { song: id, favourite, kept } = form.closest("[data-song]").dataset;
  if (form.matches("[data-heart]")) favour(id, form.action, favourite, submitter.value);
  else tell(form.action, "take", submitter.value, kept, (now) => showKept(id, now));
}

/* The bar at the foot has the heart of the song that is on; pages for everybody have none. */
function dress() {
  const { id, page, favourite } = player.song;
  const form = part("heart");
  if (!form) return;
  form.hidden = favourite === undefined;
  form.action = `${page}favourite/`;
  form.closest("[data-song]").dataset.favourite = favourite ?? "";
  press(form.querySelector("button"), favourite === "1", favourite === "1" ? "0" : "1");
}

/** Make the song that is on a favourite, or no longer; where none is on, that of the page. */
export function toggleFavourite() {
  const page = document.getElementById("song");
  const song = player.song ?? (page && { id: page.dataset.song, page: page.dataset.page, ...page.dataset });
  if (song?.favourite === undefined) return;
  const value = song.favourite === "1" ? "0" : "1";
  favour(song.id, `${song.page}favourite/`, song.favourite, value);
  const said = part("said");
  if (said) said.textContent = words(`favourite_${value}`);
}

/* Beside the switch stands the button of the take that is chosen there. */
function showChoice(number) {
  for (const button of document.querySelectorAll("#song [data-keep] button")) {
    button.toggleAttribute("data-chosen", Number(button.dataset.of) === number);
  }
}

/** Hear hearts and choices from now on. */
export function setUpMarks() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("take:chosen", ({ detail }) => showChoice(detail));
  player.addEventListener("song", () => {
    dress();
    if (player.is(document.getElementById("song")?.dataset.song)) showChoice(player.number);
  });
}
