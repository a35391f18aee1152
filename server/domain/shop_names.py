"""Names of shops that may mean the same shop; more cases are in sync/vectors/shop_names.json, which the phone runs too."""

import difflib
import re
from functools import lru_cache

ALIKE = 0.6


def are_names_alike(one: str, other: str) -> bool:
    """Whether two shop names may mean the same shop; blanks and punctuation do not matter.

    One holds the other, or their matching blocks (longest first, as difflib finds them) make up `ALIKE` of both.
    """
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    if first in second or second in first:
        return True
    common = sum(min(first.count(letter), second.count(letter)) for letter in set(first))
    if 2 * common / (len(first) + len(second)) < ALIKE:  # the matching blocks hold no more than that
        return False
    return difflib.SequenceMatcher(None, first, second).ratio() >= ALIKE


@lru_cache(maxsize=20_000)
def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
