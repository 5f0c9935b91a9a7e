/* The player at the foot of the page. It outlives the pages above it: links, Back and forms never stop the music.

   One song, two takes, one position. A take that is still being made plays from its growing stream and moves to the
   finished file at the same second; so does a change of take. A new element is brought to that second first, then the
   two are exchanged, so that the ear notices nothing. */
import { showPosition, draw } from "./wave.js";

const deck = document.getElementById("deck");
const part = (name) => deck?.querySelector(`[data-deck="${name}"]`);
const channel = "BroadcastChannel" in window ? new BroadcastChannel("player") : null;

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes ? `${minutes} minute${minutes > 1 ? "s" : ""} ` : ""}${whole % 60} seconds`;
}

function setIcon(button, name) {
  const use = button?.querySelector("use");
  if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
}

class Player extends EventTarget {
  song = null;
  number = 1;
  audio = document.getElementById("audio");
  retried = false;

  get take() {
    return this.song?.takes.find((take) => take.number === this.number);
  }

  get length() {
    if (this.take?.whole && this.take.duration_ms) return this.take.duration_ms / 1000;
    return Number.isFinite(this.audio.duration) ? this.audio.duration : 0;
  }

  get at() {
    return this.audio.currentTime;
  }

  get playing() {
    return Boolean(this.song) && !this.audio.paused;
  }

  /** How far one may seek: to the end of a file, to the recorded edge of a stream. */
  get edge() {
    if (this.take?.whole) return this.length;
    const ranges = this.audio.buffered;
    return ranges.length ? ranges.end(ranges.length - 1) : 0;
  }

  start(element, number) {
    const song = readSong(element);
    const chosen = number ?? this.choice(element, song);
    const take = song.takes.find((one) => one.number === chosen && one.src) ?? song.takes.find((one) => one.src);
    if (!take) return;
    if (this.song?.id === song.id) {
      this.song = song;
      if (take.number === this.number && this.audio.src) this.toggle();
      else this.change(take.number, true);
      return;
    }
    this.leave();
    this.song = song;
    this.number = take.number;
    this.dress();
    this.load(take.src, 0, true);
  }

  choice(element, song) {
    const radio = element.querySelector?.("[data-take-choice]:checked");
    return radio ? Number(radio.value) : (song.takes.find((take) => take.src)?.number ?? 1);
  }

  load(src, at, play) {
    this.retried = false;
    this.audio.src = src;
    if (at) this.audio.currentTime = at;
    if (play) this.audio.play().catch((error) => error.name !== "AbortError" && this.fail());
  }

  toggle() {
    if (!this.song) return;
    if (this.audio.paused) this.audio.play().catch((error) => error.name !== "AbortError" && this.fail());
    else this.audio.pause();
  }

  /** Go on with another take, or another file of the same one, at the same second. */
  change(number, play = this.playing) {
    const take = this.song?.takes.find((one) => one.number === number && one.src);
    if (!take) return;
    this.number = number;
    const here = take.duration_ms ? Math.min(this.at, take.duration_ms / 1000 - 0.2) : this.at;
    const next = new Audio();
    next.preload = "auto";
    next.volume = this.audio.volume;
    next.muted = this.audio.muted;
    next.src = take.src;
    const swap = async () => {
      if (this.incoming !== next) return;
      if (play && take.whole) next.currentTime = Math.min(Math.max(0, this.at + 0.02), next.duration - 0.05);
      const old = this.audio;
      this.incoming = null;
      if (play) await next.play().catch(() => this.fail());
      old.pause();
      next.id = "audio";
      old.replaceWith(next);
      this.audio = next;
      this.listen(next);
      old.removeAttribute("src");
      old.load();
      this.show();
    };
    this.incoming = next;
    next.addEventListener("loadedmetadata", () => (next.currentTime = Math.max(0, here)), { once: true });
    next.addEventListener("seeked", swap, { once: true });
    next.addEventListener("error", () => this.incoming === next && this.fail(), { once: true });
    this.dress();
  }

  seek(seconds) {
    if (!this.song) return;
    this.audio.currentTime = Math.max(0, Math.min(seconds, this.edge - 0.05));
    this.show();
  }

  /** News of a song in the making: where it is ours, a take that is whole now goes on from its file. */
  learn(state) {
    if (this.song?.id !== state.id) return;
    const before = this.take;
    Object.assign(this.song, { title: state.title, cover: state.cover, takes: state.takes });
    const now = this.take;
    if (before && now && !before.whole && now.whole && !this.audio.ended) this.change(this.number);
    this.dress();
  }

  leave() {
    if (this.song) showPosition(this.song.id, null);
    this.audio.pause();
  }

  fail() {
    const take = this.take;
    if (take && !this.retried) {
      const at = this.at;
      this.load(take.src, at, true);
      this.retried = true;
      return;
    }
    part("line").textContent = "This take cannot be played right now.";
  }

  /** The deck as this song wants it. */
  dress() {
    if (!deck || !this.song) return;
    deck.hidden = false;
    document.body.classList.add("has-deck");
    deck.className = `deck inks-${this.song.inks}`;
    deck.dataset.song = this.song.id;
    deck.dataset.wave = this.song.wave;
    deck.dataset.takes = JSON.stringify(this.song.takes);
    part("cover").hidden = false;
    part("cover").src = this.song.cover;
    part("title").textContent = this.song.title;
    part("title").href = this.song.page;
    for (const radio of part("takes").querySelectorAll("input")) {
      const take = this.song.takes.find((one) => one.number === Number(radio.value));
      radio.disabled = !take?.src;
      radio.checked = take?.number === this.number;
    }
    this.announce();
    this.show();
  }

  announce() {
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({
      title: this.song.title,
      artist: `Take ${"AB"[this.number - 1]}`,
      artwork: [{ src: this.song.cover, sizes: "1024x1024" }],
    });
  }

  /** Everything that moves: time, wave, buttons. */
  show() {
    if (!this.song || !deck) return;
    const { length, at } = this;
    const recording = !this.take?.whole;
    part("at").textContent = clock(at);
    part("length").textContent = recording ? "recording" : clock(length);
    part("line").textContent = `Take ${"AB"[this.number - 1]}${recording ? ", while it is being made" : ""}`;
    setIcon(part("play"), this.playing ? "pause" : "play");
    part("play").setAttribute("aria-label", this.playing ? "Pause" : "Play");
    const position = { at: length && !recording ? at / length : 0, take: this.number };
    for (const slider of sliders(this.song.id)) {
      slider.setAttribute("aria-valuemax", Math.round(length || this.edge));
      slider.setAttribute("aria-valuenow", Math.round(at));
      slider.setAttribute("aria-valuetext", length && !recording ? `${spoken(at)} of ${spoken(length)}` : spoken(at));
    }
    draw(part("scrub").querySelector("canvas"), deck, position);
    showPosition(this.song.id, recording ? null : position);
    this.mark();
    this.dispatchEvent(new Event("moved"));
  }

  /** Play buttons and take switches of this song on the page. */
  mark() {
    for (const button of document.querySelectorAll("main [data-play]")) {
      const song = button.closest("[data-song]");
      const mine = song?.dataset.song === this.song?.id;
      const number = Number(button.dataset.play) || this.number;
      const on = mine && this.playing && number === this.number;
      setIcon(button, on ? "pause" : "play");
      const label = button.getAttribute("aria-label") ?? "";
      button.setAttribute("aria-label", label.replace(/^(Play|Pause)/, on ? "Pause" : "Play"));
    }
    for (const radio of document.querySelectorAll(`[data-song="${CSS.escape(this.song.id)}"] [data-take-choice]`)) {
      radio.checked = Number(radio.value) === this.number;
    }
  }

  /** A page has come: bring it in line with what plays. */
  meet() {
    if (this.song) {
      const there = document.querySelector(`main [data-song="${CSS.escape(this.song.id)}"]`);
      if (there) {
        const fresh = readSong(there);
        if (fresh.wave !== this.song.wave) this.song.wave = fresh.wave;
        this.learn({ id: fresh.id, title: fresh.title, cover: fresh.cover, takes: fresh.takes });
      }
      this.show();
    }
  }

  listen(audio) {
    for (const news of ["timeupdate", "play", "pause", "durationchange", "seeked"]) {
      audio.addEventListener(news, () => audio === this.audio && this.show());
    }
    audio.addEventListener("play", () => channel?.postMessage("mine"));
    audio.addEventListener("error", () => audio === this.audio && audio.getAttribute("src") && this.fail());
    audio.addEventListener("ended", () => audio === this.audio && this.show());
  }
}

function readSong(element) {
  const { song, title, cover, inks, page, takes, wave } = element.dataset;
  return { id: song, title, cover, inks, page, takes: JSON.parse(takes || "[]"), wave };
}

function sliders(id) {
  return document.querySelectorAll(`[data-song="${CSS.escape(id)}"] [role="slider"]`);
}

export const player = new Player();

function scrubTo(slider, event) {
  const box = slider.getBoundingClientRect();
  const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  const song = slider.closest("[data-song]");
  if (song.dataset.song !== player.song?.id) player.start(song);
  if (player.length) player.seek(share * player.length);
}

function keyOnSlider(slider, key) {
  const step = { ArrowLeft: -5, ArrowRight: 5, PageDown: -15, PageUp: 15 }[key];
  if (step) player.seek(player.at + step);
  else if (key === "Home") player.seek(0);
  else if (key === "End") player.seek(player.edge - 1);
  else return false;
  return slider.closest("[data-song]")?.dataset.song === player.song?.id;
}

function keyAnywhere(event) {
  const { key } = event;
  if (key === " ") player.toggle();
  else if (key === "ArrowLeft") player.seek(player.at - 5);
  else if (key === "ArrowRight") player.seek(player.at + 5);
  else if (key === "a" || key === "b") player.change(key === "a" ? 1 : 2);
  else if (key === "m") part("mute").click();
  else return;
  event.preventDefault();
}

function setUp() {
  if (!deck) return;
  player.listen(player.audio);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-play]");
    const seek = event.target.closest("[data-seek]");
    if (button) player.start(button.closest("[data-song]"), Number(button.dataset.play) || undefined);
    if (seek) {
      const song = seek.closest("[data-song]");
      if (song.dataset.song !== player.song?.id) player.start(song);
      player.seek(Number(seek.dataset.seek) / 1000);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches('[name="deck-take"]')) player.change(Number(event.target.value));
    if (event.target.matches("[data-take-choice]")) {
      const song = event.target.closest("[data-song]");
      if (song.dataset.song === player.song?.id) player.change(Number(event.target.value));
      document.dispatchEvent(new CustomEvent("take:chosen", { detail: Number(event.target.value) }));
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const slider = event.target.closest('[role="slider"]');
    if (!slider || event.button) return;
    scrubTo(slider, event);
    const drag = (moved) => scrubTo(slider, moved);
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", () => document.removeEventListener("pointermove", drag), { once: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const slider = event.target.closest?.('[role="slider"]');
    if (slider && keyOnSlider(slider, event.key)) event.preventDefault();
    else if (player.song && !event.target.closest?.("input, textarea, select, button, a, summary, [contenteditable]"))
      keyAnywhere(event);
  });
  part("play").addEventListener("click", () => player.toggle());
  part("volume").addEventListener("input", (event) => (player.audio.volume = event.target.value / 100));
  part("mute").addEventListener("click", () => {
    player.audio.muted = !player.audio.muted;
    part("mute").setAttribute("aria-pressed", String(player.audio.muted));
    setIcon(part("mute"), player.audio.muted ? "volume-x" : "volume-2");
  });
  document.addEventListener("song:state", (event) => player.learn(event.detail));
  channel?.addEventListener("message", () => player.audio.pause());
  if ("mediaSession" in navigator) {
    for (const deed of ["play", "pause"]) navigator.mediaSession.setActionHandler(deed, () => player.toggle());
    navigator.mediaSession.setActionHandler("seekto", ({ seekTime }) => player.seek(seekTime));
  }
}

setUp();
