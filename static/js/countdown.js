/* Seconds that are left, once a second. What is counted down is never a live region: nobody wants to hear it. */

const BEAT = 1000;
let beat = null;

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function show() {
  const places = document.querySelectorAll("[data-countdown]");
  for (const place of places) {
    place.dataset.ends ??= performance.now() + place.dataset.countdown * 1000;
    const left = Math.max(0, Math.round((place.dataset.ends - performance.now()) / 1000));
    if (place.textContent !== clock(left)) place.textContent = clock(left);
  }
  if (places.length) beat ??= setInterval(show, BEAT);
  else beat = clearInterval(beat) ?? null;
}

/** Begin with the seconds that the page says. A page that has come anew says them anew. */
export const countDown = show;
