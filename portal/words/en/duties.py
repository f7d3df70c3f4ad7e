"""English sentences of one part of the portal: what an office owes people for their data."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # the YAML
    "retention-form": '"{value}" is not a time to keep data',
    "retention-form-hint": 'write for example "5 years", "6 months" or "90 days"',
    "retention-without-basis": 'the time to keep data, "{keep}", has no basis',
    "retention-without-basis-hint": 'add "legal_basis:", or "to_verify:" while it is to be confirmed',
    # what erasing leaves, and why it may be refused
    "erased-text": "(data erased)",
    "erased-title": "(data erased)",
    "case-erased": "The data of this case were erased.",
    "event-case-erased": "The personal data of this case were erased.",
    "list-event-record-erased": "Data erased",
    "erasure-asked": "the person's request",
    "erasure-nothing": "There is nothing to erase.",
    "erasure-reason-missing": "Give the reason.",
    "erasure-running": "Case {number} is still running. Finish it first.",
    "erasure-case-left": "The data of this resident are still needed for case {number}.",
    "erasure-kept": "The data of case {number} must be kept until {until}: {basis}.",
    "erasure-unset": "There is no time to keep data, so nothing may be erased because of it.",
    "erasure-own": "Another person approves a proposal, not the one who made it.",
    "erasure-decided": "This proposal was decided already.",
    "sweep-not-owner": "Run VACUUM as the owner of the PostgreSQL database; the portal's account may not.",
    "sweep-archive": ("PostgreSQL's archived log and older backups hold the data until they expire."),
    # consent and correction
    "consent-purpose-unknown": "Choose what is agreed to.",
    "consent-recipient-unknown": "Choose the body from the list.",
    "consent-witness-missing": "An oral consent needs the name of a witness.",
    "consent-withdrawn-already": "This consent was withdrawn already.",
    "consent-how-signed": "signed",
    "consent-how-oral": "orally, before the witness {witness}",
    "consent-how-step": "when the referral was made out",
    "referral-consent-withdrawn": "The resident has withdrawn the consent: the data may not go to this body.",
    "event-consent-given": "The resident gave consent.",
    "event-consent-withdrawn": "The resident withdrew the consent.",
    "list-event-consent-given": "Consent given",
    "list-event-consent-withdrawn": "Consent withdrawn",
    "list-event-correction-asked": "Correction asked for",
    "list-event-correction-done": "Correction made",
    "list-event-correction-refused": "Correction refused",
    "correction-incomplete": "Say what is to be corrected and what shows it.",
    "correction-answered": "This request was answered already.",
    "correction-answer-missing": "Write the answer to the resident.",
    "correction-not-edited": "The record has not been changed since. Change it first, or refuse with a reason.",
    # breach, the clock, unusual access
    "clock-left": "{days} days {hours} hours {minutes} minutes left",
    "clock-passed": "passed by {days} days {hours} hours {minutes} minutes",
    "unusual-many": "{day}: opened the data of {people} people; usually {usual} a day.",
    "unusual-closed": "{day}: opened the data of {people} people outside opening hours.",
    "unusual-searches": "{day}: searched for {people} people in whose cases this account never worked.",
    "unusual-break-glass": "{day}: used emergency access for {people} people.",
    # the commands
    "help-retention": "show the data whose time to be kept is over",
    "help-retention-more": (
        "Says by programme how many cases, letters and residents are past their time; no names. Erases nothing: two "
        "people propose and approve that in the portal."
    ),
    "retention-program": "programme",
    "retention-keep": "kept",
    "retention-cases": "cases",
    "retention-letters": "letters",
    "retention-since": "oldest closed",
    "retention-residents": "Residents who are needed for nothing any more: {count}",
    "retention-none": "No data are past their time.",
    "retention-unset": "There is no time to keep data (office.retention), so nothing is erased.",
    "retention-how": "Propose their erasure on the page Erasures; a second person approves it.",
}
