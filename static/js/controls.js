/* Hands on the sound: buttons, the wave as a slider, keys, the keys of the system, and other tabs. */
import { part, setIcon } from "./deck.js";
import { player, songOf, songsOnPage } from "./player.js";

const TEXT = 'input:not([type="radio"], [type="checkbox"], [type="range"]), textarea, select, [contenteditable]';
const CONTROL = "input, button, a, summary";
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("player") : null;

function holder(element) {
  return element.closest("[data-song]");
}

/* A song of the page; with a switch of takes beside it, the take chosen there. */
function startFrom(element, number) {
  const chosen = holder(element).querySelector("[data-take-choice]:checked");
  const inList = songsOnPage();
  player.start(songOf(holder(element)), number ?? (chosen ? Number(chosen.value) : undefined), inList);
}

function makeOurs(element) {
  if (!player.is(holder(element).dataset.song)) startFrom(element);
}

function onClick(event) {
  const button = event.target.closest("[data-play]");
  if (button) startFrom(button, Number(button.dataset.play) || undefined);
  const seek = event.target.closest("[data-seek]");
  if (seek) {
    makeOurs(seek);
    player.seek(Number(seek.dataset.seek) / 1000);
  }
}

function onChoice(event) {
  const radio = event.target;
  if (!radio.matches('[name="deck-take"], [data-take-choice]')) return;
  const number = Number(radio.value);
  if (player.is(holder(radio).dataset.song)) player.change(number);
  else document.dispatchEvent(new CustomEvent("take:chosen", { detail: number }));
}

function scrub(slider, event) {
  const box = slider.getBoundingClientRect();
  makeOurs(slider);
  player.seekToShare(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)));
}

function onPointer(event) {
  const slider = event.target.closest('[role="slider"]');
  if (!slider || event.button) return;
  const drag = (moved) => scrub(slider, moved);
  slider.setPointerCapture(event.pointerId);
  slider.addEventListener("pointermove", drag);
  slider.addEventListener("lostpointercapture", () => slider.removeEventListener("pointermove", drag), { once: true });
  scrub(slider, event);
}

/* Begin of the section before or after this second, from the strip of the song's page. */
function sectionStart(step) {
  const strip = document.querySelector(`#song[data-song="${CSS.escape(player.song.id)}"] [data-strip]:not([hidden])`);
  const starts = [...(strip?.querySelectorAll("[data-seek]") ?? [])].map(
    (button) => Number(button.dataset.seek) / 1000,
  );
  if (step > 0) return starts.find((start) => start > player.at + 0.2) ?? player.at + 15;
  return starts.findLast((start) => start < player.at - 1.5) ?? (starts.length ? 0 : player.at - 15);
}

const ON_SLIDER = {
  Home: () => player.seek(0),
  End: () => player.seek(player.edge - 1),
  PageUp: () => player.seek(sectionStart(1)),
  PageDown: () => player.seek(sectionStart(-1)),
  ArrowUp: () => player.seek(player.at + 5),
  ArrowDown: () => player.seek(player.at - 5),
};
const ANYWHERE = {
  ArrowLeft: (shift) => player.seek(shift ? sectionStart(-1) : player.at - 5),
  ArrowRight: (shift) => player.seek(shift ? sectionStart(1) : player.at + 5),
  k: () => player.toggle(),
  j: () => player.seek(player.at - 10),
  l: () => player.seek(player.at + 10),
  a: () => player.change(1),
  b: () => player.change(2),
  n: () => player.skip(1),
  p: () => player.skip(-1),
  m: () => part("mute").click(),
};

function deed({ key, target }) {
  const slider = target.closest('[role="slider"]');
  if (slider && player.is(holder(slider).dataset.song) && ON_SLIDER[key]) return ON_SLIDER[key];
  if (target.closest(TEXT) || (target.closest("input") && key.length > 1)) return undefined;
  if (key === " ") return target.closest(CONTROL) ? undefined : () => player.toggle();
  return ANYWHERE[key.length === 1 ? key.toLowerCase() : key];
}

function onKey(event) {
  if (!player.song || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const act = deed(event);
  if (!act) return;
  event.preventDefault();
  act(event.shiftKey);
}

function setUpSystemKeys() {
  if (!("mediaSession" in navigator)) return;
  const { mediaSession } = navigator;
  const deeds = {
    play: () => player.toggle(),
    pause: () => player.pause(),
    previoustrack: () => player.skip(-1),
    nexttrack: () => player.skip(1),
    seekbackward: () => player.seek(player.at - 10),
    seekforward: () => player.seek(player.at + 10),
    seekto: ({ seekTime }) => player.seek(seekTime),
  };
  for (const [name, act] of Object.entries(deeds)) mediaSession.setActionHandler(name, act);
  player.addEventListener("song", () => {
    const { title, cover } = player.song;
    mediaSession.metadata = new MediaMetadata({ title, artist: `Take ${player.letter}`, artwork: [{ src: cover }] });
  });
  player.addEventListener("moved", () => {
    if (player.isRecording || !player.length) mediaSession.setPositionState();
    else mediaSession.setPositionState({ duration: player.length, position: Math.min(player.at, player.length) });
  });
}

/* Starting here stops every other tab. */
function setUpTabs() {
  let wasPlaying = false;
  player.addEventListener("moved", () => {
    if (player.playing && !wasPlaying) tabs?.postMessage("playing");
    wasPlaying = player.playing;
  });
  tabs?.addEventListener("message", () => player.pause());
}

/** Let people play. */
export function setUpControls() {
  if (!player.audio) return;
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChoice);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("keydown", onKey);
  document.addEventListener("song:state", ({ detail }) => {
    const { id, title, cover, takes } = detail;
    player.learn({ id, title, cover, takes });
  });
  part("play").addEventListener("click", () => player.toggle());
  part("back").addEventListener("click", () => player.skip(-1));
  part("forth").addEventListener("click", () => player.skip(1));
  part("volume").addEventListener("input", ({ target }) => {
    player.audio.volume = target.value / 100;
  });
  part("mute").addEventListener("click", ({ currentTarget }) => {
    player.audio.muted = !player.audio.muted;
    currentTarget.setAttribute("aria-pressed", String(player.audio.muted));
    setIcon(currentTarget, player.audio.muted ? "volume-x" : "volume-2");
  });
  setUpSystemKeys();
  setUpTabs();
}
