"""One parameter of policy: its unit, kind, words, source, default and bounds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PolicyKey:
    """A policy parameter. `kind` is decimal, integer, flag (`true`/`false`), choice or photo_slots (a list with commas);
    `default` is text like every value.

    `before` is the answer for months that were closed without the key, where it is not the default.
    `choices` are the values of a choice, `least` and `most` the smallest and largest number that makes sense (`most` empty: any).
    """

    key: str
    unit: str
    kind: str
    zh: str
    en: str
    source: str
    default: str
    choices: tuple[str, ...] = ()
    most: str = ""
    least: str = "0"
    before: str = ""
