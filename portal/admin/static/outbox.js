// What waits on this phone to be sent: the store of "Catat di lapangan", its counter in the header of every page, and
// logging out, which wipes it. Pages load this only on a device on which something was ever kept.

const NAME = "lapangan", STORE = "catatan", NOTE = "lapangan";

export function store(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const db = opening.result, work = db.transaction(STORE, mode), asked = act(work.objectStore(STORE));
      work.oncomplete = () => (db.close(), done(asked?.result));
      work.onerror = work.onabort = () => (db.close(), failed(work.error));
    };
  });
}
export const all = () => store("readonly", (rows) => rows.getAll());
export const put = (row) => store("readwrite", (rows) => rows.put(row));
export const remove = (key) => store("readwrite", (rows) => rows.delete(key));

const noted = () => JSON.parse(localStorage.getItem(NOTE) ?? "null");

// The note holds how many wait and how that is said, nothing about anybody.
export function note(count, words) {
  localStorage.setItem(NOTE, JSON.stringify({ ...noted(), ...words, count }));
  show();
}

function show() {
  const said = noted();
  let link = document.getElementById("antrean-kepala");
  if (!said?.count) return link?.remove();
  link ??= Object.assign(document.createElement("a"), { id: "antrean-kepala", className: "office", href: "/lapangan" });
  link.textContent = said.counter.replace("@", said.count);
  document.querySelector(".top .office:not(#antrean-kepala)")?.after(link);
}

async function wipe() {
  const rows = await all();
  const mine = rows.filter((row) => row.owner === noted()?.owner);
  if (mine.length === rows.length) indexedDB.deleteDatabase(NAME);
  else for (const { key } of mine) await remove(key);
  await caches?.delete(NAME);
  for (const worker of await (navigator.serviceWorker?.getRegistrations() ?? [])) await worker.unregister();
  localStorage.removeItem(NOTE);
}

function confirmed(said, count) {
  const dialog = document.createElement("dialog");
  const text = Object.assign(document.createElement("p"), { textContent: said.leaving.replace("@", count) });
  const see = Object.assign(document.createElement("a"), { className: "button", href: "/lapangan", textContent: said.see });
  const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
  const button = (label) => Object.assign(document.createElement("button"), { className: "second", type: "button", textContent: label });
  const discard = button(said.discard), stay = button(said.stay);
  buttons.append(see, discard, stay);
  dialog.append(text, buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    discard.onclick = () => done(true);
    stay.onclick = () => dialog.close();
    dialog.onclose = () => (dialog.remove(), done(false));
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/keluar" || form.dataset.wiped) return;
  event.preventDefault();
  const said = noted();
  const mine = (await all().catch(() => [])).filter((row) => row.owner === said?.owner && row.state !== "sent");
  if (mine.length && !(await confirmed(said, mine.length))) return;
  await wipe().catch(() => {});
  form.dataset.wiped = "1";
  form.requestSubmit();
});

show();
