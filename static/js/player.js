/* The sound. It outlives the pages above it: links, Back and forms never stop the music.

   One song, two takes, one position. Another take, or the finished file of a take that was heard while it was being
   made, goes on at the same second: a second element is brought there first, then the two change places. */
import { brought, come, fade, join, recorded, run } from "./sound.js";

/* Seconds: what a song comes to as a rule. A take's own length is known when it is whole. */
const LIKELY_LENGTH = 130;
const TICK = 50;

function partsOf(strip) {
  return [...strip.children].map(({ dataset, textContent }) => ({ from: dataset.from / 1000, name: textContent.trim() }));
}

/** The address of a cover in a width of 96, 192, 400 or 800 pixels. */
export function sized(cover, width) {
  return `${cover}${cover.includes("?") ? "&" : "?"}w=${width}`;
}

/** A song as an element of a page carries it; its own page knows its parts as well. */
export function songOf(element) {
  const { song, title, cover, inks, page, takes, wave, kept, favourite } = element.dataset;
  const strips = [...element.querySelectorAll("[data-strip]")];
  const parts = Object.fromEntries(strips.map((strip) => [strip.dataset.strip, partsOf(strip)]));
  const whole = { id: song, title, cover, inks, page, takes: JSON.parse(takes || "[]"), wave, kept, favourite };
  return strips.length ? { ...whole, parts } : whole;
}

/** Every song of the page that can be heard, in its order, each once. */
export function songsOnPage() {
  const songs = new Map();
  for (const element of document.querySelectorAll("main [data-takes]")) {
    const song = songOf(element);
    if (song.takes.some((take) => take.src)) songs.set(song.id, song);
  }
  return [...songs.values()];
}

function isAt(audio, take) {
  return audio?.getAttribute("src") === take.src && !audio.error;
}

/* Events: `song` when another song, take or file is on; `moved` when the music starts, stops or jumps, and now and then;
   `tick` many times a second while it plays; `sound` when volume or repeat change; `trouble` when a take cannot be
   played. */
class Player extends EventTarget {
  song = null;
  number = 1;
  queue = [];
  repeat = "off";
  audio = document.getElementById("audio");
  #volume = 1;
  #muted = false;
  #incoming = null;
  #spare = null;
  #failedAt = null;
  #inTrouble = false;
  #ticked = 0;
  #isTicking = false;
  #heard = new WeakSet();

  constructor() {
    super();
    if (this.audio) this.#listen(this.audio);
    addEventListener("online", () => this.#inTrouble && this.toggle());
  }

  get take() {
    return this.song?.takes.find((take) => take.number === this.number);
  }

  get letter() {
    return "AB"[this.number - 1];
  }

  get at() {
    return this.audio.currentTime;
  }

  get playing() {
    return Boolean(this.song) && !this.audio.paused && !this.#inTrouble;
  }

  get isRecording() {
    return Boolean(this.song) && !this.take?.whole;
  }

  /** Seconds of the whole take; of one that is being made, what has come so far. */
  get length() {
    return this.isRecording ? this.edge : (this.take?.duration_ms ?? 0) / 1000;
  }

  /** How far one may seek: to the end of a file, to the recorded edge of a stream. */
  get edge() {
    return this.isRecording ? recorded(this.audio) : this.length;
  }

  /** Where it is on the wave, 0 to 1, and never beyond what is recorded. */
  get share() {
    if (!this.isRecording) return this.length ? this.at / this.length : 0;
    return Math.min(this.at / LIKELY_LENGTH, this.take.progress / 100);
  }

  /** The parts of the take that is on, `{from, name}`; none where they are not known. */
  get parts() {
    return this.song?.parts?.[this.number] ?? [];
  }

  get volume() {
    return this.#volume;
  }

  get muted() {
    return this.#muted;
  }

  /** Set what is heard: volume 0 to 1, mute, and repeat ("off", "all" or "one"). */
  set({ volume = this.#volume, muted = this.#muted, repeat = this.repeat }) {
    this.#volume = this.audio.volume = volume;
    this.#muted = this.audio.muted = muted;
    this.repeat = repeat;
    this.#tell("sound");
  }

  is(id) {
    return this.song?.id === id;
  }

  /** Play a song, or one take of it: else the kept one. What plays already pauses. `queue`: the songs it stands among. */
  start(song, number, queue = this.queue) {
    const wanted = number ?? (this.is(song.id) ? this.number : Number(song.kept) || 1);
    const take = song.takes.find((one) => one.number === wanted && one.src) ?? song.takes.find((one) => one.src);
    if (!take) return;
    this.queue = queue;
    if (!this.is(song.id)) {
      this.#put(song, take.number);
      this.audio.src = take.src;
      run(this.audio);
      this.#tell("song");
      if (!song.parts) this.refresh();
    } else if (take.number === this.number) this.toggle();
    else this.change(take.number, true);
  }

  /** Lay a song on as it was left: it waits at that second. */
  async restore({ song, number, at, queue }) {
    this.queue = queue;
    this.#put(song, number);
    this.#tell("song");
    this.audio.currentTime = at; // kept by an element that has nothing to play yet
    await this.refresh();
    if (this.is(song.id) && !this.audio.currentSrc && !this.#incoming) this.change(number, false);
  }

  toggle() {
    if (!this.song) return;
    if (this.#inTrouble) {
      this.#failedAt = null;
      this.change(this.number, true);
    } else if (this.#incoming && !this.audio.currentSrc) this.#incoming.play = !this.#incoming.play;
    else if (!this.audio.currentSrc) this.change(this.number, true);
    else if (this.audio.paused) run(this.audio);
    else this.audio.pause();
  }

  pause() {
    this.audio?.pause();
  }

  /** The song before or after this one in its queue; where all is repeated, its ends meet. */
  neighbour(step) {
    const place = this.queue.findIndex((song) => song.id === this.song?.id);
    const next = place + step;
    if (place < 0 || this.queue.length < 2) return undefined;
    return this.repeat === "all" ? this.queue.at(next % this.queue.length) : this.queue[next];
  }

  skip(step) {
    const song = this.neighbour(step);
    if (song) this.start(song);
  }

  /** Go on with another take, or with another file of this one, at the same second. */
  change(number, play = this.playing) {
    const take = this.song?.takes.find((one) => one.number === number && one.src);
    if (!take) return;
    this.#drop();
    const isSameSound = number === this.number;
    this.number = number;
    this.#inTrouble = false;
    if (isAt(this.audio, take)) {
      if (play) run(this.audio); // one went there and back before the other take had come
      this.#tell("song");
      return;
    }
    const audio = isAt(this.#spare, take) ? this.#spare : new Audio();
    this.#spare = null;
    const next = { audio, play, isSameSound };
    this.#incoming = next;
    audio.addEventListener("error", () => this.#incoming === next && this.#fail(), { once: true });
    if (audio.readyState) this.#approach(next, take);
    else {
      audio.addEventListener("loadedmetadata", () => this.#approach(next, take), { once: true });
      audio.preload = play || !take.whole ? "auto" : "metadata";
      audio.src = take.src;
    }
    this.#tell("song");
  }

  seek(seconds) {
    if (!this.song) return;
    this.audio.currentTime = Math.max(0, Math.min(seconds, this.edge - 0.05));
    this.#tell("moved");
  }

  /** Seek to a place on the wave, 0 to 1. */
  seekToShare(share) {
    this.seek(share * (this.isRecording ? LIKELY_LENGTH : this.length));
  }

  /** News of a song: where it is ours, a take that is whole now goes on from its file. */
  learn(news) {
    const waiting = this.queue.find((song) => song.id === news.id);
    if (waiting) Object.assign(waiting, news);
    if (!this.is(news.id)) return;
    const wasRecording = this.isRecording;
    Object.assign(this.song, news);
    if (wasRecording && !this.isRecording && this.audio.currentSrc && !this.audio.ended) this.change(this.number);
    this.#tell("song");
  }

  /** Ask the song's page how things stand. What cannot be asked stays as it is. */
  async refresh() {
    const { id, page } = this.song;
    const answer = await fetch(page).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = fresh.querySelector(`main [data-takes][data-song="${CSS.escape(id)}"]`);
    if (found) this.learn(songOf(found));
  }

  #put(song, number) {
    this.#drop();
    this.#release(this.#spare);
    this.#spare = null;
    this.audio.pause();
    this.audio.currentTime = 0;
    this.song = { ...song };
    this.number = number;
    this.#failedAt = null;
    this.#inTrouble = false;
  }

  /* What was on its way is no longer waited for. */
  #drop() {
    const late = this.#incoming?.audio;
    this.#incoming = null;
    late?.pause();
    if (late && this.song?.takes.some((take) => take.whole && isAt(late, take))) this.#spare = late;
    else this.#release(late);
  }

  #release(audio) {
    audio?.removeAttribute("src");
    audio?.load();
  }

  async #approach(next, take) {
    const { audio } = next;
    const bring = async (seconds) =>
      brought(audio, take.whole ? Math.min(seconds, take.duration_ms / 1000 - 0.1) : await come(audio, seconds));
    const wasPlaying = this.playing;
    await bring(this.at);
    if (this.#incoming !== next) return;
    if (next.play) await join(this.audio, audio, bring);
    if (this.#incoming !== next) return;
    if (wasPlaying && !this.playing) audio.pause();
    await this.#adopt(next);
  }

  async #adopt({ audio: next, isSameSound }) {
    const old = this.audio;
    this.#incoming = null;
    this.audio = next;
    next.id = old.id;
    old.replaceWith(next);
    this.#listen(next);
    this.#beat();
    next.volume = 0;
    next.muted = this.#muted;
    this.#tell("moved");
    await fade(old, next, this.#volume, isSameSound);
    next.volume = this.#volume;
    old.pause();
    const isOurs = this.song?.takes.some((take) => take.whole && take.number !== this.number && isAt(old, take));
    if (isOurs && !this.#spare && !this.#incoming) this.#spare = old;
    else if (old !== this.#spare && old !== this.#incoming?.audio) this.#release(old);
    this.#prepare();
  }

  /* The other take waits beside this one, so that a change costs nothing. */
  #prepare() {
    const other = this.song?.takes.find((take) => take.number !== this.number && take.whole);
    if (!other || this.isRecording || this.#incoming || isAt(this.#spare, other)) return;
    if (navigator.connection?.saveData) return;
    this.#spare = Object.assign(new Audio(), { preload: "auto", src: other.src });
  }

  /* Once more, from where the song's page says it is now; then it is said. */
  async #fail() {
    const { song, at } = this;
    const hasMoved = this.#failedAt === null || at > this.#failedAt + 1;
    this.#drop();
    if (hasMoved) {
      this.#failedAt = at;
      await this.refresh();
      if (this.song === song && !this.#incoming) this.change(this.number, true);
    } else {
      this.#inTrouble = true;
      this.#tell("trouble");
    }
  }

  async #finish() {
    if (this.isRecording) await this.refresh();
    if (!this.audio.ended) return;
    if (this.repeat === "one") run(this.audio);
    else if (this.neighbour(1)) this.skip(1);
    else if (this.repeat === "all") run(this.audio);
  }

  #listen(audio) {
    if (this.#heard.has(audio)) return;
    this.#heard.add(audio);
    const on = (name, act) => audio.addEventListener(name, () => audio === this.audio && act());
    for (const news of ["timeupdate", "play", "pause", "durationchange", "seeked", "ended"]) {
      on(news, () => this.#tell("moved"));
    }
    on("playing", () => {
      this.#prepare();
      this.#beat();
    });
    on("ended", () => this.#finish());
    on("error", () => audio.getAttribute("src") && this.#fail());
  }

  /* One beat at a time; a hidden page has none. */
  #beat() {
    if (this.#isTicking || !this.playing) return;
    this.#isTicking = true;
    requestAnimationFrame((now) => {
      this.#isTicking = false;
      if (now - this.#ticked >= TICK) {
        this.#ticked = now;
        this.#tell("tick");
      }
      this.#beat();
    });
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

export const player = new Player();
