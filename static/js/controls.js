/* Hands on the sound: buttons, switches of takes, the wave under a finger, the queue. */
import { part } from "./deck.js";
import { player, songOf, songsOnPage } from "./player.js";

const REPEATS = ["off", "all", "one"];
let list = []; // the last list that was seen: a song's own page is a step further in from it

function holder(element) {
  return element.closest("[data-song]");
}

/* What stands around a song: the page's list; on its own page the list one came from. */
function around(id) {
  const here = songsOnPage();
  if (here.length > 1) return here;
  return [player.queue, list].find((songs) => songs.some((song) => song.id === id)) ?? here;
}

/* A song of the page; with a switch of takes beside it, the take chosen there. */
function startFrom(element, number) {
  const song = songOf(holder(element));
  const chosen = holder(element).querySelector("[data-take-choice]:checked");
  player.start(song, number ?? (chosen ? Number(chosen.value) : undefined), around(song.id));
}

function makeOurs(element) {
  if (!player.is(holder(element).dataset.song)) startFrom(element);
}

function onClick({ target }) {
  const button = target.closest("[data-play]");
  if (button) startFrom(button, Number(button.dataset.play) || undefined);
  const seek = target.closest("[data-seek]");
  if (seek) {
    makeOurs(seek);
    player.seek(Number(seek.dataset.seek) / 1000);
  }
  const queued = player.queue[target.closest("[data-queued]")?.dataset.queued];
  if (queued && !player.is(queued.id)) player.start(queued);
}

function onChoice({ target: radio }) {
  if (!radio.matches('[name="deck-take"], [data-take-choice]')) return;
  const number = Number(radio.value);
  if (player.is(holder(radio).dataset.song)) player.change(number);
  else document.dispatchEvent(new CustomEvent("take:chosen", { detail: number }));
}

function scrub(slider, { clientX }) {
  const box = slider.getBoundingClientRect();
  makeOurs(slider);
  player.seekToShare(Math.max(0, Math.min(1, (clientX - box.left) / box.width)));
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

/** A page has come: remember its list. */
export function meetList() {
  const here = songsOnPage();
  if (here.length > 1) list = here;
}

/** Let people play. */
export function setUpControls() {
  if (!player.audio) return;
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChoice);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("song:state", ({ detail }) => {
    const { id, title, cover, takes } = detail;
    player.learn({ id, title, cover, takes });
  });
  part("play").addEventListener("click", () => player.toggle());
  part("back").addEventListener("click", () => player.skip(-1));
  part("forth").addEventListener("click", () => player.skip(1));
  part("volume").addEventListener("input", ({ target }) => player.set({ volume: target.value / 100, muted: false }));
  part("mute").addEventListener("click", () => player.set({ muted: !player.muted }));
  part("repeat").addEventListener("click", () => {
    player.set({ repeat: REPEATS[(REPEATS.indexOf(player.repeat) + 1) % REPEATS.length] });
  });
}
