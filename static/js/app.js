/* The one entry: what a page needs is set up when it comes, at first and after every swap. */
import { watchCards } from "./live.js";
import { followLyrics } from "./lyrics.js";
import { player } from "./player.js";
import { setUpForm } from "./form.js";
import { setUpShell, settle } from "./shell.js";
import { drawWaves } from "./wave.js";

function setUp(root) {
  drawWaves(root);
  setUpForm(root);
  watchCards(root);
  player.meet(root);
}

setUpShell();
followLyrics(player);
setUp(document);

document.addEventListener("htmx:afterSettle", (event) => {
  setUp(document);
  if (event.detail.target?.id === "main" || event.detail.elt?.id === "main") settle();
});
/* A page that shows the song itself, or a tile of it, is fetched anew when the song is done. */
document.addEventListener("song:final", (event) => {
  const shown = document.querySelector(
    `#song[data-song="${CSS.escape(event.detail.id)}"], #tile-${CSS.escape(event.detail.id)}`,
  );
  if (shown) htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
});
document.addEventListener("htmx:historyRestore", () => setUp(document));
