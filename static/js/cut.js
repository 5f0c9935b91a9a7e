/* A piece of a recording: two handles on its wave write the times, and the times that are written move the handles. */
import { seek } from "./hear.js";

function clock(at) {
  const tenths = Math.round(10 * at);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}

function seconds(told) {
  const [, minutes, rest] = /^(?:(\d+):)?([\d.,]+)$/.exec(told.trim()) ?? [];
  return rest ? 60 * (minutes ?? 0) + Number(rest.replace(",", ".")) : NaN;
}

function show(form) {
  const [begin, end] = [...form.querySelectorAll("[type=range]")].map(({ value, max }) => value / max);
  form.style.setProperty("--begin", Math.min(begin, end));
  form.style.setProperty("--end", Math.max(begin, end));
}

export function setUpCuts() {
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("[data-cut]");
    if (!form) return;
    const isHandle = target.type === "range";
    const other = form.querySelector(isHandle ? `[name=${target.dataset.moves}]` : `[data-moves=${target.name}]`);
    if (isHandle) {
      other.value = clock(target.value);
      if (target.dataset.moves === "begin") seek(form.closest("li").querySelector("[data-hear]"), target.value);
    } else if (!Number.isNaN(seconds(target.value))) other.value = seconds(target.value);
    show(form);
  });
}
