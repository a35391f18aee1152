"""Kinds of findings that a person may propose by hand, and the words of kinds that the company added: told by features above."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask import has_request_context, request

from server.domain.months import Month


@dataclass(frozen=True)
class FindingKind:
    """`code` as in `Finding.kind`; labels in both languages; `sign` is 1 for an award, −1 for a deduction; yuan for one in the month."""

    code: str
    zh: str
    en: str
    sign: int
    amount_yuan: Decimal

    @property
    def is_award(self) -> bool:
        return self.sign > 0


KindReader = Callable[[Month], list[FindingKind]]
kind_readers: list[KindReader] = []
OwnKindReader = Callable[[], dict[str, FindingKind]]
own_kind_readers: list[OwnKindReader] = []


def kinds_by_hand(month: Month) -> list[FindingKind]:
    """What may be proposed for a month, in the order of the wage sheet's lines."""
    return [kind for read in kind_readers for kind in read(month)]


def own_kinds() -> dict[str, FindingKind]:
    """The kinds that the company added, by code; read once a request."""
    if not has_request_context():
        return _read_own()
    if "xundian.own_kinds" not in request.environ:
        request.environ["xundian.own_kinds"] = _read_own()
    known: dict[str, FindingKind] = request.environ["xundian.own_kinds"]
    return known


def _read_own() -> dict[str, FindingKind]:
    return {code: kind for read in own_kind_readers for code, kind in read().items()}
