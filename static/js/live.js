/* Songs in the making: one socket each, patched at once on progress, fetched anew on a promise.

   A socket that is lost comes back with the last seq it has seen; where sockets do not work at all the card is asked
   for every two seconds. What is told twice changes nothing. */
import { drawWaves } from "./wave.js";

const POLL = 2000;
const GIVE_UP = 4000;
const watched = new Map();

class Watch {
  constructor(card) {
    this.id = card.dataset.song;
    this.seq = Number(card.dataset.seq) || 0;
    this.opened = false;
    this.tries = 0;
    this.connect();
    this.deadline = setTimeout(() => !this.opened && this.poll(), GIVE_UP);
  }

  get card() {
    return document.querySelector(`[data-live][data-song="${CSS.escape(this.id)}"]`);
  }

  connect() {
    const card = this.card;
    if (!card || this.over) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    try {
      this.socket = new WebSocket(`${scheme}//${location.host}${card.dataset.socket}?after=${this.seq}`);
    } catch {
      this.poll();
      return;
    }
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = (event) => this.closed(event);
  }

  hear({ seq, state }) {
    this.opened = true;
    this.tries = 0;
    clearTimeout(this.polling);
    this.polling = null;
    const card = this.card;
    if (!card) return this.stop();
    if (seq !== null && seq > this.seq) this.seq = seq;
    patch(card, state);
    if (seq !== null || state.is_final) this.fetchCard();
    if (state.is_final) {
      this.stop();
      document.dispatchEvent(new CustomEvent("song:final", { detail: { id: this.id } }));
    }
  }

  closed(event) {
    if (this.over || !this.card) return this.stop();
    if (event.code === 1000 || event.code === 4404) {
      this.stop();
      this.fetchCard();
      return;
    }
    this.tries += 1;
    if (this.tries > 1 || this.opened) say(this.card, "Reconnecting.");
    if (this.tries >= 2) this.poll();
    setTimeout(() => this.connect(), Math.min(8000, 500 * 2 ** this.tries));
  }

  poll() {
    if (this.polling || this.over) return;
    const ask = async () => {
      await this.fetchCard();
      this.polling = this.card && !this.over ? setTimeout(ask, POLL) : null;
    };
    this.polling = setTimeout(ask, 0);
  }

  async fetchCard() {
    const card = this.card;
    if (card && !card.dataset.card) return;
    if (!card || this.fetching) {
      this.again = Boolean(this.fetching);
      return;
    }
    this.fetching = true;
    try {
      await htmx.ajax("GET", card.dataset.card, {
        target: card,
        swap: "morph:outerHTML",
        select: `#${CSS.escape(card.id)}`,
      });
      drawWaves(document);
      const finished = document.getElementById(`card-${this.id}`);
      if (finished && !finished.hasAttribute("data-live")) {
        this.stop();
      }
    } finally {
      this.fetching = false;
      if (this.again) {
        this.again = false;
        this.fetchCard();
      }
    }
  }

  stop() {
    this.over = true;
    clearTimeout(this.deadline);
    clearTimeout(this.polling);
    this.socket?.close();
    watched.delete(this.id);
  }
}

function say(card, words) {
  const place = card?.querySelector("[data-say]");
  if (place && place.textContent !== words) place.textContent = words;
}

/* Screen readers hear at most one sentence in ten percent, and always what can be heard. */
function saySparingly(card, state) {
  const step = `${state.status}${state.takes.map((take) => take.status).join()}${Math.floor(state.progress / 10)}`;
  if (card.dataset.said !== step || card.querySelector("[data-say]")?.textContent === "Reconnecting.") {
    card.dataset.said = step;
    say(card, state.say);
  }
}

function patch(card, state) {
  saySparingly(card, state);
  for (const same of document.querySelectorAll(`main [data-song="${CSS.escape(state.id)}"]`)) {
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

/** Watch every unfinished song below `root`; one that is watched already stays so. */
export function watchCards(root) {
  for (const card of root.querySelectorAll("[data-live]")) {
    if (!watched.has(card.dataset.song)) watched.set(card.dataset.song, new Watch(card));
  }
}

addEventListener("online", () => watchCards(document));
