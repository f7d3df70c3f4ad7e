"""English sentences of one part of the portal: history."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # the commands
    "help-releases": "show what was applied, when, by whom and why",
    "help-releases-more": (
        "Without a number: the newest releases. With N: that release with all its changes and its YAML as it "
        "was. With N and M: what differs between the two, in sentences and line by line."
    ),
    "help-releases-number": "the number of a release",
    "help-releases-other": "the number of another one, to compare them",
    "help-pull": "write the files of a release to a folder",
    "help-pull-more": (
        "Writes the YAML and the letter files of the last release below DIR, byte for byte as they were applied."
    ),
    "help-pull-folder": "the folder, which must be empty or absent",
    "help-pull-release": "an earlier release instead of the last",
    "help-pull-force": "write although the folder is not empty; files of other names stay",
    "help-drift": "compare the database with the last release",
    "help-drift-more": (
        "Names everything that the database has otherwise than the last release says. Changes nothing. Exit "
        "code: 0 no difference, 2 differences, 64 mistyped."
    ),
    "help-rollback": "apply an earlier release again",
    "help-rollback-more": (
        "Applies the files of release N as a new release: checked, planned, backed up and rehearsed like every "
        "other. Data entered since then stays. Exit code: 0 done, 1 mistakes in the YAML, 3 something cannot "
        "be applied; with --dry-run 0 no changes, 2 changes; 64 mistyped."
    ),
    "help-rollback-number": "the number of the release to go back to",
    "help-rollback-reason": "why, noted with the new release",
    "help-rollback-dry-run": "only say what would change",
    "command-drift": "Comparing the database with the last release ...",
    "command-release-unknown": "there is no release {number}",
    "command-release-unknown-hint": 'the last one is {newest}; "portal releases" lists them',
    "command-folder-not-empty": 'folder "{folder}" is not empty; nothing was written',
    "command-folder-not-empty-hint": "name another folder, or write over it with --force",
    # what they say
    "releases-head": "Release {number}  {at}  {who}",
    "releases-backup": "Backup of the state before: {place}",
    "releases-reason": "Reason: {reason}",
    "releases-more": 'and {count} more: "portal releases {number}" shows them all',
    "releases-earlier": "Earlier releases: {count}.",
    "pull-done": "Release {number}: {files} files written to {folder}.",
    "drift-none": "The database is as the last release says.",
    "drift-some": "Differences from the last release: {count}.",
    "drift-table-missing": "table {table} is missing",
    "drift-table-extra": "table {table} belongs to no release",
    "drift-column-missing": "column {table}.{column} ({type}) is missing",
    "drift-column-extra": "column {table}.{column} ({type}) belongs to no release",
    "drift-column-type": "column {table}.{column} is {after}, the release says {before}",
    "drift-column-required": "column {table}.{column} must be filled, the release lets it be empty",
    "drift-column-optional": "column {table}.{column} may be empty, the release says it must be filled",
    "drift-index-missing": "index {index} of table {table} is missing",
    "drift-index-extra": "index {index} of table {table} belongs to no release",
    "drift-index-differs": "index {index} of table {table} has other columns or another uniqueness",
    "drift-link-missing": "the link {link} of table {table} is missing",
    "drift-link-extra": "the link {link} of table {table} belongs to no release",
    "drift-words-missing": "the word search of table {table} is missing",
    "drift-words-extra": "the word search of table {table} belongs to no release",
    "drift-row-missing": 'row "{key}" of {table} is missing',
    "drift-row-extra": 'row "{key}" of {table} belongs to no release',
    "drift-row-differs": 'row "{key}" of {table} does not say what the release says',
    "drift-version": "version {number} of SOP {sop} was changed after it was applied",
    "drift-sop": "the newest version of SOP {sop} is not that of the release",
    # the pages
    "desk-release-changes": "What changed",
    "desk-release-more": "and {count} more",
    "desk-release-from": "Compare release",
    "desk-release-to": "with release",
    "desk-release-compare": "Compare",
    "desk-release-all": "All releases",
    "desk-release-compare-before": "Compare with the release before",
    "desk-release-compare-now": "Compare with the release in force",
    "desk-release-files": "The files as they were",
    "desk-release-back": "To go back to these rules, the operator of the server runs: portal rollback {number}. Data entered since then stays.",
    "desk-release-compared": "Releases {one} and {other}",
    # the backup before a release
    "apply-no-backup": "Nothing is applied: the backup could not be made or does not hold: {reason}.",
    "apply-no-backup-hint": "check disk space and permissions of the folder backups beside the database",
    "backup-file": "A verified backup of release {release} is in {file}. To restore it: stop the portal, put this file in the place of the database and remove its -wal and -shm files.",
    "backup-point": "To restore release {release}: recover the server's base backup and log up to {point}, {at} (recovery_target_time).",
    # the rehearsal
    "apply-poison": "Nothing is applied: the release failed its rehearsal on a copy, at {faults} places.",
    "apply-poison-hint": "correct what the lines above name, then run it again; users have noticed nothing",
    "apply-no-scratch": "Nothing is applied: no copy could be made to rehearse the release on: {reason}.",
    "apply-no-scratch-hint": "SQLite: check disk space beside the database; PostgreSQL: GRANT CREATE ON DATABASE to the role of the portal",
    "rehearsal-fault": "{place}: {reason}",
    "rehearsal-place-apply": "applying",
    "rehearsal-place-start": "starting the portal",
    "rehearsal-place-letter": "letter {letter}, example",
    "rehearsal-place-case-letter": "letter {letter}, case {case}",
    "rehearsal-place-step": "SOP {sop}, step {step}",
    "rehearsal-place-letter-form": "letter {letter}, its form",
    "rehearsal-status": "the page answers {status}",
    "rehearsal-done": "Rehearsed on a copy: {pages} pages and {letters} letters.",
}
