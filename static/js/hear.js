/* Recordings are heard where they stand: one sound for all of them, and never beside a song or another tab. */
import { clock, setIcon, setLabel, setText, spoken } from "./deck.js";
import { player } from "./player.js";
import { note } from "./shell.js";
import { run } from "./sound.js";
import { words } from "./words.js";

const audio = new Audio();
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("player") : null; // that of system.js
let place = null;

function show() {
  if (!place) return;
  if (!place.isConnected) audio.pause();
  const [button, range] = [place.querySelector("button"), place.querySelector("input")];
  const deed = audio.paused ? "play" : "pause";
  setIcon(button, deed);
  setLabel(button, words(`${deed}_song`, { title: place.dataset.title }));
  const { currentTime: at } = audio;
  range.value = at;
  range.setAttribute("aria-valuetext", spoken(at));
  setText(place.querySelector("[data-hear-at]"), clock(at ? Math.floor(at) : Math.floor(range.max)));
  place.toggleAttribute("data-begun", at > 0);
  place.style.setProperty("--at", at / range.max);
}

/* Another recording is the one that is heard. */
function lay(next) {
  if (place === next) return;
  audio.pause();
  audio.currentTime = 0;
  show();
  place = next;
  audio.src = next.dataset.hear;
}

/** Go to a second of a recording: what plays goes on from there, another one waits there. */
export function seek(next, seconds) {
  lay(next);
  audio.currentTime = seconds;
  show();
}

function fail() {
  show();
  note(words("not_heard"));
}

export function setUpHearing() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-hear] button");
    if (!button) return;
    lay(button.closest("[data-hear]"));
    if (audio.paused) run(audio);
    else audio.pause();
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-hear] input")) seek(target.closest("[data-hear]"), target.value);
  });
  for (const news of ["play", "pause", "timeupdate", "seeked"]) audio.addEventListener(news, show);
  audio.addEventListener("play", () => (player.pause(), tabs?.postMessage("playing")));
  audio.addEventListener("ended", () => (audio.currentTime = 0));
  audio.addEventListener("error", fail);
  player.addEventListener("moved", () => player.playing && audio.pause());
  tabs?.addEventListener("message", () => audio.pause());
}
