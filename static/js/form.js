/* The create page: counts, tape behind [tags], chips, Ctrl+Enter, one click one song. It works without any of it. */

const TAG = /^[ \t]*\[[^\]\n]{1,40}\][ \t]*$/gm;
const NEARLY_FULL = 0.8;

function counted(number, word) {
  return number ? `${number} ${word}${number > 1 ? "s" : ""}` : "";
}

function used(field) {
  return `${field.value.length.toLocaleString("en")} of ${Number(field.dataset.limit).toLocaleString("en")}`;
}

function countPrompt(prompt) {
  document.getElementById("prompt-count").textContent = prompt.value ? used(prompt) : "";
}

function countLyrics(lyrics) {
  const tags = lyrics.value.match(TAG)?.length ?? 0;
  const lines = lyrics.value.split("\n").filter((line) => line.trim()).length - tags;
  const words = [counted(tags, "section"), counted(lines, "line")].filter(Boolean).join(", ");
  const isNearlyFull = lyrics.value.length > lyrics.dataset.limit * NEARLY_FULL;
  document.getElementById("lyrics-count").textContent = isNearlyFull ? used(lyrics) : words;
}

/* The same text once more behind the field, with a mark under each tag. */
function markTags(lyrics, behind) {
  behind.replaceChildren();
  let end = 0;
  for (const found of lyrics.value.matchAll(TAG)) {
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    behind.append(lyrics.value.slice(end, found.index), mark);
    end = found.index + found[0].length;
  }
  behind.append(`${lyrics.value.slice(end)}\n`);
}

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function addWord(prompt, word) {
  const before = prompt.value.trimEnd().replace(/[.,]$/, "");
  prompt.value = before ? `${before}, ${word}` : word;
  changed(prompt);
}

function addTag(lyrics, tag) {
  const before = lyrics.value.slice(0, lyrics.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  lyrics.setRangeText(`${gap}[${tag}]\n`, lyrics.selectionStart, lyrics.selectionEnd, "end");
  lyrics.focus();
  changed(lyrics);
}

function onClick(form, { target }) {
  const chip = target.closest(".chip");
  if (chip?.dataset.add) addWord(form.elements.prompt, chip.dataset.add);
  if (chip?.dataset.tag) addTag(form.elements.lyrics, chip.dataset.tag);
}

/** Two words above the session: how many are being made, how many are there. */
export function countSession() {
  const place = document.querySelector("[data-session-count]");
  if (!place) return;
  const running = document.querySelectorAll(".session [data-live]").length;
  const saved = document.querySelectorAll(".session .line-item").length;
  place.textContent = [running && `${running} recording`, saved && `${saved} saved`].filter(Boolean).join(", ");
}

/** Give the form of this page its comforts, once. */
export function setUpForm() {
  const form = document.querySelector("[data-create]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  const { prompt, lyrics } = form.elements;
  const refresh = () => {
    countPrompt(prompt);
    countLyrics(lyrics);
    markTags(lyrics, form.querySelector("[data-lyrics-marks]"));
  };
  for (const chips of form.querySelectorAll(".chips")) chips.hidden = false;
  form.addEventListener("input", refresh);
  form.addEventListener("click", (event) => onClick(form, event));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  refresh();
}
