/* The title is changed where it stands: Enter keeps it, Escape gives the old one back. */

let opener = null;

function form() {
  return document.querySelector("#song .rename");
}

function open(button) {
  opener = button.closest(".menu") ? button.closest("details").querySelector("summary") : button;
  for (const menu of document.querySelectorAll("details.drop[open]")) menu.open = false;
  form().dataset.open = "";
  form().elements.title.select();
}

function close() {
  delete form().dataset.open;
  form().reset();
  (opener?.isConnected ? opener : document.querySelector("#song [data-rename]")).focus();
}

function onClick(event) {
  const button = event.target.closest("[data-rename], [data-rename-not]");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  if (button.matches("[data-rename]")) open(button);
  else close();
}

/** Let titles be changed in place from now on. */
export function setUpRenaming() {
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form()?.contains(event.target)) close();
  });
}
