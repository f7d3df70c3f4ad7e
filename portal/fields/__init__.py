"""The kinds of field; a kind owns all its faces. To add one: copy a file, name it in the list below."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator

from portal.fields.area import AreaField
from portal.fields.base import PLAIN_NAMES, FieldType, Names, Option, Unreadable, Value
from portal.fields.choice import ChoiceField
from portal.fields.choices import ChoicesField
from portal.fields.date import DateField
from portal.fields.flag import FlagField
from portal.fields.kk import KkField
from portal.fields.link import LinkField
from portal.fields.long_text import LongTextField
from portal.fields.money import MoneyField
from portal.fields.nik import NikField, birth_of
from portal.fields.number import NumberField
from portal.fields.phone import PhoneField
from portal.fields.text import TextField

AnyField = Annotated[
    TextField
    | LongTextField
    | NumberField
    | MoneyField
    | DateField
    | FlagField
    | ChoiceField
    | ChoicesField
    | NikField
    | KkField
    | PhoneField
    | AreaField
    | LinkField,
    Discriminator("type"),
]
"""Every kind of field, told apart by its `type`."""

__all__ = [
    "PLAIN_NAMES",
    "AnyField",
    "AreaField",
    "ChoiceField",
    "ChoicesField",
    "DateField",
    "FieldType",
    "FlagField",
    "KkField",
    "LinkField",
    "LongTextField",
    "MoneyField",
    "Names",
    "NikField",
    "NumberField",
    "Option",
    "PhoneField",
    "TextField",
    "Unreadable",
    "Value",
    "birth_of",
]
