/* What is seen of the sound: the bar at the foot, and the buttons, sliders and waves of the song on the page. */
import { player, songOf } from "./player.js";
import { showPosition } from "./wave.js";

const deck = document.getElementById("deck");
let shown = null;

export function part(name) {
  return deck?.querySelector(`[data-deck="${name}"]`);
}

function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes ? `${minutes} minute${minutes > 1 ? "s" : ""} ` : ""}${whole % 60} seconds`;
}

export function setIcon(button, name) {
  const use = button.querySelector("use");
  const now = use.getAttribute("href");
  const then = now.replace(/#.*/, `#${name}`);
  if (now !== then) use.setAttribute("href", then);
}

function setLabel(button, words) {
  if (button.getAttribute("aria-label") !== words) button.setAttribute("aria-label", words);
}

function onPage(selector) {
  return document.querySelectorAll(`[data-song="${CSS.escape(player.song.id)}"] ${selector}`);
}

/* Which song, which take. */
function dress() {
  const { song } = player;
  if (shown && shown !== song.id) showPosition(shown, null);
  shown = song.id;
  document.body.classList.add("has-deck");
  deck.hidden = false;
  deck.className = `deck inks-${song.inks}`;
  Object.assign(deck.dataset, { song: song.id, wave: song.wave, takes: JSON.stringify(song.takes) });
  part("cover").hidden = false;
  if (part("cover").getAttribute("src") !== song.cover) part("cover").src = song.cover;
  part("title").textContent = song.title;
  part("title").href = song.page;
  part("line").textContent = `Take ${player.letter}${player.isRecording ? ", while it is being made" : ""}`;
  part("length").textContent = player.isRecording ? "recording" : clock(player.length);
  part("back").disabled = !player.neighbour(-1);
  part("forth").disabled = !player.neighbour(1);
  for (const radio of part("takes").querySelectorAll("input")) {
    radio.disabled = !song.takes.find((take) => take.number === Number(radio.value))?.src;
    radio.checked = Number(radio.value) === player.number;
  }
  for (const radio of onPage("[data-take-choice]")) radio.checked = Number(radio.value) === player.number;
  follow();
}

/* Where it is, and whether it plays. */
function follow() {
  if (!player.song) return;
  const { at, length, playing } = player;
  part("at").textContent = clock(Math.floor(at));
  setIcon(part("play"), playing ? "pause" : "play");
  setLabel(part("play"), playing ? "Pause" : "Play");
  for (const slider of onPage('[role="slider"]')) {
    slider.setAttribute("aria-valuemax", Math.round(length));
    slider.setAttribute("aria-valuenow", Math.round(at));
    const section = slider
      .closest("[data-song]")
      .querySelector("[data-strip]:not([hidden]) [aria-current]")?.textContent;
    slider.setAttribute("aria-valuetext", `${spoken(at)} of ${spoken(length)}${section ? `, ${section.trim()}` : ""}`);
  }
  for (const place of onPage("[data-length]")) place.textContent = clock(length);
  for (const place of onPage("[data-at]")) place.textContent = clock(Math.floor(at));
  showPosition(player.song.id, { at: player.share, take: player.number });
  markButtons();
}

function markButtons() {
  for (const button of document.querySelectorAll("main [data-play]")) {
    const number = Number(button.dataset.play) || player.number;
    const on = player.playing && player.is(button.closest("[data-song]").dataset.song) && number === player.number;
    setIcon(button, on ? "pause" : "play");
    setLabel(button, button.getAttribute("aria-label").replace(/^(Play|Pause)/, on ? "Pause" : "Play"));
  }
}

/** A page has come: bring it in line with what plays, and hear from it what is new of that song. */
export function meetPage() {
  if (!player.song) return;
  const there = document.querySelector(`main [data-takes][data-song="${CSS.escape(player.song.id)}"]`);
  if (there) player.learn(songOf(there));
  else dress();
}

/** Show the sound from now on. */
export function setUpDeck() {
  if (!deck) return;
  player.addEventListener("song", dress);
  player.addEventListener("moved", follow);
  player.addEventListener("trouble", () => {
    part("line").textContent = "This take cannot be played right now.";
  });
}
