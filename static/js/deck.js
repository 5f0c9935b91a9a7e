/* What is seen of the sound: the bar at the foot, and the buttons, sliders and waves of the song on the page. */
import { player, sized, songOf } from "./player.js";
import { showPosition } from "./wave.js";
import { words } from "./words.js";

const REPEAT_ICONS = { off: "repeat", all: "repeat", one: "repeat-1" };
const deck = document.getElementById("deck");
let shown = null;

export function part(name) {
  return deck?.querySelector(`[data-deck="${name}"]`);
}

/** Seconds as 3:07. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "1 minute 4", "42 seconds". */
export function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [n, rest] = [Math.floor(whole / 60), whole % 60];
  if (!n) return words("seconds", { n: whole });
  return rest ? words("minutes_and", { n, rest }) : words("minutes", { n });
}

export function setIcon(button, name) {
  const use = button.querySelector("use");
  const now = use.getAttribute("href");
  const then = now.replace(/#.*/, `#${name}`);
  if (now !== then) use.setAttribute("href", then);
}

export function setLabel(button, label) {
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
}

export function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function onPage(selector) {
  return document.querySelectorAll(`[data-song="${CSS.escape(player.song.id)}"] ${selector}`);
}

/* The name of the part that sounds; empty where there are none. */
function section() {
  return player.parts.findLast(({ from }) => from <= player.at)?.name ?? "";
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
  const cover = sized(song.cover, 192);
  if (part("cover").getAttribute("src") !== cover) part("cover").src = cover;
  part("title").textContent = song.title;
  part("title").href = song.page;
  part("said").textContent = "";
  for (const radio of part("takes").querySelectorAll("input")) {
    radio.disabled = !song.takes.find((take) => take.number === Number(radio.value))?.src;
    radio.checked = Number(radio.value) === player.number;
  }
  for (const radio of onPage("[data-take-choice]")) radio.checked = Number(radio.value) === player.number;
  showQueue();
  follow();
}

function showQueue() {
  part("back").disabled = !player.neighbour(-1);
  part("forth").disabled = !player.neighbour(1);
  const rows = player.queue.map((song, i) => {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: song.title });
    button.className = "item";
    button.dataset.queued = i;
    if (player.is(song.id)) button.setAttribute("aria-current", "true");
    row.append(button);
    return row;
  });
  part("queue").replaceChildren(...rows);
}

/* Where it is, and whether it plays. */
function follow() {
  if (!player.song) return;
  const { at, length, playing } = player;
  setIcon(part("play"), playing ? "pause" : "play");
  setLabel(part("play"), words(playing ? "pause" : "play"));
  const take = words(player.isRecording ? "take_growing" : "take", { letter: player.letter });
  setText(part("line"), section() && !player.isRecording ? `${take} · ${section()}` : take);
  setText(part("length"), player.isRecording ? words("recording") : clock(length));
  const [now, most] = [Math.round(at), Math.round(length)];
  const ofAll = words("position", { at: spoken(at), length: spoken(length) });
  for (const slider of onPage('[role="slider"]')) {
    slider.setAttribute("aria-valuemax", most);
    slider.setAttribute("aria-valuenow", Math.min(now, most));
    slider.setAttribute("aria-valuetext", [ofAll, section()].filter(Boolean).join(", "));
  }
  for (const place of onPage("[data-length]")) setText(place, clock(length));
  markButtons();
  move();
}

/* Whether a place in a card belongs to the take that sounds. */
function isOn(place) {
  const number = Number(place.closest("[data-take]").dataset.take);
  return player.playing && number === player.number && player.is(place.closest("[data-song]").dataset.song);
}

/* What moves many times a second. */
function move() {
  const now = clock(Math.floor(player.at));
  setText(part("at"), now);
  for (const place of onPage("[data-at]")) setText(place, now);
  for (const place of document.querySelectorAll("main [data-word]")) setText(place, isOn(place) ? now : place.dataset.word);
  showPosition(player.song.id, { at: player.share, take: player.number });
}

function markButtons() {
  for (const button of document.querySelectorAll("main [data-play]")) {
    const number = Number(button.dataset.play);
    const { song, title } = button.closest("[data-song]").dataset;
    const on = player.playing && player.is(song) && (number || player.number) === player.number;
    const deed = on ? "pause" : "play";
    setIcon(button, deed);
    setLabel(button, number ? words(`${deed}_take`, { letter: "AB"[number - 1] }) : words(`${deed}_song`, { title }));
  }
}

/* Volume, mute and repeat. */
function showSound() {
  part("volume").value = Math.round(player.volume * 100);
  part("mute").setAttribute("aria-pressed", String(player.muted));
  setIcon(part("mute"), player.muted || !player.volume ? "volume-x" : "volume-2");
  const repeat = part("repeat");
  setIcon(repeat, REPEAT_ICONS[player.repeat]);
  repeat.setAttribute("aria-pressed", String(player.repeat !== "off"));
  repeat.title = words(`repeat_${player.repeat}`);
  setLabel(repeat, repeat.title);
  if (player.song) showQueue();
}

/** A page has come: bring it in line with what plays, and hear from it what is new of that song. */
export function meetPage() {
  if (!player.song) return;
  const there = document.querySelector(`main [data-takes][data-song="${CSS.escape(player.song.id)}"]`);
  part("scrub").tabIndex = there?.id === "song" ? -1 : 0; // its own page has the slider
  if (there) player.learn(songOf(there));
  else dress();
}

/** Show the sound from now on. */
export function setUpDeck() {
  if (!deck) return;
  player.addEventListener("song", dress);
  player.addEventListener("moved", follow);
  player.addEventListener("tick", move);
  player.addEventListener("sound", showSound);
  player.addEventListener("trouble", () => {
    follow();
    part("line").textContent = part("said").textContent = words("trouble");
  });
}
