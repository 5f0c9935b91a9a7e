/* The one entry: what a page needs is set up when it comes, at first and after every exchange. */
import { meetList, setUpControls } from "./controls.js";
import { meetPage, setUpDeck } from "./deck.js";
import { countSession, setUpForm } from "./form.js";
import { setUpKeeping } from "./keep.js";
import { setUpKeys } from "./keys.js";
import { watchCards } from "./live.js";
import { followLyrics, layStrips } from "./lyrics.js";
import { setUpShell, settle } from "./shell.js";
import { setUpSystem } from "./system.js";
import { drawWaves } from "./wave.js";

function setUpPage() {
  setUpForm();
  layStrips();
  drawWaves(document);
  watchCards();
  meetPage();
  meetList();
}

setUpShell();
setUpDeck();
setUpControls();
setUpKeys();
setUpSystem();
followLyrics();
setUpKeeping();
setUpPage();

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  setUpPage();
  if (detail.elt.id === "main") settle();
});
document.addEventListener("song:card", ({ detail: { id, isDone } }) => {
  drawWaves(document);
  meetPage();
  countSession();
  const isItsPage = document.querySelector(`#song[data-song="${CSS.escape(id)}"]`);
  if (isDone && isItsPage) htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" });
});
document.addEventListener("htmx:historyRestore", () => {
  setUpPage();
  settle();
});
