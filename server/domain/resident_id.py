"""Resident ID numbers 身份证号码 and the other documents of a person in charge (RULEBOOK §2, §11, GB 11643)."""

import re
import unicodedata
from datetime import date

RESIDENT_ID = "resident_id"
DOCUMENT_KINDS = (RESIDENT_ID, "hk_macau_permit", "taiwan_permit", "foreigner_permit", "passport", "other")
EARLIEST_BIRTH = date(1900, 1, 1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
LENGTH = 18
WRITTEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
OTHER_WRITTEN = re.compile(r"[A-Z0-9][A-Z0-9()/-]{3,28}[A-Z0-9)]")


def is_valid_resident_id(text: str) -> bool:
    """Whether the 18 characters are well formed, hold a real birth date and end in the right check character."""
    return not _resident_id_fault(text.upper(), None)


def document_number(text: str) -> str:
    """The number as it is kept: without blanks, in capitals, full-width characters made plain."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def document_fault(kind: str, number: str, today: date) -> str:
    """Why this cannot be the number (as `document_number` gives it) of such a document; empty when it can.

    A resident ID: `id_length`, `id_characters`, `id_birth_date`, `id_check_character`. DECISION (RULEBOOK §11: "a person without a
    mainland ID gives another document"): other numbers are letters and digits, 5 to 30 of them, else `document_number`.
    """
    if kind == RESIDENT_ID:
        return _resident_id_fault(number, today)
    return "" if OTHER_WRITTEN.fullmatch(number) else "document_number"


def _resident_id_fault(number: str, today: date | None) -> str:
    if len(number) != LENGTH:
        return "id_length"
    if WRITTEN.fullmatch(number) is None:
        return "id_characters"
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "id_birth_date"
    if today is not None and not EARLIEST_BIRTH <= born_on <= today:
        return "id_birth_date"
    return "" if number[17] == check_character(number[:17]) else "id_check_character"


def check_character(digits: str) -> str:
    """The 18th character of a number that begins with these 17 digits."""
    return CHECK_CHARACTERS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11]


def masked(text: str) -> str:
    """The number with all but its first and last character hidden."""
    return text[0] + "*" * (len(text) - 2) + text[-1] if len(text) > 2 else "*" * len(text)
