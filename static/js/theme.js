/* Runs before the first paint: a chosen theme must not flash. */
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  /* storage is blocked: the system's theme it is */
}
