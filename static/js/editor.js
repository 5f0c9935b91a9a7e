/* The words: a tape behind each [tag], marks under what is odd, and buttons that mend it. */
import { post } from "./post.js";

const TAG = /^[ \t]*\[[^\]\n]{1,40}\][ \t]*$/;
const PAUSE = 500;
let timer;

/** How many lines of `text` are tags, and how many are sung. */
export function countLines(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  const tags = lines.filter((line) => TAG.test(line)).length;
  return { tags, lines: lines.length - tags };
}

/* What was found in a line that has changed since is not marked. */
function marksOf(line, number, list) {
  const found = [...list.querySelectorAll(`[data-line="${number}"]`)].map(({ dataset }) => dataset);
  if (found.length && list.lines[number - 1] === line) return found;
  return TAG.test(line) ? [{ from: 0, to: line.length, level: "tag" }] : [];
}

/* The same text once more behind the field. */
function markLines(lyrics, behind, list) {
  const text = document.createDocumentFragment();
  lyrics.value.split("\n").forEach((line, at) => {
    let end = 0;
    for (const { from, to, level } of marksOf(line, at + 1, list)) {
      if (from < end) continue;
      const mark = document.createElement("mark");
      mark.className = level;
      mark.textContent = line.slice(from, to);
      text.append(line.slice(end, from), mark);
      end = Number(to);
    }
    text.append(`${line.slice(end)}\n`);
  });
  behind.replaceChildren(text);
  behind.scrollTop = lyrics.scrollTop;
}

function dress(list, lyrics) {
  list.lines = lyrics.value.split("\n");
  const said = document.getElementById("findings-said");
  const told = list.firstElementChild?.dataset.told ?? "";
  if (said.textContent !== told) said.textContent = told;
}

function select(lyrics, number) {
  const lines = lyrics.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1);
  lyrics.focus();
  lyrics.setSelectionRange(start, start + lines[number - 1].length);
}

/* As if it were typed, so that Ctrl+Z takes it back. */
function replace(lyrics, text) {
  if (!document.execCommand("insertText", false, text)) lyrics.setRangeText(text);
}

function mend(lyrics, { line, fix }) {
  select(lyrics, line);
  const isGoing = !fix && lyrics.selectionEnd < lyrics.value.length;
  if (isGoing) lyrics.selectionEnd += 1;
  replace(lyrics, fix);
}

/** Put a tag where the cursor is, with a line between it and what stands before. */
export function addTag(lyrics, tag) {
  const before = lyrics.value.slice(0, lyrics.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  lyrics.focus();
  replace(lyrics, `${gap}[${tag}]\n`);
  lyrics.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Mark the words of this form, now and whenever they change. */
export function markWords(form) {
  const lyrics = document.getElementById("id_lyrics");
  const list = document.getElementById("findings");
  const behind = form.querySelector("[data-lyrics-marks]");
  const mark = () => markLines(lyrics, behind, list);
  const check = async () => {
    const asked = lyrics.value;
    const answer = await post(list.dataset.check, { lyrics: asked });
    if (!answer?.ok || lyrics.value !== asked) return;
    list.innerHTML = await answer.text();
    dress(list, lyrics);
    mark();
  };
  lyrics.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
    mark();
  });
  lyrics.addEventListener("scroll", () => (behind.scrollTop = lyrics.scrollTop));
  list.addEventListener("click", ({ target }) => {
    const item = target.closest("button")?.closest("li");
    if (!item || list.lines[item.dataset.line - 1] !== lyrics.value.split("\n")[item.dataset.line - 1]) return;
    const { fix } = target.closest("button").dataset;
    if (fix === undefined) select(lyrics, item.dataset.line);
    else mend(lyrics, { line: item.dataset.line, fix });
  });
  dress(list, lyrics);
  mark();
}
