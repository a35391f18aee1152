"""Names of shops that may mean the same shop; more cases are in sync/vectors/shop_names.json, which the phone runs too."""

import difflib
import re

ALIKE = 0.6


def are_names_alike(one: str, other: str) -> bool:
    """Whether two shop names may mean the same shop; blanks and punctuation do not matter.

    One holds the other, or their matching blocks (longest first, as difflib finds them) make up `ALIKE` of both.
    """
    first, second = (re.sub(r"[\W_]+", "", name).lower() for name in (one, other))
    if not first or not second:
        return False
    return first in second or second in first or difflib.SequenceMatcher(None, first, second).ratio() >= ALIKE
