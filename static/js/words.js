/* What scripts say, in the language of the page: studio/songs/script_words.py writes it there. */
const table = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** The words of this name, with `{…}` filled in from `values`; where they depend on a number, that is `n`. */
export function words(name, values = {}) {
  const told = table[name] ?? name;
  const form = told[""] === undefined ? told : (told[values.n < 200 ? values.n : 100 + (values.n % 100)] ?? told[""]);
  return form.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}
