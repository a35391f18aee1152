"""Churn 离网 (RULEBOOK §9): who is listed, and what three confirmations decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from server.domain.deadlines import churn_word_due_on
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.working_days import WorkingYear

NORMAL_REASONS = ("closed_down", "moved", "merged")


class Source(StrEnum):
    """Who confirms or denies: marketing (the rep's side), ops by phone, an on-site visit."""

    MARKETING = "marketing"
    OPS = "ops"
    ON_SITE = "on_site"


class ChurnState(StrEnum):
    """OPS_DECIDES: nothing came by the deadline."""

    OPEN = "open"
    CHURNED = "churned"
    KEPT = "kept"
    DISPUTED = "disputed"
    OPS_DECIDES = "ops_decides"


WAITING = (ChurnState.OPEN, ChurnState.DISPUTED, ChurnState.OPS_DECIDES)


@dataclass(frozen=True)
class Word:
    """One confirmation (the customer has left) or denial; of several by the same source the last holds."""

    source: Source
    on: date
    is_gone: bool


def is_listed(volumes: Mapping[Month, Decimal], month: Month) -> bool:
    """Whether a customer is on the month's list: active in the month before last, inactive last month. In September: July and August."""
    last = month.previous()
    return volumes.get(last.previous(), Decimal(0)) != 0 and volumes.get(last, Decimal(0)) == 0


def churn_state(listed_on: date, words: Iterable[Word], today: date, years: Mapping[int, WorkingYear], policy: Policy) -> ChurnState:
    """What the words so far decide.

    DECISION (RULEBOOK §9): one confirmation and no denial → churned; words that disagree → disputed until the on-site visit
    decides; nothing by the deadline → ops decides. Under "all three" one denial means kept. DECISION (§11): marketing's word
    after its 6 working days no longer counts.
    """
    due_on = churn_word_due_on(listed_on, years, policy)
    last = {word.source: word.is_gone for word in sorted(words, key=lambda word: word.on) if not _is_void(word, due_on)}
    if not last:
        return ChurnState.OPS_DECIDES if today > due_on else ChurnState.OPEN
    if policy.flag("churn.needs_all_three"):
        return _by_all_three(last)
    if Source.ON_SITE in last:
        return ChurnState.CHURNED if last[Source.ON_SITE] else ChurnState.KEPT
    if all(last.values()):
        return ChurnState.CHURNED
    return ChurnState.DISPUTED if any(last.values()) else ChurnState.KEPT


def churn_decided_on(listed_on: date, words: Iterable[Word], today: date, years: Mapping[int, WorkingYear], policy: Policy) -> date | None:
    """The day of the word that decided: since then no word changed what is decided. None while nothing is."""
    known = tuple(words)
    state = churn_state(listed_on, known, today, years, policy)
    if state not in (ChurnState.CHURNED, ChurnState.KEPT):
        return None
    decided_on = None
    for day in sorted({word.on for word in known}, reverse=True):
        if churn_state(listed_on, (word for word in known if word.on <= day), day, years, policy) != state:
            break
        decided_on = day
    return decided_on


def _by_all_three(last: Mapping[Source, bool]) -> ChurnState:
    if not all(last.values()):
        return ChurnState.KEPT
    return ChurnState.CHURNED if len(last) == len(Source) else ChurnState.OPEN


def _is_void(word: Word, due_on: date) -> bool:
    return word.source == Source.MARKETING and word.on > due_on


def is_past_churn(churned_on: date | None, month: Month) -> bool:
    """Whether churn was decided before the month: no visits or trainings are owed in it, whatever was planned (RULEBOOK §11)."""
    return churned_on is not None and Month.of_date(churned_on) < month


def is_charged(state: ChurnState, reason: str) -> bool:
    """DECISION (RULEBOOK §11): only abnormal churn is charged; ops marks normal reasons (closed down, moved, merged)."""
    return state == ChurnState.CHURNED and reason not in NORMAL_REASONS
