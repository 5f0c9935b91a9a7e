/* What is typed into the form is kept on the server while one types. Words that were written elsewhere meanwhile are
   never written over: the page says so, and its writer chooses. */
import { post } from "./post.js";

const PAUSE = 800;
const AGAIN = 5000;
let current = null;

class Draft {
  #form;
  #kept;
  #timer;
  #sending = null;

  constructor(form) {
    this.#form = form;
    const isRestored = [...form.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
    this.#kept = isRestored ? null : this.#written;
    if (isRestored) this.saveIn(PAUSE);
    form.addEventListener("input", () => this.saveIn(PAUSE));
    this.#part("apart").addEventListener("click", ({ target }) => this.#choose(target.closest("button")?.value));
  }

  get isUnsaved() {
    const { isConnected, classList } = this.#form;
    return isConnected && !classList.contains("htmx-request") && this.#part("apart").hidden && this.#written !== this.#kept;
  }

  get #written() {
    return JSON.stringify([...this.#fields].filter(([name]) => !["revision", "replaces"].includes(name)));
  }

  get #fields() {
    return new FormData(this.#form);
  }

  #part(name) {
    return document.querySelector(`[data-draft-${name}]`);
  }

  saveIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), milliseconds);
  }

  /** Save what is not saved, after what is being saved; when somebody `leaves`, at once. */
  async save(leaves = false) {
    clearTimeout(this.#timer);
    if (!leaves) await this.#sending;
    if (!this.isUnsaved) return;
    this.#sending = this.#send();
    await this.#sending;
    this.#sending = null;
  }

  async #send() {
    const written = this.#written;
    const answer = await post(this.#form.dataset.draft, this.#fields);
    const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (told) this.#form.elements.revision.value = told.revision;
    if (told && answer.ok) {
      this.#kept = written;
      this.#form.elements.replaces.value = "";
      const untouched = this.#part("untouched");
      if (untouched) untouched.value = "";
      this.#say("saved");
    } else if (told) this.#part("apart").hidden = false;
    else {
      this.#say("unsaved");
      this.saveIn(AGAIN);
    }
  }

  #say(name) {
    const place = this.#part("said");
    if (place.textContent !== place.dataset[name]) place.textContent = place.dataset[name];
  }

  async #choose(whose) {
    if (!whose) return;
    if (whose === "these") {
      this.#form.elements.replaces.value = "1";
      this.#part("apart").hidden = true;
      this.#form.elements.prompt.focus();
      this.save();
      return;
    }
    const fields = this.#fields;
    fields.set("take", "1");
    const answer = await post(this.#form.dataset.draft, fields);
    if (answer?.ok) htmx.ajax("GET", this.#form.action, { target: "#main", select: "#main", swap: "outerHTML" });
    else this.#say("unsaved");
  }
}

/** Keep what is typed into this form. */
export function keepDraft(form) {
  current = new Draft(form);
}

addEventListener("pagehide", () => current?.save(true));
addEventListener("online", () => current?.save());
document.addEventListener("visibilitychange", () => document.hidden && current?.save(true));
document.addEventListener("htmx:confirm", (event) => {
  if (event.target.matches("[data-create]") || !current?.isUnsaved) return;
  event.preventDefault();
  current.save().then(() => event.detail.issueRequest(true));
});
