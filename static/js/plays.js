/* Where a song is shared: tells the site, once a take, that somebody has listened to it for a while. Not who. */
import { player } from "./player.js";

const LISTENED_SECONDS = 10;
const LONGEST_STEP = 2; // seconds between two looks; more is a jump

/** Count from now on. */
export function countPlays() {
  const address = document.querySelector("[data-played]")?.dataset.played;
  if (!address || !navigator.sendBeacon) return;
  const listened = {};
  let last = 0;
  player.addEventListener("moved", () => {
    const step = player.at - last;
    last = player.at;
    if (!player.playing || step <= 0 || step > LONGEST_STEP) return;
    const before = listened[player.number] ?? 0;
    const enough = Math.min(LISTENED_SECONDS, player.length / 2);
    listened[player.number] = before + step;
    if (before < enough && before + step >= enough) navigator.sendBeacon(address.replace("take-0", `take-${player.number}`));
  });
}
