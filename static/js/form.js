/* The create page: counts, chips, where the words come from, Ctrl+Enter. It works without any of it. */
import { keepDraft } from "./draft.js";
import { addTag, countLines, markWords } from "./editor.js";
import { words } from "./words.js";

const NEARLY_FULL = 0.8;

function figure(number) {
  return Number(number).toLocaleString(document.documentElement.lang);
}

function counted(name, n) {
  return n ? words(name, { n }) : "";
}

function used(field) {
  return words("used", { there: figure(field.value.length), limit: figure(field.dataset.limit) });
}

function countPrompt(prompt) {
  document.getElementById("prompt-count").textContent = prompt.value ? used(prompt) : "";
}

function countLyrics(lyrics) {
  const { tags, lines } = countLines(lyrics.value);
  const counts = [counted("sections", tags), counted("lines", lines)].filter(Boolean).join(", ");
  const isNearlyFull = lyrics.value.length > lyrics.dataset.limit * NEARLY_FULL;
  document.getElementById("lyrics-count").textContent = isNearlyFull ? used(lyrics) : counts;
}

/* Words that are not to be sung are kept out of sight and go by another name, which nobody sings. */
function chooseWords(form, lyrics) {
  const isSung = form.elements.words.value === "mine";
  lyrics.name = isSung ? "lyrics" : "unsung";
  form.querySelector(".words").toggleAttribute("data-unsung", !isSung && lyrics.value !== "");
}

function addWord(prompt, word) {
  const before = prompt.value.trimEnd().replace(/[.,]$/, "");
  prompt.value = before ? `${before}, ${word}` : word;
  prompt.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A few words above the session: how many are being made, how many wait, how many are there. */
export function countSession() {
  const place = document.querySelector("[data-session-count]");
  if (!place) return;
  const count = (which) => document.querySelectorAll(`.session ${which}`).length;
  const waiting = count('[data-live][data-status="queued"]');
  const told = [
    counted("being_recorded", count("[data-live]") - waiting),
    counted("waiting", waiting),
    counted("saved", count(':is(.line-item, [data-lingers], [data-status="partial"])')),
  ];
  place.textContent = told.filter(Boolean).join(", ");
}

/** Give the form of this page its comforts, once. */
export function setUpForm() {
  const form = document.querySelector("[data-create]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  const { prompt } = form.elements;
  const lyrics = document.getElementById("id_lyrics");
  const refresh = () => {
    countPrompt(prompt);
    countLyrics(lyrics);
    chooseWords(form, lyrics);
    const startOver = document.querySelector("[data-start-over]");
    startOver.hidden = ![...form.querySelectorAll("textarea, [type=url]")].some(({ value }) => value);
  };
  form.addEventListener("input", refresh);
  form.addEventListener("click", ({ target }) => {
    const chip = target.closest(".chip");
    if (chip?.dataset.add) addWord(prompt, chip.dataset.add);
    if (chip?.dataset.tag) addTag(lyrics, chip.dataset.tag);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  markWords(form);
  refresh();
  keepDraft(form);
}
