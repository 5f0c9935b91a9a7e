/* Songs in the making: one socket each. Progress is patched in at once; on a promise the card is fetched anew.

   A socket that is lost comes back with the last seq it has seen. Where sockets do not work at all, the card is asked
   for every two seconds. What is told twice changes nothing. */
import { drawWaves } from "./wave.js";

const ASK_EVERY = 2000;
const PATIENCE = 4000;
const LONGEST_PAUSE = 8000;
const NOT_YOURS = 4404;
const SIGNED_OUT = 4401;
const TOO_MANY = 4429;
const watched = new Map();

function cardOf(id) {
  return document.querySelector(`[data-live][data-song="${CSS.escape(id)}"]`);
}

class Watch {
  #seq;
  #socket = null;
  #failures = 0;
  #isOver = false;
  #isFetching = false;
  #isStale = false;
  #asking = null;
  #patience;

  constructor(card) {
    this.id = card.dataset.song;
    this.#seq = Number(card.dataset.seq);
    this.#connect();
    this.#patience = setTimeout(() => this.#ask(), PATIENCE);
  }

  #connect() {
    const card = cardOf(this.id);
    if (!card || this.#isOver) {
      this.#stop();
      return;
    }
    const address = new URL(`${card.dataset.socket}?after=${this.#seq}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.#socket = new WebSocket(address);
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#lose(code);
  }

  #hear({ seq, state }) {
    const card = cardOf(this.id);
    if (!card) {
      this.#stop();
      return;
    }
    this.#failures = 0;
    this.#stopAsking();
    this.#seq = Math.max(this.#seq, seq ?? 0);
    patch(card, state);
    if (seq !== null || state.is_final || state.status !== card.dataset.status) this.#fetch();
    if (state.is_final) this.#stop();
  }

  #lose(code) {
    if (this.#isOver) return;
    if (code === 1000 || code === NOT_YOURS) {
      this.#stop();
      this.#fetch();
      return;
    }
    const card = cardOf(this.id);
    if (code === SIGNED_OUT) {
      this.#stop();
      if (card) say(card, "You are signed out. Recording goes on; sign in to hear it.");
      return;
    }
    this.#failures += 1;
    if (card && code !== TOO_MANY) say(card, "Reconnecting. Recording goes on.");
    if (this.#failures > 1 || code === TOO_MANY) this.#ask();
    setTimeout(() => this.#connect(), Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failures));
  }

  /* Ask for the card again and again, until a socket says something or nothing is left to ask for. */
  async #ask() {
    if (this.#asking !== null || this.#isOver) return;
    this.#asking = 0;
    await this.#fetch();
    if (!cardOf(this.id)) this.#stop();
    if (this.#asking === null || this.#isOver) return;
    this.#asking = setTimeout(() => {
      this.#asking = null;
      this.#ask();
    }, ASK_EVERY);
  }

  #stopAsking() {
    clearTimeout(this.#patience);
    clearTimeout(this.#asking);
    this.#asking = null;
  }

  async #fetch() {
    this.#isStale = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#isStale) {
      this.#isStale = false;
      const card = cardOf(this.id);
      if (card) await renew(card).catch(() => {}); // the site does not answer: what stands here stays
    }
    this.#isFetching = false;
  }

  #stop() {
    this.#isOver = true;
    this.#stopAsking();
    this.#socket?.close();
    if (watched.get(this.id) === this) watched.delete(this.id);
  }
}

/* Bring a card in line with what the server says of it. Whatever answer lacks the card (an error, a sign-in) is let be. */
async function renew(card) {
  const answer = await fetch(card.dataset.card);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(card.id);
  if (!fresh || !card.isConnected) return;
  const wasLive = card.hasAttribute("data-live");
  Idiomorph.morph(card, fresh);
  const now = document.getElementById(fresh.id);
  htmx.process(now);
  const isDone = wasLive && !now.hasAttribute("data-live");
  document.dispatchEvent(new CustomEvent("song:card", { detail: { id: now.dataset.song, isDone } }));
}

function say(card, words) {
  const place = card.querySelector("[data-say]");
  if (place && place.textContent !== words) place.textContent = words;
}

/* Screen readers hear at most one sentence in ten percent, and always what can be heard. */
function saySparingly(card, { status, takes, progress, say: words }) {
  const stage = [status, ...takes.map((take) => take.status), Math.floor(progress / 10)].join();
  if (card.dataset.stage === stage && !card.textContent.includes("Reconnecting.")) return;
  card.dataset.stage = stage;
  say(card, words);
}

function patch(card, state) {
  saySparingly(card, state);
  for (const same of document.querySelectorAll(`main [data-takes][data-song="${CSS.escape(state.id)}"]`)) {
    same.dataset.takes = JSON.stringify(state.takes);
  }
  for (const take of state.takes) {
    const place = card.querySelector(`[data-take="${take.number}"] [data-percent]`);
    if (place && take.status === "recording") place.textContent = take.progress || "";
  }
  const percent = card.querySelector("[data-progress]");
  if (percent) percent.textContent = `${state.progress}%`;
  const cover = card.querySelector("[data-live-cover]");
  if (cover && cover.getAttribute("src") !== state.cover) cover.src = state.cover;
  drawWaves(card);
  document.dispatchEvent(new CustomEvent("song:state", { detail: state }));
}

/** Watch every unfinished song of the page; one that is watched already stays so. */
export function watchCards() {
  for (const card of document.querySelectorAll("[data-live]")) {
    if (!watched.has(card.dataset.song)) watched.set(card.dataset.song, new Watch(card));
  }
}
