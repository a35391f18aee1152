"""Resident ID numbers 身份证号码 (RULEBOOK §2, GB 11643)."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
WRITTEN = re.compile(r"[1-9][0-9]{16}[0-9X]")


def is_valid_resident_id(text: str) -> bool:
    """Whether the 18 characters are well formed, hold a real birth date and end in the right check character."""
    text = text.upper()
    if WRITTEN.fullmatch(text) is None:
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=False))
    return CHECK_CHARACTERS[total % 11] == text[17]


def masked(text: str) -> str:
    """The number with all but its first and last character hidden."""
    return text[0] + "*" * (len(text) - 2) + text[-1] if len(text) > 2 else "*" * len(text)
