// Comforts of the page of a complaint. The read-only parts are asked for again as one types; what a person
// enters is never replaced: questions in those parts move over with what they hold.
const form = document.querySelector("form[data-look]");
const { program, complaint } = form.elements;
const words = (text) => (text ? text.split(" ") : []);

// Of complaint kinds, programmes and papers those that fit stand first; the server checks the kinds.
function hide(select, fits) {
  for (const option of select.options) option.hidden = option.disabled = Boolean(option.value && !fits(option));
  for (const group of select.querySelectorAll("optgroup")) {
    group.hidden = [...group.children].every((option) => option.hidden);
  }
  if (select.selectedOptions[0]?.disabled) select.value = "";
}

function fitComplaints() {
  const fitting = words(program.selectedOptions[0]?.dataset.complaints);
  hide(complaint, (option) => !fitting.length || fitting.includes(option.value));
  if (!complaint.value && fitting.length === 1) complaint.value = fitting[0];
}

function fitPapers() {
  const asked = words(program.selectedOptions[0]?.dataset.papers);
  const [first, others] = form.querySelectorAll("[data-papers-list]");
  if (!asked.length || !others) return;
  for (const paper of form.querySelectorAll("[data-paper]")) {
    const ticked = paper.querySelector("input").checked;
    (ticked || asked.includes(paper.dataset.paper) ? first : others).append(paper);
  }
}

// A complaint that only one programme takes has chosen it.
function chooseProgram() {
  const takers = [...program.options].filter((option) => words(option.dataset.complaints).includes(complaint.value));
  if (!program.value && takers.length === 1) program.value = takers[0].value;
}

function fit(changed) {
  if (changed === complaint) chooseProgram();
  fitComplaints();
  fitPapers();
}

// The reason for having no NIK is asked only while there is none.
function fitNik() {
  const entry = form.elements.without_nik?.closest(".entry");
  if (entry && form.elements.nik) entry.hidden = Boolean(form.elements.nik.value.trim()) && !entry.matches(".wrong");
}

// Birth date and sex of somebody new follow from the NIK, unless they are there already.
function fillFromNik() {
  const { nik, birth_date: boxes, sex } = form.elements;
  const [, day, month, year] = /^\d{6}(\d\d)(\d\d)(\d\d)\d{4}$/.exec(nik.value.replace(/[\s.-]/g, "")) ?? [];
  if (!day || boxes?.length !== 3) return;
  const born = [Number(day) % 40, Number(month), Number(year) + 2000];
  if (born[2] > new Date().getFullYear()) born[2] -= 100;
  if (![...boxes].some((box) => box.value)) boxes.forEach((box, part) => (box.value = born[part]));
  if (sex && !sex.value) sex.value = Number(day) > 40 ? "female" : "male";
}

function put(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return;
  for (const kept of old.querySelectorAll("[data-ask]")) {
    fresh.querySelector(`[data-ask="${CSS.escape(kept.dataset.ask)}"]`)?.replaceWith(kept);
  }
  const rest = fresh.querySelector("[data-rest]");
  if (rest) rest.open = Boolean(old.querySelector("[data-rest][open]"));
  old.replaceWith(fresh);
}

let asking;
async function look() {
  asking?.abort();
  asking = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.delete("pasted");
  const answer = await fetch(form.dataset.look, { method: "POST", body, signal: asking.signal }).catch(() => null);
  if (!answer?.ok) return; // the button asks again, with a page of its own
  const parts = document.createElement("template");
  parts.innerHTML = await answer.text();
  const focused = document.activeElement;
  for (const fresh of [...parts.content.querySelectorAll("[data-part]")]) put(fresh);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

let soon;
form.addEventListener("change", ({ target }) => {
  if (target.name === "program" || target.name === "complaint") fit(target);
  fitNik();
  if (target.name === "nik") fillFromNik();
  if (["pasted", "words", "description"].includes(target.name) || !form.elements.who.value) return;
  clearTimeout(soon);
  soon = setTimeout(look, 200);
});

form.addEventListener("click", (event) => {
  const pick = event.target.closest("button[name=pick]");
  if (!pick) return;
  event.preventDefault();
  program.value = pick.value;
  program.dispatchEvent(new Event("change", { bubbles: true }));
  program.focus();
});

fit();
fitNik();
