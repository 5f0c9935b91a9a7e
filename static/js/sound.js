/* What can be done with two sound elements: bring one to a second, run it beside the other, fade from one to the other. */

const LONGEST_WAIT = 4000;
const SETTLING = 80;
const UNHEARD = 0.015;
const FADE_STEPS = 8;
const STEP = 8;

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** Seconds that have come so far. */
export function recorded({ buffered }) {
  return buffered.length ? buffered.end(buffered.length - 1) : 0;
}

/** Go to a second; settles when it is there. */
export function brought(audio, seconds) {
  return new Promise((resolve) => {
    audio.addEventListener("seeked", resolve, { once: true });
    audio.addEventListener("error", resolve, { once: true });
    audio.currentTime = seconds;
  });
}

/** A stream must have come as far as `seconds` before one may go there; one that stays behind: as far as it is. */
export async function come(audio, seconds) {
  const patience = performance.now() + LONGEST_WAIT;
  while (recorded(audio) < seconds && performance.now() < patience) await pause(50);
  return Math.max(0, Math.min(seconds, recorded(audio) - 0.1));
}

/** Start it; a refusal is no fault: an error of the sound itself is heard as an event. */
export async function run(audio) {
  try {
    await audio.play();
  } catch {
    /* it stays paused */
  }
}

let lead = 0; // what a start costs on this machine: the next one aims ahead by as much

/** Run `next` unheard beside `old`, and correct it until both are at the same moment. `bring`: how it gets to a second. */
export async function join(old, next, bring) {
  next.muted = true;
  await run(next);
  for (let tries = 0; tries < 4 && !old.paused && !old.error && !old.ended; tries += 1) {
    if (tries || lead) await bring(old.currentTime + lead);
    await pause(SETTLING);
    const lag = old.currentTime - next.currentTime;
    if (Math.abs(lag) < UNHEARD) return;
    lead = Math.max(0, Math.min(0.5, lead + lag));
  }
}

/** From one to the other within a few hundredths of a second. Two takes add as power, one and the same sound as it is. */
export async function fade(old, next, volume, isSameSound) {
  const bend = isSameSound ? (share) => share : (share) => Math.sin((share * Math.PI) / 2);
  const steps = document.hidden || old.paused ? 1 : FADE_STEPS; // timers of a hidden page come once a second
  for (let step = 1; step <= steps; step += 1) {
    next.volume = volume * bend(step / steps);
    old.volume = volume * bend(1 - step / steps);
    if (step < steps) await pause(STEP);
  }
}
