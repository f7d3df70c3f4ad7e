"""English sentences of one part of the portal: the shape of what the YAML files declare."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # the folder and its files
    "folder-missing": 'there is no folder "{folder}"',
    "folder-missing-hint": "check its name, or name another folder with --schema",
    "folder-empty": 'the folder "{folder}" has no .yaml file',
    "folder-empty-hint": "copy the example office, or name another folder with --schema",
    "file-suffix": 'the file "{file}" is not read because its name ends in .yml',
    "file-suffix-hint": "rename it to end in .yaml",
    "file-unreadable": "this file cannot be opened: {reason}",
    "file-unreadable-hint": "check the permissions of the file",
    # sections and entries
    "section-missing": 'the top key "{section}" is in none of the files',
    "section-missing-hint": 'add "{section}:" to one of the .yaml files of this folder',
    "section-unknown": 'the top key "{value}" is not known',
    "section-unknown-hint": "{maybe}known are: {known}",
    "entry-duplicate": '"{key}" is already in {file} line {line}',
    "entry-duplicate-hint": "remove one of them, or give it another id",
    # keys
    "key-missing": 'the key "{key}" is missing in "{entry}"',
    "key-missing-hint": 'add "{key}:" with its value',
    "key-unknown": 'the key "{value}" is not known here',
    "key-unknown-hint": "{maybe}known are: {known}",
    "type-missing": 'the type of "{entry}" is missing',
    "type-missing-hint": 'add "type:" with one of: {known}',
    "type-unknown": 'the type "{value}" is not known',
    "type-unknown-hint": "{maybe}known are: {known}",
    # values
    "value-missing": '"{key}" has no value yet',
    "value-missing-hint": "give it a value, or remove the key if it is not needed",
    "value-not-list": '"{key}" must be a list, not "{value}"',
    "value-not-list-hint": "write it in square brackets, separated by commas: [a, b]",
    "value-not-mapping": '"{key}" must hold keys below it',
    "value-not-mapping-hint": "write the keys and their values on the following lines, indented by two "
    "spaces",
    "value-not-text": '"{key}" must be one text, not a list or a group of keys',
    "value-not-text-hint": "write the value on the line of its key",
    "value-too-few": '"{key}" may not be empty',
    "value-too-few-hint": "write at least one",
    "value-unknown": '"{value}" is not known for "{key}"',
    "value-unknown-hint": "{maybe}the choices are: {known}",
    "value-wrong": '"{value}" is no value for "{key}"',
    "value-wrong-hint": "see the description of this key in the reference of the YAML language",
    "text-empty": '"{key}" holds an empty text only',
    "text-empty-hint": "fill in the text, or remove the key if it is not needed",
    "id-malformed": '"{value}" is not an id',
    "id-malformed-hint": "an id has lower case letters, digits, - or _, starts with a letter or digit, "
    "at most 40",
    "flag-malformed": '"{key}" must be true or false, not "{value}"',
    "flag-malformed-hint": "write true for yes and false for no",
    "number-malformed": '"{key}" must be a whole number, not "{value}"',
    "number-malformed-hint": "write digits only, without leading zeros, dots, commas or units",
    "number-out-of-range": '"{key}" is {value}, but it must be {sign} {bound}',
    "number-out-of-range-hint": "change the number",
    "date-malformed": '"{value}" is not a date',
    "date-malformed-hint": "write year-month-day of a day that exists, for example 2026-11-22",
    "area-malformed": '"{value}" is not an area code',
    "area-malformed-hint": "write the Kemendagri code with dots, for example 18.10.03.2007",
    # areas.csv
    "area-row-malformed": 'the row "{row}" is not an area',
    "area-row-malformed-hint": "write code and name separated by a comma, for example "
    "18.10.03.2007,Margodadi",
    "area-duplicate": 'the area {area} is written twice; the first is named "{name}"',
    "area-duplicate-hint": "remove one of them",
}
