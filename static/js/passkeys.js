/* A form that is sent with a passkey: made (data-passkey="create") or shown ("get"). What the browser is asked for
   stands in the page, or is fetched from the form's own address. */

async function shown(form) {
  const island = document.getElementById(form.dataset.passkeyOptions);
  if (island) return JSON.parse(island.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function credential(form) {
  const { publicKey } = await shown(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }
  const wanted = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  const isAlone = form.elements.passwordless.checked;
  Object.assign(wanted.authenticatorSelection, {
    residentKey: isAlone ? "required" : "discouraged",
    requireResidentKey: isAlone,
    ...(isAlone && { userVerification: "required" }),
  });
  return navigator.credentials.create({ publicKey: wanted });
}

async function onSubmit(event) {
  const form = event.target.closest("[data-passkey]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const said = form.querySelector("[data-passkey-said]");
  said.hidden = true;
  const tell = (which) => {
    said.textContent = said.dataset[which];
    said.hidden = false;
  };
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return tell("wordsUnknown");
  try {
    form.elements.credential.value = JSON.stringify((await credential(form)).toJSON());
    form.submit();
  } catch ({ name }) {
    tell({ InvalidStateError: "wordsKnown", SecurityError: "wordsUnknown" }[name] ?? "wordsStopped");
  }
}

/** Hear the forms of every page from now on. */
export function setUpPasskeys() {
  document.addEventListener("submit", onSubmit, { capture: true });
}
