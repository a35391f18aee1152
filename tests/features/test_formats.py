"""How the console writes what comes in several shapes."""

import pytest

from server.console.formats import camera_time, dialled


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("2026-10-23T01:06:00.000Z", "2026-10-23 09:06:00"),
        ("2026-10-22T16:00:00+00:00", "2026-10-23 00:00:00"),
        ("2026-10-23T09:05:59", "2026-10-23 09:05:59"),
        ("0000:00:00 00:00:00", "0000:00:00 00:00:00"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_the_time_in_a_photos_file_reads_like_the_times_beside_it(said, written):
    assert camera_time(said) == written


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("138 0000 6563", "13800006563"),
        ("+86-28-8555-1234", "+862885551234"),
        ("028-85551234转801", "02885551234"),
        ("85551234 ext 12", "85551234"),
        ("110", "110"),
        ("11", ""),
        ("1234567890123456", ""),
        ("问门卫", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_dialled_by_its_digits_alone(phone, number):
    assert dialled(phone) == number
