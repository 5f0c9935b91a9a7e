/* What outlasts a reload: the song with its second and its queue in this tab, volume, mute and repeat on this device. */
import { player } from "./player.js";

const MOST_SONGS = 60;

function read(store, name) {
  try {
    return JSON.parse(window[store].getItem(name));
  } catch {
    return null; // storage is blocked, or holds nothing of ours
  }
}

function write(store, name, value) {
  try {
    if (value === null) window[store].removeItem(name);
    else window[store].setItem(name, JSON.stringify(value));
  } catch {
    /* kept for this page only */
  }
}

/** A choice of this device; `null` where none was made. */
export function choice(name) {
  return read("localStorage", name);
}

/** Remember a choice on this device. */
export function choose(name, value) {
  write("localStorage", name, value);
}

function keepSong() {
  if (!player.song) return;
  const place = Math.max(0, player.queue.findIndex(({ id }) => player.is(id)) - MOST_SONGS / 2);
  const queue = player.queue.slice(place, place + MOST_SONGS);
  write("sessionStorage", "playing", { song: player.song, number: player.number, at: player.at, queue });
}

function isKept(kept) {
  const shared = document.querySelector(".pub");
  return kept?.song?.takes && (!shared || shared.dataset.song === kept.song.id);
}

/** Go on where the last page was left, silently. Without a player (signed out) nothing of it stays. */
export function setUpKeeping() {
  if (document.body.matches(".framed")) return; // a song in a page of somebody else's: nothing is kept of it
  if (!player.audio) {
    write("sessionStorage", "playing", null);
    return;
  }
  player.set(choice("sound") ?? {});
  const kept = read("sessionStorage", "playing");
  if (isKept(kept)) player.restore(kept);
  player.addEventListener("sound", () => {
    const { volume, muted, repeat } = player;
    choose("sound", { volume, muted, repeat });
  });
  player.addEventListener("song", keepSong);
  addEventListener("pagehide", keepSong);
  document.addEventListener("visibilitychange", () => document.hidden && keepSong());
}
