"""Resident ID numbers as they are shown (RULEBOOK §2); which ones are valid is in sync/vectors/resident_id.json."""

from datetime import date

import pytest

from server.domain.resident_id import RESIDENT_ID, check_character, document_fault, is_valid_resident_id, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [("11010519491231002X", "1****************X"), ("123", "1*3"), ("12", "**"), ("1", "*"), ("", "")],
)
def test_a_number_shows_its_first_and_last_character_only(text, shown):
    assert masked(text) == shown


NUMBER = "445281198811234567"  # digits without a zero: 4·7 + 4·9 + 5·10 + … = 390, 390 mod 11 = 5, whose check character is 7


def test_every_digit_weighs():
    assert is_valid_resident_id(NUMBER)
    for place, digit in enumerate(NUMBER[:17]):
        other = str((int(digit) + 1) % 10)
        assert not is_valid_resident_id(NUMBER[:place] + other + NUMBER[place + 1 :]), place


@pytest.mark.parametrize(
    "text", ["44528119881123456７", "４45281198811234567", "44528119881123A567", "4452811988112345678", "44528119881123456", "-45281198811234567"]
)
def test_other_characters_and_lengths_are_refused(text):
    assert not is_valid_resident_id(text)


def born(day: str) -> str:
    digits = f"445281{day}456"
    return digits + check_character(digits)


@pytest.mark.parametrize(
    ("day", "fault"),
    [("18991231", "id_birth_date"), ("19000101", ""), ("20261126", ""), ("20261127", "id_birth_date"), ("20270101", "id_birth_date")],
)
def test_a_person_was_born_since_1900_and_no_later_than_today(day, fault):
    assert document_fault(RESIDENT_ID, born(day), date(2026, 11, 26)) == fault


def test_a_passport_is_not_read_like_a_resident_id():
    assert document_fault("passport", "E12345678", date(2026, 11, 26)) == ""
    assert document_fault(RESIDENT_ID, "E12345678", date(2026, 11, 26)) == "id_length"


def test_a_check_character_wants_seventeen_digits():
    with pytest.raises(ValueError, match="zip"):
        check_character("4452811988112345")
