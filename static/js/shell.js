/* What every page has: the theme switch, notes that go away, tab and focus after a page has been exchanged. */
import { words } from "./words.js";

const THEMES = ["system", "light", "dark"];
const NOTE_STAYS = 8000;

function theme() {
  return document.documentElement.dataset.theme ?? "system";
}

function setTheme(next) {
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    /* kept for this page only */
  }
  nameSwitches();
  document.dispatchEvent(new CustomEvent("theme"));
}

function nameSwitches() {
  const name = words(`theme_${theme()}`);
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.setAttribute("aria-label", name);
    button.title = name;
  }
}

function dressNotes() {
  for (const toast of document.querySelectorAll(".toast:not([data-timed])")) {
    toast.dataset.timed = "";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, NOTE_STAYS) : toast.remove());
    setTimeout(leave, NOTE_STAYS);
  }
}

/** Say something at the foot of the page for a while. */
export function note(told) {
  const shape = document.getElementById("note").content.firstElementChild.cloneNode(true);
  shape.querySelector("[data-words]").textContent = told;
  document.getElementById("main").append(shape);
  dressNotes();
}

function showCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.closest(":has([data-copy-from])").querySelector("[data-copy-from]").value);
  button.querySelector("span").textContent = words("copied");
}

/* The label says that something was sent; the width stays, so that nothing jumps. */
function setBusy(form, isBusy) {
  const button = form.querySelector?.("[data-busy]");
  if (!button) return;
  const label = button.querySelector("span") ?? button;
  button.style.minWidth = `${button.offsetWidth}px`;
  label.dataset.rest ??= label.textContent;
  label.textContent = isBusy ? button.dataset.busy : label.dataset.rest;
}

function onSwap({ detail }) {
  if (!detail.shouldSwap || detail.serverResponse.includes('id="main"')) return;
  detail.shouldSwap = false;
  note(words("site_failed"));
}

function closeMenus(event) {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
}

function onClick(event) {
  const button = event.target.closest("button");
  if (button?.matches("[data-theme-switch]")) setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  if (button?.matches("[data-dismiss]")) button.closest(".toast").remove();
  if (button?.matches("[data-copy]")) copy(button);
  closeMenus(event);
}

function onKey(event) {
  const open = document.querySelector("details:is(.drop, [data-slot-card]:empty + *)[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
}

function markTab() {
  const here = location.pathname;
  for (const link of document.querySelectorAll(".tabs a")) {
    const isHere = new RegExp(link.dataset.within).test(here);
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** After a boosted link: the current tab and the focus as a full load would leave them. */
export function settle() {
  const main = document.getElementById("main");
  markTab();
  const target = location.hash && document.getElementById(location.hash.slice(1));
  (target || main).focus({ preventScroll: !target });
  dressNotes();
  showCopyButtons();
  nameSwitches();
}

/** What holds for every page, set up once. */
export function setUpShell() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => setBusy(detail.elt, true));
  document.addEventListener("htmx:afterRequest", ({ detail }) => setBusy(detail.elt, false));
  document.addEventListener("htmx:beforeSwap", onSwap);
  document.addEventListener("htmx:sendError", () => note(words("site_silent")));
  nameSwitches();
  dressNotes();
  showCopyButtons();
}
