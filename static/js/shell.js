/* What every page has: the theme switch, notes that go away, titles and focus after a page has been exchanged. */

const THEMES = ["system", "light", "dark"];

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
  document.dispatchEvent(new CustomEvent("theme"));
}

function nameSwitches() {
  const words = theme() === "system" ? "follow system" : theme();
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.setAttribute("aria-label", `Theme: ${words}`);
    button.title = `Theme: ${words}`;
  }
}

function dressNotes() {
  for (const toast of document.querySelectorAll(".toast")) {
    const button = toast.querySelector("[data-dismiss]");
    if (button) button.hidden = false;
    if (!toast.dataset.timed) {
      toast.dataset.timed = "1";
      setTimeout(() => !toast.matches(":hover, :focus-within") && toast.remove(), 8000);
    }
  }
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

/** After a boosted link: title, current tab and focus as a full load would leave them. */
export function settle() {
  const main = document.getElementById("main");
  if (!main) return;
  if (main.dataset.title?.trim()) document.title = main.dataset.title;
  const here = location.pathname;
  for (const link of document.querySelectorAll(".tabs a")) {
    const path = link.getAttribute("href");
    const within =
      path === "/" ? here === "/" : here.startsWith(path) || (path === "/library/" && here.startsWith("/songs/"));
    if (within) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  main.focus({ preventScroll: true });
  dressNotes();
  nameSwitches();
}

export function setUpShell() {
  document.addEventListener("click", async (event) => {
    const from = event.target.closest("button");
    if (from?.matches("[data-theme-switch]")) {
      setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % 3]);
      nameSwitches();
    } else if (from?.matches("[data-dismiss]")) {
      from.closest(".toast").remove();
    } else if (from?.matches("[data-copy]")) {
      await navigator.clipboard.writeText(from.parentElement.querySelector("[data-copy-from]").value);
      from.querySelector("span").textContent = "Copied";
    }
    for (const open of document.querySelectorAll("details.drop[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  nameSwitches();
  dressNotes();
}
