"""English sentences of one part of the portal: letters."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what is wrong in a template
    "letter-template-syntax": "the letter's template cannot be read: {says}",
    "letter-template-syntax-hint": "check that {{{{ }}}} and {{% %}} are paired around this line",
    "letter-template-unreadable": "this template is not UTF-8 text, or is nested too deeply",
    "letter-template-unreadable-hint": "save the file again as UTF-8 in a text editor and flatten it",
    "letter-circular": 'the template "{file}" contains itself, directly or through another',
    "letter-circular-hint": "break the circle: remove one extends or include",
    "letter-unknown-variable": 'this letter has no value "{variable}"',
    "letter-unknown-variable-hint": "{maybe}the letter guide lists the values there are",
    "letter-variable-has-parts": '"{variable}" has several parts and cannot be printed as it is',
    "letter-variable-has-parts-hint": 'print one of its parts, such as "{near}"',
    "letter-unknown-filter": 'there is no filter "{filter}"',
    "letter-unknown-filter-hint": "{maybe}the filters are: {available}",
    "letter-unknown-test": 'there is no test "is {test}"',
    "letter-unknown-test-hint": "{maybe}the tests are: {available}",
    "letter-unknown-file": 'there is no template "{file}"',
    "letter-unknown-file-hint": "{maybe}the template files are in the letters' folder",
    "letter-forbidden-construct": '"{construct}" must not be used in a letter\'s template',
    "letter-forbidden-construct-hint": "a template has text, values, if, for over a list "
    "(at most two deep), and filters",
    # what printing finds
    "letter-print-refused": "the letter asks for a file that is missing or not allowed: {asked}",
    "letter-print-missing": "these characters cannot be printed: {characters}",
    "letter-print-slow": "the letter took too long to print and was stopped; see whether its content is too long",
    "letter-print-memory": "the letter needs too much memory and was stopped; look at its tables and pictures",
    "letter-print-pages": "the letter has more pages than it may",
    "letter-print-large": "the PDF of the letter is too large; look at its pictures",
    "letter-print-deep": "the parts of the letter are nested too deeply; look at its template",
    "letter-print-broken": "the printing process ended; try once more",
    "letter-confidential": "Confidential",
    "letter-urgent": "Urgent",
    "letter-very-urgent": "Very urgent",
    "letter-ordinary": "Ordinary",
    "letter-one-file": "1 (one) file",
    "letter-anonymous": "Anonymous",
    "letter-age": "{years} years",
    "letter-registered": "registered",
    "letter-not-registered": "not registered",
    "letter-document-brought": "present",
    "letter-document-to-follow": "to follow",
    "letter-document-not-needed": "not needed",
    "letter-not-on-request": "This letter is only issued by a step of the SOP.",
    "letter-example-member": "Anak Contoh",
}
