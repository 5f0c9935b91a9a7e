/* Songs in the making: one socket each. Progress is patched in at once; on a promise the card is fetched anew.

   A socket that is lost comes back with the last seq it has seen: after growing pauses, and at once when the line or the
   page comes back. Where sockets do not work at all, the card is asked for every two seconds. What is told twice changes
   nothing. */
import { countDown } from "./countdown.js";
import { sized } from "./player.js";
import { drawWaves } from "./wave.js";
import { words } from "./words.js";

const ASK_EVERY = 2000;
const PATIENCE = 4000; // for a socket that neither opens nor closes
const SILENCE = 12000; // the server says something every five seconds: a line that is silent for longer is dead
const BLIP = 1000; // what is back by then is not worth a word
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 8000;
const LONGEST_VAIN = 60000; // between tries where no socket has ever worked
const STAYS = 5000; // a finished card becomes a row then
const NOT_YOURS = 4404;
const SIGNED_OUT = 4401;
const TOO_MANY = 4429;
const watched = new Map();

function cardOf(id) {
  return document.querySelector(`[data-live][data-song="${CSS.escape(id)}"]`);
}

class Watch {
  #seq;
  #last = null; // what the server said last
  #socket = null;
  #failures = 0;
  #hasHeard = false;
  #isOver = false;
  #fetching = null;
  #isStale = false;
  #isAsking = false;
  #timers = {};

  constructor(card) {
    this.id = card.dataset.song;
    this.#seq = Number(card.dataset.seq);
    this.#connect();
    this.#after("patience", PATIENCE, () => this.#ask());
    if (navigator.onLine === false) this.tellLost();
  }

  /** The line may be back: look at once, and do not wait for a pause to end. */
  hurry() {
    this.#failures = 0;
    this.#fetch();
    if (this.#socket?.readyState !== WebSocket.OPEN) this.#connect();
  }

  /** Say on the card that nothing is heard; the next word of the server takes its place. */
  tellLost() {
    const card = cardOf(this.id);
    if (!card) return;
    card.dataset.line = navigator.onLine === false ? "offline" : "reconnecting";
    tell(card, words(card.dataset.line), true);
  }

  #after(name, milliseconds, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, milliseconds);
  }

  #connect() {
    this.#drop();
    clearTimeout(this.#timers.again);
    const card = cardOf(this.id);
    if (!card || this.#isOver) {
      this.#stop();
      return;
    }
    const address = new URL(`${card.dataset.socket}?after=${this.#seq}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.#lose(code);
  }

  #drop() {
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #hear({ seq, state }) {
    const card = cardOf(this.id);
    if (!card) {
      this.#stop();
      return;
    }
    this.#failures = 0;
    this.#hasHeard = true;
    this.#stopAsking();
    this.#after("silence", SILENCE, () => this.#lose(0));
    this.#seq = Math.max(this.#seq, seq ?? 0);
    const isNew = seq !== null || state.is_final || state.status !== card.dataset.status;
    const isOtherwise = Boolean(state.retry_in) !== Boolean(card.querySelector("[data-countdown]"));
    if (isNew || isOtherwise || card.dataset.line) this.#fetch();
    this.#last = state;
    patch(card, state);
    if (state.is_final) this.#stop();
  }

  #lose(code) {
    this.#drop();
    if (this.#isOver) return;
    clearTimeout(this.#timers.silence);
    if (code === 1000 || code === NOT_YOURS) {
      this.#stop();
      this.#fetch();
      return;
    }
    if (code === SIGNED_OUT) {
      this.#stop();
      const card = cardOf(this.id);
      if (card) tell(card, words("signed_out"), true);
      return;
    }
    this.#failures += 1;
    if (this.#hasHeard && this.#failures === 1) this.#after("told", BLIP, () => this.tellLost());
    if (this.#failures > 1 || !this.#hasHeard) this.#ask();
    const longest = this.#hasHeard ? LONGEST_PAUSE : LONGEST_VAIN;
    const pause = Math.min(longest, FIRST_PAUSE * 2 ** (this.#failures - 1));
    this.#after("again", pause * (0.75 + Math.random() / 2), () => this.#connect()); // not all pages at one moment
  }

  /* Ask for the card again and again, until a socket says something or nothing is left to ask for. */
  async #ask() {
    if (this.#isAsking || this.#isOver) return;
    this.#isAsking = true;
    const isThere = await this.#fetch();
    if (!cardOf(this.id)) this.#stop();
    if (!this.#isAsking || this.#isOver) return;
    if (isThere) clearTimeout(this.#timers.told);
    else this.tellLost();
    this.#after("asking", ASK_EVERY, () => {
      this.#isAsking = false;
      this.#ask();
    });
  }

  #stopAsking() {
    for (const name of ["patience", "asking", "told", "again"]) clearTimeout(this.#timers[name]);
    this.#isAsking = false;
  }

  /* Fetch the card, once more if something happened meanwhile; whether the site answered. */
  #fetch() {
    this.#isStale = true;
    this.#fetching ??= this.#fetchAll().finally(() => (this.#fetching = null));
    return this.#fetching;
  }

  async #fetchAll() {
    let isThere = true;
    while (this.#isStale) {
      this.#isStale = false;
      const card = cardOf(this.id);
      if (card) isThere = await renew(card, () => this.#last).catch(() => false);
    }
    return isThere;
  }

  #stop() {
    this.#isOver = true;
    this.#stopAsking();
    clearTimeout(this.#timers.silence);
    this.#drop();
    if (watched.get(this.id) === this) watched.delete(this.id);
  }
}

/* Bring a card in line with what the server says of it; whether it said something. Whatever answer lacks the card (an
   error, a sign-in) is let be, and so is one that a socket or the loss of the line has overtaken. `heard`: what the
   socket said last. */
async function renew(card, heard) {
  const { line } = card.dataset;
  const answer = await fetch(card.dataset.card);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(card.id);
  if (!fresh || !card.isConnected || Number(fresh.dataset.seq) < Number(card.dataset.seq)) return answer.ok;
  if (card.dataset.line && card.dataset.line !== line) return false;
  const wasLive = card.hasAttribute("data-live");
  const said = card.querySelector("[data-say]");
  const isSame = !card.dataset.line && fresh.dataset.stage === card.dataset.stage;
  const saying = fresh.querySelector("[data-say]");
  if (isSame && said && saying) saying.textContent = said.textContent; // it is not announced once more
  Idiomorph.morph(card, fresh);
  const now = document.getElementById(fresh.id);
  htmx.process(now);
  const last = heard?.();
  const isBehind = last?.takes.some(({ progress }, i) => progress > JSON.parse(now.dataset.takes)[i].progress);
  if (isBehind && last.seq === Number(now.dataset.seq) && last.status === now.dataset.status) patch(now, last);
  const isDone = wasLive && !now.hasAttribute("data-live");
  countDown();
  if (now.hasAttribute("data-lingers")) setTimeout(() => settle(now.id), STAYS);
  document.dispatchEvent(new CustomEvent("song:card", { detail: { id: now.dataset.song, isDone } }));
  return true;
}

/* A finished card becomes a row; not while somebody is at it. */
function settle(id) {
  const card = document.querySelector(`#${CSS.escape(id)}[data-lingers]`);
  if (!card) return;
  if (card.matches(":hover, :has(:focus-visible)")) setTimeout(() => settle(id), 1000);
  else renew(card).catch(() => setTimeout(() => settle(id), STAYS));
}

/* What is seen follows every percent; what screen readers hear does not. */
function tell(card, told, isAnnounced) {
  const places = isAnnounced ? "[data-seen], [data-say]" : "[data-seen]";
  for (const place of card.querySelectorAll(places)) {
    if (place.textContent !== told) place.textContent = told;
  }
}

function markSteps(card, steps) {
  for (const [i, mark] of card.querySelectorAll(".steps li").entries()) {
    const { state } = steps[i];
    mark.className = state === "done" || state === "half" ? state : "";
    if (state === "now") mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  }
}

function patch(card, state) {
  tell(card, state.say, Boolean(card.dataset.line) || card.dataset.stage !== state.stage);
  delete card.dataset.line;
  card.dataset.stage = state.stage;
  card.dataset.seq = state.seq;
  for (const same of document.querySelectorAll(`main [data-takes][data-song="${CSS.escape(state.id)}"]`)) {
    same.dataset.takes = JSON.stringify(state.takes);
  }
  for (const take of state.takes) {
    const place = card.querySelector(`[data-take="${take.number}"] [data-percent]`);
    if (place && take.status === "recording") place.textContent = take.progress || "";
  }
  markSteps(card, state.steps);
  for (const place of card.querySelectorAll("[data-countdown]")) {
    place.dataset.countdown = state.retry_in;
    delete place.dataset.ends;
  }
  countDown();
  const percent = card.querySelector("[data-progress]");
  if (percent) percent.textContent = `${state.progress}%`;
  const cover = card.querySelector("[data-live-cover]");
  if (cover && !cover.src.includes(state.cover)) {
    cover.removeAttribute("srcset");
    cover.src = sized(state.cover, 192);
  }
  drawWaves(card);
  document.dispatchEvent(new CustomEvent("song:state", { detail: state }));
}

function hurryAll() {
  for (const watch of watched.values()) watch.hurry();
}

addEventListener("online", hurryAll);
addEventListener("offline", () => {
  for (const watch of watched.values()) watch.tellLost();
});
document.addEventListener("visibilitychange", () => document.hidden || hurryAll());

/** Watch every unfinished song of the page; one that is watched already stays so. */
export function watchCards() {
  for (const card of document.querySelectorAll("[data-live]")) {
    if (!watched.has(card.dataset.song)) watched.set(card.dataset.song, new Watch(card));
  }
  countDown();
}
