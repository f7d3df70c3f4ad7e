"""English sentences of one part of the portal: backups and restoring."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "help-backup": "make an encrypted, verified backup of everything",
    "help-backup-more": (
        "Makes one encrypted file of the database while others work, opens it again and looks through it, "
        "then removes older ones beyond 7 days, 4 weeks and 12 months (PORTAL_BACKUP_KEEP). The public key "
        "is PORTAL_BACKUP_RECIPIENT; the secret one is not needed and does not belong on this machine."
    ),
    "help-backup-to": (
        "folder of the backups (PORTAL_BACKUP_FOLDER; otherwise: backups beside the database)"
    ),
    "help-backup-recipient": "the public key, such as age1... (PORTAL_BACKUP_RECIPIENT)",
    "help-backup-keygen": "make the pair of keys for backups",
    "help-backup-keygen-more": (
        "Writes the secret key into a new file that only you may read, and prints the public one."
    ),
    "help-backup-keygen-file": "the new file for the secret key, best on a USB stick",
    "help-restore": "restore everything from a backup, or try whether it could be",
    "help-restore-more": (
        "Needs nothing but the file and the secret key. A database that is there already is replaced only "
        "when its name is typed with --confirm, and is put aside, not deleted."
    ),
    "help-restore-file": "the backup, a file that ends in .age",
    "help-restore-key": "the file with the secret key",
    "help-restore-drill": "restore to a scratch place, try the portal on it, and remove it",
    "help-restore-confirm": "the name of the database that is to be replaced, such as portal.db",
    "backup-making": "Making and verifying the backup ...",
    "backup-made": "Backup made, opened again and looked through: {file} ({size}).",
    "backup-holds": (
        "It holds release {release} with {rows} rows in {tables} tables, as of {at}, program {program}."
    ),
    "backup-removed": "Removed as no longer needed: {files}",
    "backup-chain-broken": (
        "Warning: the chain of events is broken at event {event}. Keep this backup and the ones before it, "
        "and see the runbook: somebody may have changed the log."
    ),
    "backup-keygen-made": "The secret key is in {file}. The public key is:\n\n  {recipient}\n",
    "backup-keygen-keep": (
        "Now, before anything else:\n"
        "1. Put the public key into the portal's settings: PORTAL_BACKUP_RECIPIENT={recipient}\n"
        "2. Print the file with the secret key twice, and put both into sealed envelopes in two safes.\n"
        "3. Move the file to a USB stick that stays with the manager, and delete it from this machine.\n"
        "Without the secret key nobody can ever open the backups, and nobody can make it again."
    ),
    "restore-going": "Opening, verifying and restoring the backup ...",
    "restore-done": "Everything was restored to {database}.",
    "restore-aside": "What was there before is kept aside as {aside}.",
    "restore-beside": "The file {before} of the backup is now {place}.",
    "restore-replayed": "{count} erasures that came after the backup were done again.",
    "restore-next": 'Now run "portal doctor", then "portal serve".',
    "drill-going": "Restoring to a scratch place and trying the portal on it ...",
    "drill-done": (
        "The drill succeeded: restored, counted, compared and {pages} pages opened in {seconds} seconds. "
        "Nothing of it is left."
    ),
    "drill-failed": (
        "The drill found {faults} faults: {pages} pages were tried in {seconds} seconds. Nothing of it is left."
    ),
    "drill-chain": "the chain of events",
    "drill-chain-broken": "it breaks at event {event}",
    "drill-drift": "compared with its release",
    "archive-no-recipient": "there is no public key to encrypt the backup to",
    "archive-no-recipient-hint": (
        'make one with "portal backup keygen FILE" and put it into PORTAL_BACKUP_RECIPIENT'
    ),
    "archive-recipient-malformed": '"{text}..." is not a public key',
    "archive-recipient-malformed-hint": "copy the whole word that begins with age1",
    "archive-key-exists": '"{file}" is there already and is not overwritten',
    "archive-key-exists-hint": "choose another name; a lost secret key can never be made again",
    "archive-key-none": '"{file}" holds no secret key',
    "archive-key-none-hint": "choose the file in which a line begins with AGE-SECRET-KEY-",
    "archive-key-malformed": 'the secret key in "{file}" is incomplete or mistyped',
    "archive-key-malformed-hint": "copy the whole line that begins with AGE-SECRET-KEY-, without spaces",
    "archive-other-key": '"{file}" was encrypted to another key',
    "archive-other-key-hint": "try the secret key that was in use when the backup was made",
    "archive-damaged": "this is not a whole backup ({part})",
    "archive-damaged-hint": "copy the file again from where it is kept, or take the backup before it",
    "archive-differs": "the backup does not hold what its list says",
    "archive-differs-hint": "make it again; take the backup before it if it is to be restored",
    "archive-newer": "the backup was made by a newer program",
    "archive-newer-hint": "install the version of the program that made it, or a newer one",
    "archive-nothing": "there is nothing in the database yet",
    "archive-nothing-hint": 'run "portal apply" first',
    "archive-other-kind": "the backup is of a database of kind {kind}",
    "archive-other-kind-hint": "give --database an address of that kind",
    "archive-exists": 'there is a database "{name}" already',
    "archive-exists-hint": "if it is to be replaced, type its name: --confirm {name}; it is put aside, not deleted",
    "archive-in-use": 'the database "{name}" is in use',
    "archive-in-use-hint": "stop the portal first, such as with: systemctl stop satu-pintu",
    "archive-no-tool": "the program {tool} is missing",
    "archive-no-tool-hint": "install the PostgreSQL client: apt-get install postgresql-client",
    "archive-old-tool": "{tool} is of version {found}, the server of version {server}",
    "archive-old-tool-hint": "install the client of the server's version: apt-get install postgresql-client-{server}",
    "archive-tool": "{tool} did not succeed: {reason}",
    "archive-tool-hint": "check that the role owns the tables and that the server has room",
    "archive-drill-server": "this is a backup of PostgreSQL, and a drill needs a server",
    "archive-drill-server-hint": "give --database the address of a server on which a database may be made",
    "archive-drill-database": "no database can be made for the drill: {reason}",
    "archive-drill-database-hint": "give --database a role with CREATEDB, such as on a server for trials",
}
