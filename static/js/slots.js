/* The places for recordings on the create page: a file that is dropped or chosen there comes in while one writes on; of
   an address the site says what it is. Without any of it an address stands in the field. */
import { words } from "./words.js";

function field(slot) {
  return slot.querySelector("[type=url]");
}

function told(slot) {
  return slot.parentElement.dataset;
}

/* `looks`: "quiet", "bad", or "sr" for what the eye sees anyway. */
function say(slot, sentence, looks = "quiet") {
  const place = slot.querySelector("[role=status]");
  place.parentElement.className = `${looks} said`;
  place.textContent = sentence;
}

/* What the site says of a recording, or nothing, and its address in the field. The focus stays in the place. */
function show(slot, { address, card, name }) {
  const hadFocus = slot.contains(document.activeElement);
  const known = document.getElementById("sounds");
  if (name && ![...known.options].some(({ value }) => value === address)) known.prepend(new Option(name, address));
  slot.sending?.abort();
  slot.querySelector("progress").hidden = true;
  slot.querySelector("[role=alert]")?.remove();
  slot.querySelector("[data-slot-card]").innerHTML = card;
  slot.querySelector("details").open = false;
  field(slot).removeAttribute("aria-invalid");
  field(slot).value = address;
  field(slot).dispatchEvent(new Event("input", { bubbles: true }));
  if (hadFocus) slot.querySelector("[data-slot-card] button, summary").focus();
}

function bring(slot, file) {
  const { door, largest, tooLarge } = told(slot);
  if (file.size > largest) {
    say(slot, tooLarge, "bad");
    return;
  }
  slot.sending?.abort();
  const panel = slot.querySelector("details");
  if (panel.contains(document.activeElement)) panel.firstElementChild.focus();
  panel.open = false;
  const gauge = slot.querySelector("progress");
  const sent = new XMLHttpRequest();
  slot.sending = sent;
  const refuse = (sentence) => {
    gauge.hidden = true;
    say(slot, sentence, "bad");
  };
  const fields = new FormData();
  fields.set("file", file);
  fields.set("role", slot.dataset.slot);
  sent.open("POST", door);
  sent.responseType = "json";
  sent.setRequestHeader("Accept", "application/json");
  sent.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  sent.upload.onprogress = ({ loaded, total }) => (gauge.value = loaded / total);
  sent.upload.onload = () => {
    gauge.removeAttribute("value");
    say(slot, words("listening", { name: file.name }));
  };
  sent.onload = () => {
    const { response } = sent;
    if (response?.card) {
      show(slot, response);
      say(slot, words("brought_in", { name: file.name }), "sr");
    } else refuse(response?.error ?? words("site_failed"));
  };
  sent.onerror = () => refuse(words("site_silent"));
  gauge.value = 0;
  gauge.hidden = false;
  say(slot, words("bringing", { name: file.name }));
  sent.send(fields);
}

function choose(slot) {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: "audio/*,.mp3,.m4a,.wav,.flac,.ogg" });
  input.onchange = () => bring(slot, input.files[0]);
  input.click();
}

/* What the site says of the address in the field. Where it says nothing, the address stays as it is. */
async function ask(slot) {
  const { value } = field(slot);
  say(slot, "");
  field(slot).removeAttribute("aria-invalid");
  if (!value.trim()) return;
  const asked = new URLSearchParams({ role: slot.dataset.slot, address: value });
  const answer = await fetch(`${told(slot).card}?${asked}`).catch(() => null);
  const isTold = answer?.headers.get("Content-Type")?.includes("json");
  const found = isTold && (await answer.json());
  if (!found || field(slot).value !== value) return;
  if (answer.ok) {
    show(slot, found);
    return;
  }
  say(slot, found.error, "bad");
  field(slot).setAttribute("aria-invalid", "true");
}

function onClick({ target }) {
  const slot = target.closest("[data-slot]");
  if (!slot) return;
  if (target.closest("[data-slot-pick]")) choose(slot);
  if (target.closest("[data-slot-remove]")) {
    show(slot, { address: "", card: "" });
    say(slot, "");
  }
  const own = target.closest("[data-slot-own] button");
  if (own) {
    field(slot).value = own.value;
    ask(slot);
  }
}

/* A panel that opens has the list of one's own. */
function onToggle({ target }) {
  const list = target.querySelector?.("[data-slot-own]");
  if (!list || !target.open) return;
  const rows = [...document.getElementById("sounds").options].map(({ value, text: textContent }) =>
    Object.assign(document.createElement("button"), { type: "button", className: "item", value, textContent }),
  );
  list.replaceChildren(...rows);
  list.parentElement.hidden = !rows.length;
}

/* An address is asked about once it is whole: pasted, chosen from the list, or left; Enter does not send the song. */
function onAddress(event) {
  const { target, type, inputType, key, ctrlKey, metaKey } = event;
  if (!target.matches?.("[data-slot] [type=url]")) return;
  if (type === "keydown" && (key !== "Enter" || ctrlKey || metaKey)) return;
  if (type === "input" && !/Paste|Replacement/.test(inputType)) return;
  if (type === "keydown") event.preventDefault();
  ask(target.closest("[data-slot]"));
}

/* A file that misses its place does not take the page away. */
function onDrag(event) {
  const slot = event.target.closest?.("[data-slot]");
  for (const other of document.querySelectorAll("[data-over]")) other.removeAttribute("data-over");
  if (!event.dataTransfer.types.includes("Files") || !event.target.closest?.("[data-create]")) return;
  event.preventDefault();
  if (event.type === "drop") {
    const [file] = event.dataTransfer.files;
    if (slot?.querySelector("[data-slot-pick]") && file) bring(slot, file);
  } else if (slot) slot.dataset.over = "";
  else event.dataTransfer.dropEffect = "none";
}

/** Take recordings in where there are places for them. */
export function setUpSlots() {
  document.addEventListener("click", onClick);
  document.addEventListener("toggle", onToggle, true);
  for (const target of document.querySelectorAll("[data-slot] details[open]")) onToggle({ target });
  for (const news of ["change", "input", "keydown"]) document.addEventListener(news, onAddress);
  for (const news of ["dragover", "drop"]) document.addEventListener(news, onDrag);
}
