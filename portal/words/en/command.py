"""English sentences of one part of the portal: command."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # headings and mistakes of the command line itself
    "usage-prefix": "usage: ",
    "usage-commands": "commands",
    "usage-command": "COMMAND",
    "usage-arguments": "arguments",
    "usage-options": "options",
    "usage-general": "general options",
    "usage-help": "show this help and end",
    "usage-schema": "folder of the YAML (PORTAL_SCHEMA; otherwise: schema)",
    "usage-database": "address of the database (PORTAL_DATABASE_URL; otherwise: sqlite:///var/portal.db)",
    "usage-by": "name to be noted beside the login of the machine, where several people share one",
    "usage-language": "language of the output (PORTAL_LANGUAGE; otherwise: id)",
    "usage-missing": "missing: {names}",
    "usage-one-of": "give one of: {names}",
    "usage-value-missing": "its value is missing",
    "usage-value-extra": "too many values",
    "usage-exclusive": "cannot be used together with {other}",
    "usage-not-whole": '"{value}" is not a whole number',
    "usage-value": '"{value}" cannot be used',
    "usage-unknown": "unknown: {names}",
    "usage-choice": 'there is no "{value}"; {maybe}choose from: {known}',
    "usage-port": '"{value}" is not a port; write a number from 0 to 65535',
    "usage-count": '"{value}" is not a count; write a number from 1 to {most}',
    "usage-not-moment": '"{value}" is not a moment; write for instance 2026-11-02T09:12',
    "usage-login": '"{value}" is not a log-in name; write it without spaces, in at most 80 characters',
    "usage-label": "the name is missing, or longer than 120 characters",
    "usage-grant": (
        '"{value}" is not a role; write ROLE or ROLE@AREA, for instance front-office@18.10.03.2007'
    ),
    "usage-case-or-example": "give a case number or --example, one of the two",
    # help
    "help-portal": "Satu Pintu: the portal of a social-welfare referral centre, as its YAML says.",
    "help-json": "write the result as JSON",
    "help-check": "check the YAML and the letters, and name every mistake",
    "help-check-more": (
        "Checks every YAML file and letter and names each mistake with its place and a hint. Needs no "
        "database. Exit code: 0 no error (warnings are fine), 1 errors, 2 the folder cannot be read."
    ),
    "help-schema": "the definition of the YAML language for editors",
    "help-schema-json": "write the JSON Schema of the YAML language",
    "help-plan": "show what applying the YAML would change",
    "help-plan-more": (
        "Compares YAML and letters with the last release; changes nothing. Exit code: 0 no changes, 1 "
        "mistakes in the YAML, 2 changes, 3 something cannot be applied yet, 64 mistyped."
    ),
    "help-apply": "apply the YAML as the next release",
    "help-apply-more": (
        "Checks YAML and letters, then applies them as the next release in one transaction. Exit code: 0 "
        "done, 1 mistakes in the YAML, 3 something cannot be applied yet, 4 the plan is stale."
    ),
    "help-apply-digest": (
        "the digest that portal plan gave; when the state has moved since, nothing is applied"
    ),
    "help-apply-reason": "why, noted with the release",
    "help-prune": "drop the column of a withdrawn field for good",
    "help-prune-more": (
        "Without --confirm it only lists withdrawn columns with rows and bytes. Exit code: 0 done, 3 the column must stay."
    ),
    "help-prune-confirm": "the name of the column, as the list shows it, to drop it with its values",
    "help-serve": "run the portal",
    "help-serve-more": (
        "Serves the last release. The log on the screen has only time, method, address of the page without "
        "what was searched for, and status."
    ),
    "help-serve-host": "the address to listen at (otherwise: {host}, only this computer)",
    "help-serve-port": "the port (otherwise: {port})",
    "help-demo": "make the example office with its accounts and cases, and run it",
    "help-demo-more": (
        "Applies the example office, makes seven accounts and thirteen cases, then runs the portal. What "
        "is there already stays. PORTAL_DEMO_PASSWORD sets the password of all example accounts."
    ),
    "help-demo-no-serve": "only make it, do not run it",
    "help-letter": "print a letter: issued, draft or example",
    "help-letter-more": (
        "With a case number: an issued letter is copied from the archive; one that was not issued is "
        "printed as a draft without a number. With --example: a letter with made-up data by the YAML and "
        "templates in the folder, without a database. `letter verify FILE` checks the signed statement in a "
        "PDF or text without a network; `letter keys` lists its public keys, `letter checker` makes the page for it."
    ),
    "help-letter-name": "the id of the letter in the YAML, such as referral; or verify, keys, checker",
    "help-letter-case": "the case number; for verify: the file to check",
    "help-letter-example": "use made-up data",
    "help-letter-worst": "use made-up data that are long throughout: name, family, papers, description",
    "help-letter-missing": "use made-up data without anything that is not required",
    "help-letter-open": "open the result with the desktop's viewer",
    "help-letter-file": "the file to write (otherwise: NAME.pdf in this folder; - is standard output)",
    "help-letter-html": "write HTML instead of PDF",
    "help-user": "manage the accounts of the staff",
    "help-user-add": "add an account",
    "help-user-add-more": (
        "Adds an account. The password is typed twice without showing, or read from the first line of "
        "standard input."
    ),
    "help-user-list": "list all accounts",
    "help-user-passwd": "change the password of an account",
    "help-user-passwd-more": (
        "Changes the password and ends every session of the account. The password is typed twice without "
        "showing, or read from the first line of standard input."
    ),
    "help-user-disable": "close an account",
    "help-user-login": "the name to log in with",
    "help-user-label": "the name of the person as shown on screen",
    "help-user-role": (
        "a role and its area, such as front-office@18.10.03.2007; without an area it holds everywhere; may "
        "be given several times"
    ),
    "help-seed": "fill the database with made-up residents and cases",
    "help-seed-more": (
        "Fills the database with made-up residents and cases to measure speed; the result is always the "
        "same. Not for the database of an office."
    ),
    "help-seed-cases": "how many cases",
    "help-deadline": "work out a time limit by the office's calendar",
    "help-deadline-from": (
        "the moment of receipt, such as 2026-11-02T09:12; without a time zone it is the office's"
    ),
    "help-deadline-within": 'the limit, such as "3 working days", "4 working hours", "3 days", "24 hours"',
    "help-deadline-explain": "say day by day why; with the number of a case: all its clocks",
    "help-eligible": "estimate eligibility for a programme from data in a file",
    "help-eligible-more": (
        "Compares the data in a file with the programme's rules in the YAML. The result is an indication, "
        "not a decision; nothing is stored."
    ),
    "help-eligible-program": "the id of the programme in the YAML, such as pbi-jk",
    "help-eligible-data": "a YAML or JSON file, with for instance registry: and below it decile: 3",
    # going on
    "command-checking": "Checking YAML and letters ...",
    "command-planning": "Comparing with the last release ...",
    "command-applying": "Applying ...",
    "command-printing": "Printing letter {letter} ...",
    "command-demo-making": "Making the example office ...",
    "command-seeding": "Making up data ...",
    # done
    "command-letter-issued": (
        "Letter {letter} of case {case}, number {number}, was copied from the archive to {file}."
    ),
    "command-letter-unnumbered": "Letter {letter} of case {case} was copied from the archive to {file}.",
    "command-letter-draft": (
        "A draft of letter {letter} of case {case} was written to {file}; it has no number yet."
    ),
    "command-letter-not-opened": "No viewer could be opened. Open it yourself: {file}",
    "command-letter-example": "An example of letter {letter} with made-up data was written to {file}.",
    "command-password": "Password:",
    "command-password-again": "Password again:",
    "command-user-added": 'Account "{login}" was added.',
    "command-user-password-set": (
        'The password of account "{login}" was changed; all its sessions have ended.'
    ),
    "command-user-closed": 'Account "{login}" was closed; all its sessions have ended.',
    "command-user-none": 'There are no accounts yet. Add the first one with "portal user add".',
    "command-user-login": "LOGIN",
    "command-user-label": "NAME",
    "command-user-roles": "ROLES",
    "command-user-state": "STATE",
    "command-user-active": "active",
    "command-user-disabled": "closed",
    "command-demo-login": "LOGIN",
    "command-demo-password": "PASSWORD",
    "command-demo-label": "NAME",
    "command-serving": "The portal runs at {address} (stop it with Ctrl-C).",
    "command-served": "The portal has stopped.",
    "command-seeded": "{residents} made-up residents and {cases} cases were added.",
    # in a made-up letter
    "letter-example-name": "Example",
    "letter-example-description": (
        "Made-up data to see the form of the letter; there is no resident or case behind it."
    ),
    # what ends a command
    "command-stopped": "Stopped.",
    "command-unexpected": "an unexpected error occurred, number {number}",
    "command-unexpected-hint": "run it again with PORTAL_DEBUG=1 and give number and output to a developer",
    "command-language-unknown": 'there is no language "{name}"',
    "command-language-unknown-hint": "set PORTAL_LANGUAGE to one of: {known}",
    "command-mistakes": "the YAML or the letters have errors; nothing was done",
    "command-mistakes-hint": 'correct the errors above; "portal check" shows them again',
    "command-file": '"{file}" cannot be used: {reason}',
    "command-file-hint": "check the file's name, its folder and its permissions",
    "command-file-not-text": '"{file}" is not UTF-8 text',
    "command-file-not-text-hint": "save the file again as UTF-8",
    "command-system": "the system does not allow it: {reason}",
    "command-system-hint": "check disk space and permissions",
    "command-library": "a system library is missing: {library}",
    "command-library-hint": (
        "install it: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ),
    "command-database": "the database cannot be used: {reason}",
    "command-database-hint": "check --database or PORTAL_DATABASE_URL, and that the database runs",
    "command-database-malformed": "the address of the database is not known",
    "command-database-malformed-hint": (
        "write for instance sqlite:///var/portal.db or postgresql://user@server/portal"
    ),
    "command-no-release": "there is no release in {database} yet",
    "command-no-release-hint": 'run "portal apply" to apply the YAML, or "portal demo" to try it out',
    "command-port": "{host} port {port} cannot be used: {reason}",
    "command-port-hint": "choose another port, such as --port {other}, or check --host",
    "command-serve-failed": "the portal could not be started",
    "command-serve-failed-hint": "read what stands above",
    "command-demo-broken": "a worked case does not fit the YAML: {story}",
    "command-demo-broken-hint": "the example office needs the schema folder that comes with the portal",
    "command-office": 'the working hours of the office cannot be read in folder "{folder}"',
    "command-office-hint": 'run "portal check" and correct the part office',
    "command-case-unknown": 'there is no case "{case}"',
    "command-case-unknown-hint": "copy its whole number from the case's page",
    "command-letter-unknown": 'there is no letter "{name}"',
    "command-letter-unknown-hint": "{maybe}there are: {known}",
    "command-program-unknown": 'there is no programme "{name}"',
    "command-program-unknown-hint": "{maybe}there are: {known}",
    "command-role-unknown": 'the last release has no role "{name}"',
    "command-role-unknown-hint": "{maybe}there are: {known}",
    "command-area-unknown": 'the last release has no area "{name}"',
    "command-area-unknown-hint": "{maybe}write an area code of areas.csv, such as 18.10.03.2007",
    "command-login-unknown": 'there is no account "{name}"',
    "command-login-unknown-hint": '{maybe}"portal user list" shows all accounts',
    "command-login-taken": 'there is an account "{login}" already',
    "command-login-taken-hint": (
        'choose another name, or change its password with "portal user passwd {login}"'
    ),
    "command-password-weak": "the password is refused: {why}",
    "command-password-weak-hint": "use a few words that only you know, such as four that have nothing to do with each other",
    "command-password-differs": "the two passwords differ",
    "command-password-differs-hint": "run the command again and type the same password twice",
    "command-data-not-mapping": '"{file}" holds no named values',
    "command-data-not-mapping-hint": 'write for instance "registry:" and below it "decile: 3"',
    "command-data-json": '"{file}" is not correct JSON at line {line}, column {column}',
    "command-data-json-hint": "check commas, brackets and quotes around there",
    "command-data-yaml": '"{file}" cannot be read as YAML',
    "command-data-yaml-hint": "correct the errors above",
    # what the system says, by its code
    "system-enoent": "it does not exist",
    "system-eacces": "permission denied",
    "system-eperm": "permission denied",
    "system-eisdir": "it is a folder, not a file",
    "system-enotdir": "what stands before it is not a folder",
    "system-enospc": "the disk is full",
    "system-erofs": "it can only be read",
    "system-enametoolong": "its name is too long",
    "system-eaddrinuse": "another program uses it",
    "system-eaddrnotavail": "it is not an address of this computer",
    "demo-schema": "Applying the example office",
    "command-demo-where": "The thirteen worked cases are seen by secretariat and manager; the village accounts see Desa Margodadi only.",
}
