/* The sound outside the page: the keys and screens of the system, and other tabs. */
import { player } from "./player.js";
import { words } from "./words.js";

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("player") : null;

const DEEDS = {
  play: () => player.playing || player.toggle(),
  pause: () => player.pause(),
  seekbackward: ({ seekOffset }) => player.seek(player.at - (seekOffset ?? 10)),
  seekforward: ({ seekOffset }) => player.seek(player.at + (seekOffset ?? 10)),
  seekto: ({ seekTime }) => player.seek(seekTime),
};

function showSong({ mediaSession }) {
  const { title, cover } = player.song;
  const artwork = [{ src: new URL(cover, location.href).href, sizes: "512x512" }];
  mediaSession.metadata = new MediaMetadata({ title, artist: words("take", { letter: player.letter }), artwork });
  for (const [name, step] of [["previoustrack", -1], ["nexttrack", 1]]) {
    mediaSession.setActionHandler(name, player.neighbour(step) ? () => player.skip(step) : null);
  }
}

function showPlace({ mediaSession }) {
  const { length: duration, at } = player;
  mediaSession.playbackState = player.playing ? "playing" : "paused";
  if (player.isRecording || !duration) mediaSession.setPositionState();
  else mediaSession.setPositionState({ duration, position: Math.min(at, duration), playbackRate: 1 });
}

/** Agree with the system, and let one tab sound at a time: starting here stops every other. */
export function setUpSystem() {
  if (!player.audio) return;
  if ("mediaSession" in navigator) {
    for (const [name, act] of Object.entries(DEEDS)) navigator.mediaSession.setActionHandler(name, act);
    player.addEventListener("song", () => showSong(navigator));
    player.addEventListener("sound", () => player.song && showSong(navigator));
    player.addEventListener("moved", () => player.song && showPlace(navigator));
  }
  let wasPlaying = false;
  player.addEventListener("moved", () => {
    if (player.playing && !wasPlaying) tabs?.postMessage("playing");
    wasPlaying = player.playing;
  });
  tabs?.addEventListener("message", () => player.pause());
}
