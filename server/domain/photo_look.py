"""When two photos look alike: 64 bits each, kept in bands so that near ones are found without comparing all (DESIGN §5)."""

BANDS, BAND_BITS = 4, 16
MOST_BITS = 7  # what the bands are sure to find: eight differing bits may fall two into each


def distance_bits(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


def bands_of(look: int) -> tuple[int, ...]:
    """The look in four parts of 16 bits, the lowest first."""
    return tuple((look >> (BAND_BITS * place)) & 0xFFFF for place in range(BANDS))


def near_bands(band: int) -> list[int]:
    """The band and all that differ from it in one bit.

    Seven differing bits over four bands leave one band with one at most, so whatever is within MOST_BITS has a band among these.
    """
    return [band, *(band ^ (1 << bit) for bit in range(BAND_BITS))]
