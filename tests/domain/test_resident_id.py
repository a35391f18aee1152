"""Resident ID numbers as they are shown (RULEBOOK §2); which ones are valid is in sync/vectors/resident_id.json."""

import pytest

from server.domain.resident_id import is_valid_resident_id, masked


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
