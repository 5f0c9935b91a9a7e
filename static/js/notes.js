/* Notes are saved while one types. Others that were saved elsewhere meanwhile are shown and never written over. */
import { post } from "./post.js";
import { words } from "./words.js";

const PAUSE = 800;
const AGAIN = 5000;
let unsaved = null;

class Notes {
  #form;
  #timer;
  #isSending = false;

  constructor(form) {
    this.#form = form;
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    form.addEventListener("input", () => this.#change());
    form.addEventListener("change", () => this.save());
    form.addEventListener("click", ({ target }) => this.#choose(target.closest("[data-notes-take]")));
  }

  get #field() {
    return this.#form.elements.notes;
  }

  #part(name) {
    return this.#form.querySelector(`[data-notes-${name}]`);
  }

  #change() {
    unsaved = this;
    this.#part("said").textContent = "";
    this.#saveIn(PAUSE);
  }

  #saveIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), milliseconds);
  }

  async save() {
    clearTimeout(this.#timer);
    if (unsaved !== this || this.#isSending || !this.#part("others").hidden) return;
    this.#isSending = true;
    const notes = this.#field.value;
    const answer = await post(this.#form.action, { notes, seen: this.#form.elements.seen.value });
    this.#isSending = false;
    const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (told && answer.ok) this.#keep(notes, told.seen);
    else if (told?.error) this.#part("said").textContent = told.error;
    else if (answer?.status === 409) this.#showOthers(told);
    else {
      this.#part("said").textContent = words("notes_waiting");
      this.#saveIn(AGAIN);
    }
  }

  #keep(notes, seen) {
    this.#form.elements.seen.value = seen;
    if (this.#field.value !== notes) {
      this.#saveIn(PAUSE);
      return;
    }
    if (unsaved === this) unsaved = null;
    this.#part("said").textContent = words("notes_saved");
  }

  #showOthers({ others, seen }) {
    this.#form.elements.seen.value = seen;
    this.#part("theirs").textContent = others;
    this.#part("others").hidden = false;
    this.#part("said").textContent = words("notes_apart");
  }

  #choose(button) {
    if (!button) return;
    const theirs = this.#part("theirs").textContent;
    if (button.dataset.notesTake === "theirs") this.#field.value = theirs;
    if (button.dataset.notesTake === "both") this.#field.value = `${this.#field.value}\n\n${theirs}`;
    this.#part("others").hidden = true;
    this.#field.focus();
    this.save();
  }
}

/** Save the notes of this page while they are written. */
export function meetNotes() {
  const form = document.querySelector("[data-notes]:not([data-ready])");
  if (form) new Notes(form);
}

addEventListener("pagehide", () => unsaved?.save());
addEventListener("online", () => unsaved?.save());
document.addEventListener("visibilitychange", () => document.hidden && unsaved?.save());
