"""English sentences of one part of the portal: the studio."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "studio-menu": "Settings",
    "studio-home": "Overview",
    "studio-plan": "Plan of changes",
    "studio-own": "Changes that you are preparing",
    "studio-own-changed": (
        "{count} files differ from release {base}, last saved {saved}. Nothing holds until it is published."
    ),
    "studio-own-none": (
        "No changes yet. Release {base} is in force. Open a part below and change it; everything is "
        "saved as a draft and does not hold yet."
    ),
    "studio-returned": "This draft came back:",
    "studio-behind": (
        "The rules have changed since this draft was begun. Merge it with what is in force now first."
    ),
    "studio-see-plan": "See the plan of changes",
    "studio-drop": "Discard the draft",
    "studio-others": "Other drafts",
    "studio-status-open": "Being changed",
    "studio-status-asked": "Waits for approval",
    "studio-status-due": "Approved, about to hold",
    "studio-status-published": "In force",
    "studio-status-dropped": "Discarded",
    "studio-look": "Look at it",
    "studio-take-up": "Go on",
    "studio-files": "Text",
    "studio-files-help": "Each file can be changed as text. The portal checks it whenever it is saved.",
    "studio-letter-files": "Letter templates ({count})",
    "studio-line": "line {line}",
    "studio-no-problems": "Nothing is wrong.",
    "studio-problems": "What the check says",
    "studio-text-title": "Text of {name}",
    "studio-text-label": "Content of the file",
    "studio-text-help": "Indent with spaces. What stands after # is a note and is never lost.",
    "studio-save-check": "Save and check",
    "studio-saved": "Saved at {at}",
    "studio-saved-at": "Last saved {at}",
    "studio-overtaken": (
        "This draft was saved from another window. Your text is not saved yet; compare it with what is "
        "stored, then save again."
    ),
    "studio-too-long": "The text is too long. Divide it into several files.",
    "studio-stored": "What is stored now",
    "studio-mend-first": "Mend this first",
    "studio-changes": "What would change",
    "studio-refused": "These changes cannot be applied yet:",
    "studio-nothing": "Nothing changes for anybody.",
    "studio-warnings": "Warnings",
    "studio-differs": "See the text: {count} files differ",
    "studio-publish": "Publish",
    "studio-ask": "Ask for approval",
    "studio-reason": "Reason for the change",
    "studio-reason-help": (
        "Such as the legal basis or the outcome of a meeting. It is kept with the release and read by "
        "whoever looks at the rules."
    ),
    "studio-from": "In force from",
    "studio-from-help": "Leave it empty to have it at once.",
    "studio-from-past": "That day is over.",
    "studio-at-once": "at once",
    "studio-moves": "Move running cases to the new procedure where their step still exists",
    "studio-moves-help": (
        "Otherwise running cases end by the procedure they were opened with. They can be moved later "
        "on the page about moving versions."
    ),
    "studio-back": "Back to Settings",
    "studio-wish": "Draft of a change",
    "studio-trying": "The portal is trying it on a copy of the data. This page renews itself.",
    "studio-by": "Prepared by",
    "studio-asked": "Asked for",
    "studio-approved-by": "Approved by",
    "studio-see-release": "See release {number}",
    "studio-decide": "Your decision",
    "studio-decide-help": (
        "Look at the changes above. Once approved, the portal backs up the data, tries the change on a "
        "copy and then puts it in force."
    ),
    "studio-approve": "Approve and publish",
    "studio-back-why": "Reason for giving it back",
    "studio-take-back": "Take it back",
    "studio-send-back": "Give it back to its author",
    "studio-go-back": "Go back to this release",
    "studio-go-back-help": "The files of release {number} are prepared as a new draft. The history stays.",
    "notice-draft-saved": "The draft is saved and checked.",
    "notice-draft-elsewhere": "This draft was changed elsewhere. Look at it as it is now.",
    "notice-rules-dropped": "The draft is discarded. The rules in force are unchanged.",
    "rules-stale": (
        "Rules or data have changed since the plan was looked at. Look at the plan once more, then publish."
    ),
    "rules-mistakes": "The text still has mistakes.",
    "rules-scenarios": "These scenarios no longer go as expected:",
    "rules-poison": "The draft failed when it was tried on a copy of the data:",
    "rules-refused": "These changes cannot be applied yet:",
    "rules-not-applied": (
        "The draft cannot be applied just now. Try again; if it happens again, tell whoever runs the server."
    ),
    "rules-moved": "moved when new rules were published",
    "help-publish": "put drafts of the studio in force whose time has come",
    "help-publish-more": (
        "Puts every draft in force that is approved and whose day has come: backed up, tried on a "
        "copy, then applied as a release. A server does so by itself. Exit codes: 0 done or nothing to "
        "do, 3 a draft went back to its author."
    ),
    "publish-done": "Draft {draft} is in force as release {release}; {moved} cases were moved.",
    "publish-back": "Draft {draft} went back: {why}",
    "studio-busy": "Trying the scenarios …",
    "studio-scenarios": "Scenarios that go otherwise",
    "studio-scenarios-days": (
        "Only days have moved. If that is what you want, let the scenarios expect them and go on."
    ),
    "studio-scenarios-other": (
        "Example cases go another way than was expected. Mend the procedure or the expectation in the "
        "text, then try again."
    ),
    "studio-adjust-publish": "Adjust the scenarios and publish",
    "studio-adjust-ask": "Adjust the scenarios and ask for approval",
    "studio-problems-count": "{count} things to mend.",
    "studio-merge": "Merge with what is in force",
    "studio-merge-do": "Merge",
    "studio-merge-clean": (
        "Your changes and what is in force do not contradict each other. They go on over the newest rules."
    ),
    "studio-merge-clashes": (
        "{count} things were changed on both sides. Choose what holds; everything else is merged by itself."
    ),
    "studio-merge-mine": "My draft",
    "studio-merge-theirs": "What is in force",
    "studio-merge-left": "Choose one for each of the things below first.",
    "notice-rules-merged": "The draft is merged with the rules in force. Look at the plan.",
    "studio-save-plan": "Save and see the plan",
}
