// Catat di lapangan: keeps complaints on this phone until there is a line, and sends them in the order in which they
// were taken, each under its own key, so that an answer that was lost is asked for again and makes no second case.

import { all, note, put, remove } from "./outbox.js";

const form = document.getElementById("catatan");
const list = document.getElementById("antrean");
const told = document.getElementById("lapangan-status");
const say = form.dataset, { owner } = say;
const MOST = 50, WEEK = 7 * 24 * 3600 * 1000, DAY = 24 * 3600 * 1000, PATIENCE = 20000;
let editing = null, sending = false;

const mine = async () => (await all()).filter((row) => row.owner === owner).sort((a, b) => a.taken.localeCompare(b.taken));
const fill = (text, values) => text.replace(/@(\w+)/g, (_, name) => values[name] ?? "");
const tell = (text) => (told.textContent = text);

function part(tag, text, extra = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...extra });
}

function line(row) {
  const item = document.createElement("li");
  const when = new Date(row.taken).toLocaleString("id", { dateStyle: "short", timeStyle: "short" });
  item.append(part("b", row.state === "sent" ? row.number || say.sentWithout : row.title), ` · ${when} · `);
  item.append(part("span", say[row.state], { className: `badge ${{ sent: "good", failed: "late" }[row.state] ?? "soon"}` }));
  if (row.check) item.append(part("p", say.check, { className: "flush" }));
  for (const why of row.why ?? []) item.append(part("p", why, { className: "error" }));
  const buttons = part("div", "", { className: "chips" });
  if (row.href) buttons.append(part("a", say.open, { href: row.href, className: "second" }));
  if (row.state !== "sent") {
    const edit = part("button", say.edit, { type: "button", className: "second" });
    edit.append(part("span", `: ${row.title}`, { className: "unseen" }));
    edit.onclick = () => load(row);
    buttons.append(edit);
  }
  const drop = part("button", row.state === "sent" ? say.hide : say.drop, { type: "button", className: "second" });
  drop.append(part("span", `: ${row.number || row.title}`, { className: "unseen" }));
  drop.onclick = () => (row.state === "sent" || confirm(say.dropping)) && remove(row.key).then(show);
  buttons.append(drop);
  item.append(buttons);
  return item;
}

async function show() {
  const rows = await mine(), waiting = rows.filter((row) => row.state !== "sent");
  for (const row of rows) if (row.state === "sent" && Date.now() - Date.parse(row.taken) > DAY) await remove(row.key);
  list.replaceChildren(...rows.map(line));
  document.getElementById("kosong").hidden = rows.length > 0;
  const others = (await all()).length - rows.length;
  const others_told = document.getElementById("lain");
  others_told.hidden = !others;
  others_told.textContent = fill(say.others, { n: others });
  note(waiting.length, { owner, counter: say.counter, leaving: say.leaving, see: say.see, discard: say.discard, stay: say.stay });
  return waiting;
}

function title() {
  const name = form.querySelector("[name=who]:checked")?.value === "anonymous" ? say.unnamed : form.elements.name?.value || say.unnamed;
  return `${name} · ${form.elements.program?.selectedOptions[0]?.textContent ?? ""}`;
}

function missing() {
  const unknown = form.querySelector("[name=who]:checked")?.value !== "anonymous";
  const asked = [...form.querySelectorAll(".entry, .people")].filter((entry) => entry.querySelector(".must") && (unknown || !entry.closest(".new-person")));
  const empty = asked.filter((entry) => {
    const parts = [...entry.querySelectorAll("input:not([type=hidden]),select,textarea")];
    return !parts.some((each) => (each.matches("[type=radio],[type=checkbox]") ? each.checked : each.value.trim()));
  });
  return empty.map((entry) => entry.querySelector("label, legend").firstChild.textContent.trim());
}

async function save(event) {
  event.preventDefault();
  const waiting = (await mine()).filter((row) => row.state !== "sent");
  if (!editing && waiting.length >= MOST) return tell(fill(say.full, { n: MOST }));
  if (!editing && waiting.some((row) => Date.now() - Date.parse(row.taken) > WEEK)) return tell(say.old);
  const empty = missing();
  if (empty.length) return tell(fill(say.missing, { what: empty.join(", ") })), told.focus();
  const fields = [...new FormData(form)].filter(([, text]) => typeof text === "string");
  const row = editing ?? { key: crypto.randomUUID(), taken: new Date().toISOString(), owner };
  await put({ ...row, fields, title: title(), form: say.release, state: "waiting", why: [] });
  editing = null;
  form.reset();
  tell(say.kept);
  await show();
  told.focus();
  send();
}

function load(row) {
  editing = row;
  form.reset();
  const used = {};
  for (const [name, text] of row.fields) {
    for (const [at, entry] of [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`)].entries()) {
      if (entry.matches("[type=radio],[type=checkbox]")) entry.checked ||= entry.value === text;
      else if (at === (used[name] ?? 0)) entry.value = text;
    }
    used[name] = (used[name] ?? 0) + 1;
  }
  tell(say.editing);
  (form.querySelector("input:not([type=hidden])") ?? form).focus();
}

async function post(row) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
  const body = new URLSearchParams([...row.fields, ["key", row.key], ["form", row.form], ["taken", row.taken]]);
  try {
    const answer = await fetch("/lapangan/kirim", { method: "POST", body, headers: { "X-Portal-Form": "1", Accept: "application/json" }, signal: stop.signal });
    const json = answer.headers.get("content-type")?.startsWith("application/json");
    return { status: answer.status, said: json ? await answer.json() : {} };
  } finally {
    clearTimeout(timer);
  }
}

async function send(asked = false) {
  if (sending) return;
  sending = true;
  let sent = 0;
  try {
    for (const row of await mine()) {
      if (row.state === "sent" || (row.state === "failed" && !asked) || row.key === editing?.key) continue;
      tell(say.sending);
      const { status, said } = await post(row);
      if (said.led) return tell(say.out);
      if (status === 200) {
        const { key, taken } = row;
        await put({ key, taken, owner, state: "sent", number: said.number, href: said.href, check: said.check });
        sent += 1;
      } else if (status === 429 || status >= 500) {
        return tell(say.busy);
      } else {
        await put({ ...row, state: "failed", why: said.why ?? [fill(say.refused, { status })] });
      }
      await show();
    }
    const left = await show();
    if (sent || asked) tell(left.length ? fill(say.left, { sent, n: left.length }) : fill(say.done, { sent }));
  } catch {
    tell(fill(say.offline, { n: (await mine()).filter((row) => row.state !== "sent").length }));
  } finally {
    sending = false;
    await show();
  }
}

form.addEventListener("submit", save);
document.getElementById("kirim").addEventListener("click", () => send(true));
addEventListener("online", () => send());
setInterval(async () => !document.hidden && (await mine()).some((row) => row.state === "waiting") && send(), 60000);
if (navigator.serviceWorker) navigator.serviceWorker.register("/lapangan/pekerja.js", { scope: "/lapangan" }).catch(() => tell(say.insecure));
else tell(say.insecure);
navigator.storage?.persist?.();
show().then((waiting) => waiting.length && send());
