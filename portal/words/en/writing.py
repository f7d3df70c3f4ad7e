"""English sentences of one part of the portal: writes, bulk acts and exports."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "write-stale": "Somebody else has changed this record",
    "write-stale-what": "What you typed is not saved yet and nothing of it is lost. For each line below choose the right value, then save.",
    "write-stale-form": "See or correct everything you typed",
    "write-field": "Field",
    "write-mine": "Yours",
    "write-theirs": "Stored now",
    "write-empty": "(empty)",
    "write-save-chosen": "Save this choice",
    "write-keep-theirs": "Keep what is stored",
    "write-save-mine": "Save all of mine",
    "write-again-title": "This form has been saved before",
    "write-again": "What you sent differs from what was saved and is not saved. If it is another record, save again; if not, open the saved one.",
    "write-again-see": "Open what was saved",
    "write-step-done": "Somebody else has already completed the step “{step}”: {name}, {at}. What you typed is not saved; the case has gone on.",
    "write-task-given": "Since you opened this page the task has gone to {name}. What you typed is still here. Look first, then save again if it is still yours to do.",
    "write-task-free": "Since you opened this page the task has changed hands. What you typed is still here. Look first, then save again.",
    "write-case-changed": "This case has changed since you opened the page. What you sent was not carried out; look at its present state, then repeat it if it is still needed.",
    "write-left": "What you typed and is not saved",
}
