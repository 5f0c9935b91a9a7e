/* The library's list: songs selected by box, key, finger; moved by hand; and the place one comes back to.

   Everything here can be done without it as well: boxes, menus and links are forms and links. */
import { choice } from "./keep.js";

const LONG_PRESS = 500;
const places = new Map(); // address: how far down it was left, and from which song
let isBack = false; // the address came by Back or Forward
let last = null; // the box that was set last: a range begins there

function list() {
  return document.querySelector("[data-songs]");
}

function itemOf(element) {
  return element.closest?.("[data-songs] > [data-song]");
}

function boxOf(item) {
  return item.querySelector(".tick");
}

function boxes() {
  return [...(list()?.querySelectorAll(".tick") ?? [])];
}

function tell() {
  const bulk = document.getElementById("bulk");
  const place = bulk?.querySelector("[data-picked]");
  if (!place) return;
  const all = bulk.querySelector("[data-all]");
  const ticked = boxes().filter((box) => box.checked).length;
  if (all && ticked < boxes().length) all.checked = false;
  const many = all?.checked ? Number(all.dataset.all) : ticked;
  const words = many === 1 ? place.dataset.one : place.dataset.many.replace("{n}", many);
  if (many && place.textContent !== words) place.textContent = words;
}

function select(box, isOn) {
  box.checked = isOn;
  last = box;
  tell();
}

function selectRange(from, to, isOn) {
  const all = boxes();
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const box of all.slice(Math.max(0, start), end + 1)) box.checked = isOn;
}

/* How many songs stand beside one another. */
function columns(items) {
  const top = items[0].offsetTop;
  const next = items.findIndex((item) => item.offsetTop > top);
  return next < 0 ? items.length : next;
}

function neighbour(item, key) {
  const items = [...list().children];
  const across = columns(items);
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  if (across === 1 && (key === "ArrowLeft" || key === "ArrowRight")) return undefined; // a row's: these seek
  return items[items.indexOf(item) + steps[key]];
}

function onKey(event) {
  const { key, target, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const hasMenu = document.querySelector("details.drop[open]");
  if (key === "Escape" && !hasMenu && boxes().some((box) => box.checked)) document.getElementById("bulk").reset();
  const item = itemOf(target);
  if (!item || hasMenu) return;
  const isLetter = key.toLowerCase() === "x" && choice("single-keys") !== false;
  if (isLetter || (key === " " && target.matches(".t"))) select(boxOf(item), !boxOf(item).checked);
  else if (/^(Arrow|Home$|End$)/.test(key)) {
    const next = neighbour(item, key);
    if (!next) return;
    if (shiftKey) for (const one of [item, next]) select(boxOf(one), true);
    next.querySelector(".t").focus();
    next.scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
}

function onClick(event) {
  const box = event.target.closest("[data-songs] .tick");
  if (!box) return;
  if (event.shiftKey && last?.isConnected) selectRange(last, box, box.checked);
  last = box;
}

function onChange({ target }) {
  if (target.matches("[data-submits]")) target.form.requestSubmit();
  if (target.matches("[data-all]")) for (const box of boxes()) box.checked = target.checked;
  if (target.matches(".tick")) tell();
}

/* A finger that stays selects; where it lets go is no click then. */
function onPress({ target, pointerType, clientX, clientY }) {
  const item = itemOf(target);
  if (!item || pointerType !== "touch" || target.closest("button, summary, input, [data-grip]")) return;
  const ends = new AbortController();
  const { signal } = ends;
  const timer = setTimeout(() => {
    ends.abort();
    select(boxOf(item), !boxOf(item).checked);
    const stop = (event) => event.preventDefault();
    addEventListener("click", stop, { capture: true, once: true });
    addEventListener("contextmenu", stop, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", stop, { capture: true }), 2000);
  }, LONG_PRESS);
  const leave = () => (clearTimeout(timer), ends.abort());
  for (const name of ["pointerup", "pointercancel", "scroll"]) addEventListener(name, leave, { signal, capture: true });
  const moved = (now) => Math.hypot(now.clientX - clientX, now.clientY - clientY) > 10 && leave();
  addEventListener("pointermove", moved, { signal });
}

function postMove(item) {
  const { playlist } = list().dataset;
  const [way, other] = item.nextElementSibling
    ? ["before", item.nextElementSibling]
    : ["after", item.previousElementSibling];
  const form = item.querySelector("[data-deeds]");
  const values = { do: `move ${item.dataset.song} ${playlist} ${way} ${other.dataset.song}` };
  htmx.ajax("POST", form.action, { source: form, values, target: "#main", select: "#main", swap: "outerHTML show:none" });
}

/* A playlist's row taken by its grip goes where it is let go. */
function onGrip(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  const item = itemOf(grip);
  const before = item.nextElementSibling;
  event.preventDefault();
  const ends = new AbortController();
  item.classList.add("is-lifted");
  const move = ({ clientY }) => {
    const others = [...list().children].filter((other) => other !== item);
    const under = others.find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return clientY < top + height / 2;
    });
    if (under ? under !== item.nextElementSibling : list().lastElementChild !== item) list().insertBefore(item, under ?? null);
  };
  const drop = () => {
    ends.abort();
    item.classList.remove("is-lifted");
    if (item.nextElementSibling !== before) postMove(item);
  };
  // Not captured: a row that changes its place in the page would lose the pointer.
  addEventListener("pointermove", move, { signal: ends.signal });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, drop, { signal: ends.signal });
}

/** Back to where this address was left, if Back led here. */
export function findPlace() {
  const place = places.get(location.href);
  if (!place || !isBack) return;
  document.getElementById(place.id)?.querySelector(".t")?.focus({ preventScroll: true });
  scrollTo(0, place.y);
}

/** Hear boxes, keys and fingers of every list from now on. */
export function setUpLibrary() {
  document.addEventListener("keydown", onKey, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("pointerdown", onPress);
  document.addEventListener("pointerdown", onGrip);
  addEventListener("popstate", () => (isBack = true));
  document.addEventListener("htmx:beforeRequest", () => {
    isBack = false;
    places.set(location.href, { y: scrollY, id: itemOf(document.activeElement)?.id });
  });
}
