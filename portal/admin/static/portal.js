// Comforts on top of pages that do everything without them, in one file: each costs a slow line a round trip.

// A form is sent once: its button says so and rests until the answer comes.
document.addEventListener("submit", ({ submitter }) => {
  if (!submitter?.dataset.busy) return;
  const label = submitter.textContent;
  const rest = (resting) => {
    submitter.disabled = resting;
    submitter.textContent = resting ? submitter.dataset.busy : label;
  };
  setTimeout(rest, 0, true); // after the browser has read the form, in which a disabled button has no part
  setTimeout(rest, 10000, false);
  addEventListener("pageshow", () => rest(false), { once: true });
});

// A device on which complaints were kept without a line shows how many wait, and asks before it forgets them.
if (localStorage.getItem("lapangan")) import("./outbox.js");

// "/" leads to the search box from anywhere but a field.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const search = document.getElementById("cari");
  if (search) event.preventDefault(), search.focus();
});

// The screen is locked without leaving the page, so that what is being typed stays: by hand, or when nobody is there.
// Without scripts the server does it: a form that is sent to a locked screen is kept until it is unlocked.

const QUIET = 15 * 60 * 1000;
const form = document.getElementById("kunci-layar");
const dialog = document.getElementById("terkunci");
const page = [...document.body.children].filter((each) => each !== dialog);
let last = Date.now();

const headers = { Accept: "application/json" }; // asks for an answer without a page
const post = (path, data) => fetch(path, { method: "POST", headers, body: new URLSearchParams(data) });

function show(visible) {
  for (const each of page) each.style.display = visible ? "" : "none";
}

async function lock() {
  if (dialog.open) return;
  show(false);
  dialog.showModal();
  await post("/kunci", {}).catch(() => {});
}

async function unlock(event) {
  event.preventDefault();
  const proof = dialog.querySelector("input");
  const answer = await post("/kunci/buka", { proof: proof.value }).catch(() => null);
  if (answer?.status === 401) return location.assign("/masuk"); // the session has ended meanwhile
  const right = answer?.status === 204;
  dialog.querySelector(".error").hidden = right;
  proof.value = "";
  if (!right) return proof.focus();
  show(true);
  last = Date.now();
  dialog.close();
}

if (form && dialog) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lock();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", unlock);
  for (const sign of ["keydown", "pointerdown", "scroll"]) {
    addEventListener(sign, () => (last = Date.now()), { passive: true, capture: true });
  }
  setInterval(() => Date.now() - last > QUIET && lock(), 15000);
}

// A region that tells how far something is asks again every few moments; when that has ended, the whole page is new.
async function poll(region) {
  await new Promise((later) => setTimeout(later, Number(region.dataset.poll)));
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return poll(region);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
  if (!fresh?.dataset.poll) return location.reload();
  region.replaceChildren(...fresh.childNodes);
  poll(region);
}
for (const region of document.querySelectorAll("[data-poll]")) poll(region);

// The letter beside its form follows what is typed; on a line that is to be spared, its button draws it.
for (const part of navigator.connection?.saveData ? [] : document.querySelectorAll("[data-preview]")) {
  const frame = part.querySelector("iframe");
  const form = part.closest("form");
  let asking, soon;
  async function draw() {
    asking?.abort();
    asking = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("part", "html");
    const answer = await fetch(part.dataset.preview, { method: "POST", body, signal: asking.signal }).catch(() => null);
    if (!answer?.ok) return;
    const place = frame.contentWindow?.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, place), { once: true });
    frame.srcdoc = await answer.text();
    frame.hidden = false;
  }
  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(draw, 700);
  });
}
