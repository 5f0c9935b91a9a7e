/* The places for recordings on the create page: a file that is dropped or chosen there comes in while one writes on.
   Without any of it an address stands in the field. */
import { player } from "./player.js";
import { words } from "./words.js";

const OWN = /\/sounds\/[0-9a-f-]{36}\/$/;

function field(slot) {
  return slot.querySelector("[type=url]");
}

function say(slot, told, isBad = false) {
  const place = slot.querySelector("[role=status]");
  place.className = isBad ? "bad" : "quiet";
  place.textContent = told;
}

/* What the site says of a recording, or nothing, and its address in the field. */
function show(slot, { address, card }) {
  slot.querySelector("[data-slot-card]").innerHTML = card;
  field(slot).value = address;
  field(slot).dispatchEvent(new Event("input", { bubbles: true }));
}

function bring(slot, file) {
  const { door, slot: role, largest, tooLarge } = slot.dataset;
  if (file.size > largest) {
    say(slot, tooLarge, true);
    return;
  }
  slot.sending?.abort();
  const gauge = slot.querySelector("progress");
  const sent = new XMLHttpRequest();
  slot.sending = sent;
  const end = (told, isBad) => {
    gauge.hidden = true;
    say(slot, told, isBad);
  };
  const fields = new FormData();
  fields.set("file", file);
  fields.set("role", role);
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
    const told = sent.response;
    end(told?.card ? words("brought_in", { name: file.name }) : (told?.error ?? words("site_failed")), !told?.card);
    if (told?.card) show(slot, told);
  };
  sent.onerror = () => end(words("site_silent"), true);
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

function onClick({ target }) {
  const slot = target.closest("[data-slot]");
  if (!slot) return;
  if (target.closest("[data-slot-pick]")) choose(slot);
  if (target.closest("[data-slot-remove]")) {
    show(slot, { address: "", card: "" });
    say(slot, "");
    (slot.querySelector("[data-slot-pick]") ?? field(slot)).focus();
  }
}

/* An address of one's own that was typed or taken from the list: what was heard there stands with it. */
async function onChange({ target }) {
  const slot = target.closest("[data-slot]");
  const address = target.value;
  if (!slot || !OWN.test(address) || !URL.canParse(address)) return;
  const answer = await fetch(`${new URL(address).pathname}card/`).catch(() => null);
  if (answer?.ok && target.value === address) show(slot, await answer.json());
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
  document.addEventListener("change", onChange);
  document.addEventListener("dragover", onDrag);
  document.addEventListener("drop", onDrag);
  document.addEventListener("play", ({ target }) => target.closest("[data-slot]") && player.pause(), true);
}
