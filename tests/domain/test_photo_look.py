"""Near looks are found through their bands: whatever differs in seven bits or fewer."""

import random

from server.domain.photo_look import BANDS, MOST_BITS, bands_of, distance_bits, near_bands
from server.domain.policy_keys import POLICY_KEYS


def is_found(one: int, other: int) -> bool:
    return any(band in near_bands(mine) for mine, band in zip(bands_of(one), bands_of(other), strict=True))


def flipped(look: int, bits: list[int]) -> int:
    for bit in bits:
        look ^= 1 << bit
    return look


def test_bands_are_the_look_in_four_parts():
    assert bands_of(0x0123_4567_89AB_CDEF) == (0xCDEF, 0x89AB, 0x4567, 0x0123)


def test_distance_counts_the_bits_that_differ():
    assert distance_bits(0, 0) == 0
    assert distance_bits(0, (1 << 64) - 1) == 64
    assert distance_bits(0b1010, 0b0110) == 2


def test_near_bands_are_the_band_and_sixteen_neighbours():
    near = near_bands(0xFFFF)
    assert len(near) == len(set(near)) == 17
    assert {distance_bits(0xFFFF, one) for one in near} == {0, 1}


def test_whatever_differs_in_seven_bits_is_found():
    source = random.Random(5)
    for _ in range(3000):
        look = source.getrandbits(64)
        assert is_found(look, flipped(look, source.sample(range(64), source.randint(0, MOST_BITS))))


def test_eight_bits_may_be_missed_so_seven_is_the_most_that_policy_allows():
    spread = [16 * band + bit for band in range(BANDS) for bit in (0, 1)]
    assert is_found(0, flipped(0, spread[:MOST_BITS]))
    assert not is_found(0, flipped(0, spread))
    assert POLICY_KEYS["evidence.alike_max_bits"].most == str(MOST_BITS)
