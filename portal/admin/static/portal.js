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
