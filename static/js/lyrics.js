/* The words follow the music: section, line and word of the take that plays; a click on a line goes there. */

function mark(nodes, now) {
  let current = null;
  for (const node of nodes) {
    const on = now >= Number(node.dataset.from) && now < Number(node.dataset.to ?? Infinity);
    if (on) current = node;
    node.toggleAttribute("aria-current", on);
  }
  return current;
}

/* A line is plain text until it is sung: then its words get places of their own. */
function split(line) {
  const starts = line.dataset.words?.trim().split(" ") ?? [];
  const words = line.textContent.trim().split(/\s+/);
  if (starts.length !== words.length || line.querySelector(".word")) return;
  const spans = words.map((text, i) => {
    const span = document.createElement("span");
    span.className = "word";
    span.dataset.from = starts[i];
    span.textContent = text;
    return span;
  });
  line.replaceChildren(...spans.flatMap((span) => [span, " "]));
}

function light(line, now) {
  split(line);
  for (const word of line.querySelectorAll(".word")) word.classList.toggle("sung", now >= Number(word.dataset.from));
}

function showTake(page, number) {
  for (const sheet of page.querySelectorAll("[data-lyrics-of]"))
    sheet.hidden = Number(sheet.dataset.lyricsOf) !== number;
  for (const strip of page.querySelectorAll("[data-strip]")) strip.hidden = Number(strip.dataset.strip) !== number;
  page.classList.toggle("take-b", number === 2);
}

function follow(player) {
  const page = document.getElementById("song");
  if (!page || page.dataset.song !== player.song?.id) return;
  if (page.querySelector(`[data-lyrics-of="${player.number}"]`)) showTake(page, player.number);
  const now = player.at * 1000;
  const sheet = page.querySelector("[data-lyrics-of]:not([hidden])");
  if (sheet) {
    mark(sheet.querySelectorAll("section"), now);
    const lines = sheet.querySelectorAll(".line");
    for (const line of lines) line.classList.remove("lit");
    const line = mark(lines, now);
    if (line) {
      line.classList.add("lit");
      light(line, now);
    }
  }
  const strip = page.querySelector("[data-strip]:not([hidden])");
  for (const item of strip?.children ?? []) {
    const next = item.nextElementSibling?.querySelector("[data-seek]")?.dataset.seek ?? Infinity;
    const on = now >= Number(item.querySelector("[data-seek]").dataset.seek) && now < Number(next);
    item.toggleAttribute("aria-current", on);
  }
}

export function followLyrics(player) {
  player.addEventListener("moved", () => follow(player));
  document.addEventListener("take:chosen", (event) => {
    const page = document.getElementById("song");
    if (page) showTake(page, event.detail);
  });
  document.addEventListener("click", (event) => {
    const line = event.target.closest("#song .line[data-from]");
    if (!line || getSelection()?.toString()) return;
    const page = line.closest("[data-song]");
    if (page.dataset.song !== player.song?.id) player.start(page);
    player.seek(Number(line.dataset.from) / 1000);
  });
}
