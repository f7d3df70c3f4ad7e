"""English sentences of one part of the portal: bad lines, drafts and complaints taken without a line."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "draft-found": "There is something unsaved that you typed at {clock}.",
    "draft-elsewhere": "There is something unsaved that you typed at {clock}: {title}.",
    "draft-used": "What you typed until {clock} is back in the form below. Look through it, then save.",
    "draft-gone": "There is something unsaved that you typed at {clock}, but its form has changed since. Send it to see what differs.",
    "draft-use": "Use it",
    "draft-send": "Send it",
    "draft-drop": "Discard",
    "draft-kept": "Draft saved {clock}",
    "draft-unkept": "Not saved yet - what you typed is safe while this page is open. The portal tries again by itself.",
    "draft-unsent": "Not saved yet - what you typed is safe while this page is open. The line is down; the portal sends it again by itself.",
    "draft-busy": "Not saved yet - what you typed is safe while this page is open. The portal is busy and sends it again by itself.",
    "draft-sending": "Sending …",
    "draft-out": "Not saved yet - your session has ended, what you typed is safe while this page is open. Log in again in a new tab, then save again here.",
    "draft-again": "Log in in a new tab",
    "notice-draft-dropped": "The draft was discarded.",
}
