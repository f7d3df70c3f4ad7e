// Keeps a form on the server as it is typed, and sends it so that a dead line never costs what was typed.
// What could not be sent stays in this page alone: nothing about anybody is kept in the browser's storage.

const told = document.getElementById("draf");
const HEADERS = { "X-Portal-Form": "1" };
const PAUSE = 1200, LATEST = 8000, PATIENCE = 20000;
const AGAIN = [2000, 4000, 8000, 15000];

const keyed = (form) => form.querySelector("[name=key],[name=submission]");
const typing = (form) =>
  form.method === "post" && form.dataset.draft !== "off" && keyed(form) &&
  !form.querySelector("[type=password],[autocomplete=one-time-code]") &&
  [...form.elements].some((each) => each.matches("textarea,select,input:not([type=hidden])"));
const addressOf = (form) => form.getAttribute("action") || location.pathname;

function entries(form) {
  return [...new FormData(form)].filter(([name, text]) => typeof text === "string" && name !== "key" && name !== "submission");
}

function say(form, text, link) {
  told.textContent = text;
  told.hidden = false;
  if (link) {
    const a = Object.assign(document.createElement("a"), { href: "/masuk", target: "_blank", textContent: told.dataset.again });
    told.append(" ", a);
  }
  const buttons = [...form.querySelectorAll(".buttons")].pop();
  buttons ? buttons.append(told) : form.append(told);
}

async function ask(address, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address, { method: "POST", headers: HEADERS, body, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

function keeper(form) {
  const state = { last: JSON.stringify(entries(form)), timer: 0, since: 0, tries: 0, over: false };

  async function save(was = "") {
    clearTimeout(state.timer);
    state.since = 0;
    const said = JSON.stringify(entries(form));
    if (state.over || (said === state.last && !was)) return;
    const body = new URLSearchParams({ page: location.pathname, form: addressOf(form), key: keyed(form).value, was, title: document.title.split(" · ")[0], fields: said });
    try {
      const answer = await ask("/draf", body);
      if (state.over) return;
      if (answer.status === 413) return (state.over = true);
      if (!answer.ok) throw answer;
      const { at, led } = await answer.json();
      if (led) return say(form, told.dataset.out, true);
      state.last = said;
      state.tries = 0;
      if (at) say(form, told.dataset.kept.replace("@", at));
    } catch {
      if (state.over) return;
      say(form, told.dataset.unkept);
      state.timer = setTimeout(save, AGAIN[Math.min(state.tries++, 3)]);
    }
  }

  function typed() {
    state.since ||= Date.now();
    clearTimeout(state.timer);
    state.timer = setTimeout(save, Math.min(PAUSE, Math.max(0, state.since + LATEST - Date.now())));
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  addEventListener("online", () => state.tries && save());
  return { save, stop: () => (clearTimeout(state.timer), (state.over = true)), go: () => (state.over = false), well: () => !state.tries };
}

// The form is sent by the script first, with its own key: a lost answer is asked for again and makes no second row.
// What the server has to show is shown by the browser, which sends the same form once more.
function sender(form, kept) {
  let busy = false, native = false, sent = null;

  function contents(submitter) {
    const data = new FormData(form, submitter);
    if (submitter?.name && !data.has(submitter.name)) data.append(submitter.name, submitter.value); // it rests
    const files = [...data.values()].some((each) => typeof each !== "string");
    return files ? data : new URLSearchParams(data);
  }

  async function attempt(submitter, tries) {
    // What is sent again is what was sent, whatever the page has put into the form since; only typing makes it new.
    sent ??= contents(submitter);
    let answer;
    try {
      answer = await ask(submitter?.getAttribute("formaction") || addressOf(form), sent);
      if ([429, 502, 503, 504].includes(answer.status)) throw answer;
    } catch (error) {
      say(form, error instanceof Response ? told.dataset.busy : told.dataset.unsent);
      kept.go();
      return setTimeout(attempt, AGAIN[Math.min(tries, 3)], submitter, tries + 1);
    }
    const { led } = answer.headers.get("content-type") === "application/json" ? await answer.json().catch(() => ({})) : {};
    if (led?.startsWith("/masuk")) {
      busy = false;
      kept.go();
      return say(form, told.dataset.out, true);
    }
    kept.stop();
    if (led) return location.assign(led);
    natively(submitter);
  }

  function natively(submitter) {
    native = true;
    if (submitter) submitter.disabled = false;
    form.requestSubmit(submitter);
  }

  form.addEventListener("submit", (event) => {
    if (native) return (native = false);
    // A button that only looks something up shows a page: it need not be asked twice while the line holds.
    if (event.submitter?.formNoValidate && kept.well() && navigator.onLine) return kept.stop();
    event.preventDefault();
    if (busy) return event.stopImmediatePropagation();
    busy = true;
    sent = null;
    kept.stop();
    attempt(event.submitter, 0);
  });
  form.addEventListener("input", () => (sent = null));
  addEventListener("pageshow", ({ persisted }) => persisted && (busy = false, kept.go()));
}

for (const form of document.querySelectorAll("main form")) {
  if (!typing(form)) continue;
  const kept = keeper(form);
  sender(form, kept);
  // The form came back from the server under another key: its draft goes on under that one.
  if (told.dataset.was && told.dataset.form === addressOf(form) && told.dataset.was !== keyed(form).value) kept.save(told.dataset.was);
}
