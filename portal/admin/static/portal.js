// Comforts on top of pages that do everything without them: nothing is fetched, kept or decided here.

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

// Of the complaint kinds and papers, those of the chosen programme stand first; the server checks the kinds.
const program = document.querySelector("select[data-program]");
const words = (text) => (text ? text.split(" ") : []);

function fitComplaints(fitting) {
  const complaint = program.form.elements.complaint;
  for (const option of complaint.options) {
    option.hidden = option.disabled = Boolean(option.value && fitting.length && !fitting.includes(option.value));
  }
  for (const group of complaint.querySelectorAll("optgroup")) {
    group.hidden = [...group.children].every((option) => option.hidden);
  }
  if (complaint.selectedOptions[0]?.disabled) complaint.value = "";
  if (!complaint.value && fitting.length === 1) complaint.value = fitting[0];
}

function fitPapers(asked) {
  const [first, others] = program.form.querySelectorAll("[data-papers-list]");
  if (!asked.length || !others) return;
  for (const paper of program.form.querySelectorAll("[data-paper]")) {
    const ticked = paper.querySelector("input").checked;
    (ticked || asked.includes(paper.dataset.paper) ? first : others).append(paper);
  }
}

function fit() {
  const chosen = program.selectedOptions[0]?.dataset ?? {};
  fitComplaints(words(chosen.complaints));
  fitPapers(words(chosen.papers));
}

if (program) {
  program.addEventListener("change", fit);
  fit();
}
