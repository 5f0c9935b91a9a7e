/* Small things sent to the site while people go on: nothing is waited for, and what is sent outlasts the page. */

const LARGE = 15000; // characters; browsers let 64 KB outlast a page

/** Send `fields` to `address`, as a form would; the answer, or null where the site does not answer. */
export async function post(address, fields) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const keepalive = [...body.values()].join("").length < LARGE;
  return fetch(address, { method: "POST", headers, body, keepalive, redirect: "error" }).catch(() => null);
}
