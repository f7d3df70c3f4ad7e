// Keeps the draft on the server as it is typed: two seconds after the last key, one question at a time.
// What could not be kept stays in the page and in its form, and is tried again.
import { ask, said } from "./asking.js";

const PAUSE = 2000;
const AGAIN = [2000, 4000, 8000, 15000];
const LARGEST = 60000; // bytes that a browser still sends for a page that is being left

export function keeper(view, { area, words }) {
  const { save: address, saved } = area.dataset;
  const told = saved && document.getElementById(saved);
  let version = Number(area.dataset.version), timer, busy = false, waiting = false, tries = 0;
  let left = false, refused = false; // the form brings the text; somebody else has changed the draft
  // What a browser puts back after a reload is newer than what the page came with.
  let kept = area.value === area.defaultValue ? view.state.doc : null;

  async function run(more) {
    clearTimeout(timer);
    const doc = view.state.doc;
    if (left || refused || doc === kept) return;
    if (busy) return (waiting = true);
    busy = true;
    const answer = await ask(address, { ...said(area), version, text: doc.toString() }, undefined, more);
    busy = false;
    if (left) return;
    if (answer?.status === 200 && answer.version !== undefined) {
      [kept, tries] = [doc, 0];
      numbered(answer.version);
      tell(answer.saved);
    } else if (answer?.status === 409) {
      refused = true; // whose words hold is for people to say; these stay here
      return tell(answer.message, true);
    } else {
      tell(answer?.led ? words.out : answer?.message ?? words.unsaved);
      timer = setTimeout(run, AGAIN[Math.min(tries++, AGAIN.length - 1)]);
    }
    if (waiting) (waiting = false), run();
  }

  function numbered(next) {
    version = next;
    area.dataset.version = next;
    const field = area.form?.elements.namedItem("version");
    if (field instanceof HTMLInputElement) field.value = next;
  }

  function tell(text, bad = false) {
    if (!told) return;
    told.textContent = text;
    told.classList.toggle("error", bad);
  }

  const isShort = () => view.state.doc.length < LARGEST / 2;

  function leaving() {
    if (document.visibilityState === "hidden" && isShort()) run({ keepalive: true });
  }

  document.addEventListener("visibilitychange", leaving);
  addEventListener("online", () => tries && run());
  area.form?.addEventListener("submit", () => {
    left = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => (left = false));
  addEventListener("beforeunload", (event) => {
    const goes = isShort() && !tries && !refused; // with the last question, as the page is left
    if (!left && !goes && view.state.doc !== kept) event.preventDefault();
  });

  function changed() {
    left = false;
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  }

  if (!kept) changed();
  return changed;
}
