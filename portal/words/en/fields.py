"""English sentences of one part of the portal: fields."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "field-yes": "Yes",
    "field-no": "No",
    "field-area-malformed": '"{text}" is not an area code; an example is 18.10.03.2007',
    "field-choice-unknown": '"{text}" is not one of the choices',
    "field-date-malformed": '"{text}" is not a date; enter day, month and year in figures',
    "field-date-none": "There is no {day}-{month}-{year} in the calendar",
    "field-date-year": 'The year in "{text}" needs four figures, from 1890 to 2199',
    "field-digits-other": 'This number has only figures; "{character}" is not one',
    "field-kk-date": "Figures 7 to 12 of the KK number ({part}) are not a date; look at the card again",
    "field-kk-length": "A KK number has 16 figures; you entered {count}",
    "field-link-malformed": "Choose one of those that the search finds",
    "field-money-large": "The amount is too large; at most one quadrillion rupiah",
    "field-money-malformed": '"{text}" is not an amount in whole rupiah; an example is 600.000',
    "field-nik-date": "Figures 7 to 12 of the NIK ({part}) are not a date of birth; look at the card again",
    "field-nik-length": "A NIK has 16 figures; you entered {count}",
    "field-nik-serial": "The last four figures of a NIK are never 0000; look at the card again",
    "field-number-decimals": 'At most {most} figures after the comma; you entered "{text}"',
    "field-number-malformed": '"{text}" is not a number; examples are 3 and 1.250',
    "field-number-range": "Enter a number from {low} to {high}",
    "field-number-whole": 'Enter a whole number without a comma; "{text}" is not one',
    "field-phone-malformed": '"{text}" is not an Indonesian phone number; an example is 0812-0000-9901',
    "field-required": "This must be filled in",
    "field-text-long": "This is {length} characters long; at most {most} fit",
}
