"""Both sides of the day on which proof of wages is no longer kept."""

from datetime import date

import pytest

from server.domain.keeping import is_kept, kept_until


@pytest.mark.parametrize(
    ("settled_on", "years", "last"),
    [
        (date(2026, 12, 2), 2, date(2028, 12, 2)),
        (date(2028, 2, 29), 2, date(2030, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2026, 1, 1), 30, date(2056, 1, 1)),
    ],
)
def test_proof_is_kept_to_the_same_day_of_the_year(settled_on, years, last):
    assert kept_until(settled_on, years) == last


@pytest.mark.parametrize(("today", "kept"), [(date(2028, 12, 2), True), (date(2028, 12, 3), False)])
def test_the_last_day_counts(today, kept):
    assert is_kept(date(2026, 12, 2), 2, today) is kept
