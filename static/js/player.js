/* The sound. It outlives the pages above it: links, Back and forms never stop the music.

   One song, two takes, one position. Another take, or the finished file of a take that was heard while it was being
   made, goes on at the same second: a second element is brought there first, then the two change places. */

/* Seconds: what a song comes to as a rule. A take's own length is known when it is whole. */
const LIKELY_LENGTH = 130;
const LONGEST_WAIT = 4000;
const UNHEARD = 0.015;
const SETTLING = 120;

/** A song as an element of a page carries it. */
export function songOf(element) {
  const { song, title, cover, inks, page, takes, wave } = element.dataset;
  return { id: song, title, cover, inks, page, takes: JSON.parse(takes || "[]"), wave };
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

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function recorded({ buffered }) {
  return buffered.length ? buffered.end(buffered.length - 1) : 0;
}

function brought(audio, seconds) {
  return new Promise((resolve) => {
    audio.addEventListener("seeked", resolve, { once: true });
    audio.currentTime = seconds;
  });
}

/* A stream must have come as far as `seconds` before one may go there. One that stays behind is taken as far as it is. */
async function come(audio, seconds) {
  const patience = performance.now() + LONGEST_WAIT;
  while (recorded(audio) < seconds && performance.now() < patience) await pause(50);
  return Math.max(0, Math.min(seconds, recorded(audio) - 0.1));
}

/* Events: `song` when another song, take or file is on; `moved` when time passes or the music starts or stops;
   `trouble` when a take cannot be played. */
class Player extends EventTarget {
  song = null;
  number = 1;
  queue = [];
  audio = document.getElementById("audio");
  #incoming = null;
  #hasRetried = false;

  constructor() {
    super();
    if (this.audio) this.#listen(this.audio);
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
    return Boolean(this.song) && !this.audio.paused;
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

  is(id) {
    return this.song?.id === id;
  }

  /** Play a song, or one take of it; what plays already pauses. `queue`: the songs it stands among. */
  start(song, number, queue = this.queue) {
    const wanted = number ?? (this.is(song.id) ? this.number : 1);
    const take = song.takes.find((one) => one.number === wanted && one.src) ?? song.takes.find((one) => one.src);
    if (!take) return;
    this.queue = queue;
    if (!this.is(song.id)) {
      this.#incoming = null;
      this.audio.pause();
      this.song = song;
      this.number = take.number;
      this.#open(take.src);
      this.#tell("song");
    } else if (take.number === this.number) this.toggle();
    else this.change(take.number, true);
  }

  toggle() {
    if (!this.song) return;
    if (this.audio.paused) this.#play(this.audio);
    else this.audio.pause();
  }

  pause() {
    this.audio?.pause();
  }

  /** The song before or after this one in its queue. */
  neighbour(step) {
    const place = this.queue.findIndex((song) => song.id === this.song?.id);
    return place < 0 ? undefined : this.queue[place + step];
  }

  skip(step) {
    const song = this.neighbour(step);
    if (song) this.start(song);
  }

  /** Go on with another take, or with another file of this one, at the same second. */
  async change(number, play = this.playing) {
    const take = this.song?.takes.find((one) => one.number === number && one.src);
    if (!take) return;
    this.number = number;
    const next = Object.assign(new Audio(), { preload: "auto", volume: this.audio.volume, muted: this.audio.muted });
    this.#incoming = next;
    next.addEventListener("error", () => this.#incoming === next && this.#fail(), { once: true });
    next.addEventListener("loadedmetadata", () => this.#approach(next, take, play), { once: true });
    next.src = take.src;
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
    if (!this.is(news.id)) return;
    const wasRecording = this.isRecording;
    Object.assign(this.song, news);
    if (wasRecording && !this.isRecording && !this.audio.ended) this.change(this.number);
    this.#tell("song");
  }

  #open(src) {
    this.#hasRetried = false;
    this.audio.src = src;
    this.#play(this.audio);
  }

  async #play(audio) {
    try {
      await audio.play();
    } catch (error) {
      // A newer source ended the old one's start: nothing is wrong.
      if (error.name !== "AbortError" && audio === this.audio) this.#fail();
    }
  }

  async #approach(next, take, play) {
    const wasPlaying = this.playing;
    await this.#bring(next, take, this.at);
    if (play && this.#incoming === next) await this.#join(next, take);
    if (wasPlaying && !this.playing) next.pause();
    if (this.#incoming === next) this.#adopt(next);
    else next.removeAttribute("src");
  }

  /* Runs `next` unheard beside the old one, and corrects it until both are at the same moment. */
  async #join(next, take) {
    next.muted = true;
    await this.#play(next);
    let lead = 0;
    for (let tries = 0; tries < 4 && this.playing; tries += 1) {
      await pause(SETTLING);
      const lag = this.at - next.currentTime;
      if (Math.abs(lag) < UNHEARD) break;
      lead += lag; // what a jump costs here: the next one aims ahead by as much
      await this.#bring(next, take, this.at + lead);
    }
  }

  async #bring(next, take, seconds) {
    const there = take.whole ? Math.min(seconds, take.duration_ms / 1000 - 0.1) : await come(next, seconds);
    await brought(next, there);
  }

  #adopt(next) {
    const old = this.audio;
    this.#incoming = null;
    this.#hasRetried = false;
    next.muted = old.muted;
    next.id = old.id;
    old.pause();
    old.replaceWith(next);
    this.audio = next;
    this.#listen(next);
    old.removeAttribute("src");
    old.load();
    this.#tell("moved");
  }

  #fail() {
    const { take, at } = this;
    this.#incoming = null;
    if (!take || this.#hasRetried) {
      this.#tell("trouble");
      return;
    }
    this.#open(take.src);
    this.#hasRetried = true;
    if (take.whole) this.audio.currentTime = at;
  }

  #listen(audio) {
    for (const news of ["timeupdate", "play", "pause", "durationchange", "seeked", "ended"]) {
      audio.addEventListener(news, () => audio === this.audio && this.#tell("moved"));
    }
    audio.addEventListener("error", () => audio === this.audio && audio.getAttribute("src") && this.#fail());
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

export const player = new Player();
