"""Call-backs 电话回访 by ops (RULEBOOK §8): when they are due, and what a bad outcome brings."""

from collections.abc import Sequence
from datetime import date, timedelta

from server.domain.months import same_day_later
from server.domain.policy import Policy

KINDS = ("new_customer", "profile", "inspection", "training")
GOOD = "good"
UNREACHED = "unreached"
STRIKE_OUTS = ("wrong_phone", "wrong_address", "unreachable")
OUTCOMES = {
    "new_customer": (GOOD, *STRIKE_OUTS),
    "profile": (GOOD, "inaccurate", UNREACHED),
    "inspection": (GOOD, "not_visited", UNREACHED),
    "training": (GOOD, "inadequate", UNREACHED),
}
ANSWERS = ("yes", "no", "")  # empty: not asked
UNCLEAR = "unclear"  # a "no" that says nothing by itself: whether the name or the phone is wrong, the caller has to say (RULEBOOK §8)
# by kind what a "no" to each of its three questions points to; empty for a question that only informs
POINTS_TO = {
    "new_customer": ("wrong_phone", "wrong_address", UNCLEAR),
    "profile": ("inaccurate", "inaccurate", ""),
    "inspection": ("not_visited", "", ""),
    "training": ("", "inadequate", "inadequate"),
}
FINDINGS = {"inaccurate": "inaccurate_file", "not_visited": "missed_visit", "inadequate": "inadequate_training"}


def week_before(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week before the day's: its new customers are called this week."""
    monday = day - timedelta(days=day.weekday() + 7)
    return monday, monday + timedelta(days=6)


def proposed_outcome(kind: str, answers: Sequence[str]) -> str:
    """What three answers point to: the first "no" that counts, good when all that count are "yes", empty when one was not asked.

    The caller chooses; nobody reached says nothing about the file, so that is never proposed.
    """
    counting = [(answer, outcome) for answer, outcome in zip(answers, POINTS_TO[kind], strict=True) if outcome]
    bad = next((outcome for answer, outcome in counting if answer == "no"), "")
    if bad == UNCLEAR:
        return ""
    return bad or (GOOD if all(answer == "yes" for answer, _ in counting) else "")


def is_struck_out(outcome: str) -> bool:
    """Whether a new-customer call-back takes the customer out of the month's count and ends the rep's ownership."""
    return outcome in STRIKE_OUTS


def is_profile_window(first_use_on: date, day: date, policy: Policy) -> bool:
    """Within two months of first use: up to the same day of the month, that day included (RULEBOOK §11)."""
    return first_use_on <= day <= same_day_later(first_use_on, policy.integer("callback.profile_months"))


def is_training_window(first_use_on: date, asked_on: date, policy: Policy) -> bool:
    """Within a week of first use: 7 days, the last included (RULEBOOK §11)."""
    return first_use_on <= asked_on <= first_use_on + timedelta(days=policy.integer("callback.training_days"))


def finding_kind(kind: str, outcome: str, first_use_on: date | None, day: date, policy: Policy) -> str | None:
    """The finding that a call-back on a day proposes, if any. `day` is that of the customer's question for a training call-back."""
    found = FINDINGS.get(outcome)
    if kind == "profile" and (first_use_on is None or not is_profile_window(first_use_on, day, policy)):
        return None
    if kind == "training" and (first_use_on is None or not is_training_window(first_use_on, day, policy)):
        return None
    return found
