/* The one entry: what a page needs is set up when it comes, at first and after every exchange. */
import { meetList, setUpControls } from "./controls.js";
import { setUpCuts } from "./cut.js";
import { meetPage, setUpDeck } from "./deck.js";
import { countSession, setUpForm } from "./form.js";
import { setUpHearing } from "./hear.js";
import { setUpKeeping } from "./keep.js";
import { setUpKeys } from "./keys.js";
import { findPlace, setUpLibrary } from "./library.js";
import { watchCards } from "./live.js";
import { followLyrics, meetLyrics } from "./lyrics.js";
import { setUpMarks } from "./marks.js";
import { meetNotes } from "./notes.js";
import { setUpPasskeys } from "./passkeys.js";
import { countPlays } from "./plays.js";
import { setUpRenaming } from "./rename.js";
import { setUpShell, settle } from "./shell.js";
import { setUpSlots } from "./slots.js";
import { setUpSystem } from "./system.js";
import { drawWaves } from "./wave.js";

function setUpPage() {
  setUpForm();
  meetLyrics();
  meetNotes();
  drawWaves(document);
  watchCards();
  meetPage();
  meetList();
}

setUpShell();
setUpDeck();
setUpControls();
setUpCuts();
setUpHearing();
setUpKeys();
setUpLibrary();
setUpMarks();
setUpPasskeys();
setUpRenaming();
setUpSlots();
setUpSystem();
followLyrics();
countPlays();
setUpKeeping();
setUpPage();

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  setUpPage();
  if (detail.elt.id !== "main") return;
  settle();
  findPlace();
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
  findPlace();
});
