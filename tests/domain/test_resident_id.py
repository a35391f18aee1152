"""Resident ID numbers as they are shown (RULEBOOK §2); which ones are valid is in sync/vectors/resident_id.json."""

import pytest

from server.domain.resident_id import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [("11010519491231002X", "1****************X"), ("123", "1*3"), ("12", "**"), ("1", "*"), ("", "")],
)
def test_a_number_shows_its_first_and_last_character_only(text, shown):
    assert masked(text) == shown
