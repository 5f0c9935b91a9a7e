/* The create form: counts, tape behind [tags], chips, Ctrl+Enter, one click one song. Works without any of it. */

const TAG = /^[ \t]*\[[^\]\n]{1,40}\][ \t]*$/gm;

function count(field) {
  const place = document.getElementById(field.dataset.count);
  const limit = Number(field.dataset.limit);
  if (place) place.textContent = field.value.length ? `${field.value.length} of ${limit.toLocaleString("en")}` : "";
}

function markTags(field, marks) {
  marks.replaceChildren();
  let end = 0;
  for (const found of field.value.matchAll(TAG)) {
    marks.append(field.value.slice(end, found.index));
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    marks.append(mark);
    end = found.index + found[0].length;
  }
  marks.append(`${field.value.slice(end)}\n`);
  const lines = field.value.split("\n").filter((line) => line.trim());
  const tags = lines.filter((line) => /^\s*\[.*\]\s*$/.test(line)).length;
  const sung = lines.length - tags;
  const parts = [tags && `${tags} section${tags > 1 ? "s" : ""}`, sung && `${sung} line${sung > 1 ? "s" : ""}`];
  const place = document.getElementById("lyrics-count");
  const limit = Number(place.dataset.limit);
  place.textContent =
    field.value.length > limit * 0.8
      ? `${field.value.length} of ${limit.toLocaleString("en")}`
      : parts.filter(Boolean).join(", ");
}

function insert(field, text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function addWord(field, word) {
  const before = field.value.trimEnd();
  field.value = before ? `${before.replace(/[.,]$/, "")}, ${word}` : word[0].toUpperCase() + word.slice(1);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function addTag(field, tag) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = before === "" ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  insert(field, `${gap}[${tag}]\n`);
}

export function setUpForm(root) {
  const form = root.querySelector("[data-create]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "1";
  const prompt = form.querySelector("#id_prompt");
  const lyrics = form.querySelector("#id_lyrics");
  const marks = form.querySelector("[data-lyrics-marks]");
  for (const chips of form.querySelectorAll(".chips")) chips.hidden = false;
  form.addEventListener("input", () => {
    count(prompt);
    markTags(lyrics, marks);
  });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (chip?.dataset.add) addWord(prompt, chip.dataset.add);
    if (chip?.dataset.tag) addTag(lyrics, chip.dataset.tag);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-busy]");
    button.querySelector("span").textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  });
  count(prompt);
  markTags(lyrics, marks);
}
