"""What a phone does next, and what an answer changes: the state machine of `pwa/outbox/state.js`, in Python.

Pure: time (seconds) and chance (0 to 1) come in as arguments. Simulator, load test and fault runs stand on it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from sync.schemas import MOST_OPS

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 60.0
BUSY_S = 30.0
LONGEST_ORDERED_WAIT_S = 3600.0
RECOVERIES = ("epoch_changed", "gap", "forked")

Question = Literal["push", "pull", "reconcile", "have", "digests", "upload"]
Deed = Literal["rest", "stop", "wait", "recover", "set_aside", "restart_page", "push", "pull", "digests", "have", "upload"]


@dataclass(frozen=True)
class Outcome:
    """What came of a request: ok, problem, too_large, busy, foreign (somebody else answered) or unreachable."""

    kind: Literal["ok", "problem", "too_large", "busy", "foreign", "unreachable"]
    body: Any = None
    code: str = ""
    status: int = 0
    retry_after_s: float = 0.0


@dataclass(frozen=True)
class EngineState:
    """As in the phone: what must be asked, what must be mended, and before when nothing may be sent."""

    is_signed_out: bool = False
    is_refused: bool = False
    recovery: str | None = None
    is_setting_aside: bool = False
    is_page_lost: bool = False
    is_pull_due: bool = True
    is_have_due: bool = True
    max_ops: int = MOST_OPS
    failures: int = 0
    not_before: float = 0.0
    is_wait_ordered: bool = False
    push_not_before: float = 0.0
    upload_not_before: float = 0.0
    upload_failures: int = 0
    last_error: str | None = None


@dataclass(frozen=True)
class Facts:
    """`wanted`: files to ask about; `missing`: files to send; `is_digest_due`: a day has passed since the last comparison."""

    now: float
    pending: int
    wanted: int
    missing: int
    is_digest_due: bool = False


@dataclass(frozen=True)
class Step:
    do: Deed
    why: str = ""
    until: float = 0.0
    max_ops: int = MOST_OPS


@dataclass(frozen=True)
class Around:
    """`settled`: operations that got a result; `batch_size`: how many were offered."""

    now: float
    chance: float
    settled: int = 0
    batch_size: int | None = None


def next_step(state: EngineState, facts: Facts) -> Step:
    """Operations first, then what the server has to say, photos last."""
    if state.is_signed_out or state.is_refused:
        return Step("stop", why="signed_out" if state.is_signed_out else "wrong_owner")
    if facts.now < state.not_before:
        return Step("wait", until=state.not_before)
    if state.recovery:
        return Step("recover", why=state.recovery)
    if state.is_setting_aside:
        return Step("set_aside")
    if state.is_page_lost:
        return Step("restart_page")
    return _next_request(state, facts)


def _next_request(state: EngineState, facts: Facts) -> Step:
    if facts.pending and facts.now >= state.push_not_before:
        return Step("push", max_ops=state.max_ops)
    if state.is_pull_due:
        return Step("pull")
    if facts.is_digest_due:
        return Step("digests")
    if facts.wanted and state.is_have_due:
        return Step("have")
    if facts.missing and facts.now >= state.upload_not_before:
        return Step("upload")
    waits = ([state.push_not_before] if facts.pending else []) + ([state.upload_not_before] if facts.missing else [])
    return Step("wait", until=min(waits)) if waits else Step("rest")


def woken(state: EngineState, why: Literal["tick", "online", "person"]) -> EngineState:
    """A reason to look again. A wait that the server ordered stands; one of our own ends unless only time has passed."""
    due = replace(state, is_pull_due=True, is_have_due=True)
    if why == "tick":
        return due
    is_refused = state.is_refused and why != "person"
    not_before = state.not_before if state.is_wait_ordered else 0.0
    return replace(due, is_refused=is_refused, not_before=not_before, push_not_before=0.0, upload_not_before=0.0)


def answered(state: EngineState, step: Step, outcome: Outcome, around: Around) -> EngineState:
    """The state after an answer to the step."""
    if outcome.kind == "ok":
        return _after_success(state, step, outcome.body, around)
    if outcome.kind == "busy":
        return replace(state, not_before=around.now + outcome.retry_after_s, is_wait_ordered=True, last_error="busy")
    is_refused_photo = outcome.kind in ("foreign", "too_large") or (outcome.kind == "problem" and outcome.status != 401)
    if step.do == "upload" and is_refused_photo:
        return _after_refused_photo(state, around)
    if outcome.kind == "too_large":
        return _after_refused_batch(state, "too_large", around) if step.do == "push" else _failed(state, "too_large", around)
    if outcome.kind == "problem":
        return _after_problem(state, step, outcome, around)
    return _failed(state, outcome.kind, around)


def repaired(state: EngineState, around: Around) -> EngineState:
    """A local repair is done: set_aside, which leaves a gap in the numbers, or restart_page."""
    mended = replace(state, recovery=None, is_page_lost=False, is_setting_aside=False, max_ops=MOST_OPS, is_pull_due=True, is_have_due=True)
    if not state.is_setting_aside:
        return mended
    later = around.now + backoff(state.failures, around.chance)
    return replace(mended, recovery="gap", push_not_before=later, failures=state.failures + 1)


def _after_success(state: EngineState, step: Step, body: Any, around: Around) -> EngineState:
    well = replace(state, not_before=0.0, is_wait_ordered=False, last_error=None)
    if step.do == "push":
        if not around.settled:
            return _failed(state, "no_progress", around)
        return replace(well, failures=0, is_pull_due=True, is_have_due=True)
    if step.do == "recover":
        return replace(well, recovery=None, max_ops=MOST_OPS, is_pull_due=True, is_have_due=True)
    if step.do == "pull":
        return replace(well, failures=0, is_pull_due=isinstance(body.get("page"), str))
    if step.do == "digests":
        return replace(well, failures=0, is_pull_due=bool(body.get("again")))
    if step.do == "have":
        return replace(well, failures=0, is_have_due=False)
    return replace(well, failures=0, upload_failures=0, is_pull_due=True)


def _after_problem(state: EngineState, step: Step, outcome: Outcome, around: Around) -> EngineState:
    if outcome.status == 401:
        return replace(state, is_signed_out=True, last_error=outcome.code)
    if outcome.code == "wrong_owner":
        return replace(state, is_refused=True, last_error=outcome.code)
    if outcome.status == 409 and outcome.code in RECOVERIES:
        waiting = _failed(state, outcome.code, around) if state.failures else replace(state, failures=1, last_error=outcome.code)
        return replace(waiting, recovery=outcome.code)
    if step.do == "push":
        return _after_refused_batch(state, outcome.code, around)
    if step.do == "pull" and outcome.code == "malformed":
        return replace(_failed(state, outcome.code, around), is_page_lost=True)
    return _failed(state, outcome.code, around)


def _after_refused_batch(state: EngineState, code: str, around: Around) -> EngineState:
    """Half the batch at once; an operation that is refused alone lets the others pass."""
    size = min(around.batch_size or state.max_ops, state.max_ops)
    if size > 1:
        return replace(state, max_ops=size // 2, last_error=code)
    return replace(state, is_setting_aside=True, last_error=code)


def _after_refused_photo(state: EngineState, around: Around) -> EngineState:
    later = around.now + backoff(state.upload_failures, around.chance)
    return replace(state, upload_not_before=later, upload_failures=state.upload_failures + 1, last_error="photo_refused")


def _failed(state: EngineState, code: str, around: Around) -> EngineState:
    not_before = around.now + backoff(state.failures, around.chance)
    return replace(state, failures=state.failures + 1, not_before=not_before, is_wait_ordered=False, last_error=code)


def backoff(failures: int, chance: float) -> float:
    """Seconds: doubling from 2 to 60, spread over the upper half so that phones do not come in step."""
    full = min(FIRST_WAIT_S * 2.0 ** min(failures, 10), LONGEST_WAIT_S)
    return full / 2 + full / 2 * chance


def outcome_of(question: Question, status: int, headers: Mapping[str, str], text: bytes, now: float) -> Outcome:
    """An answer of this protocol, told from everything else that a network may say (captive portals answer 200)."""
    given = {name.lower(): value for name, value in headers.items()}
    if status == 413:
        return Outcome("too_large", status=status)
    if status in (429, 503):
        return Outcome("busy", status=status, retry_after_s=retry_after_s(given.get("retry-after"), now))
    body = _parsed(given.get("content-type", ""), text)
    if body is None:
        return Outcome("foreign", status=status)
    if status == 200:
        return Outcome("ok", body, status=status) if _is_answer(question, body) else Outcome("foreign", status=status)
    if not 400 <= status < 500 or not isinstance(body.get("code"), str):
        return Outcome("foreign", status=status)
    return Outcome("problem", body, body["code"], status)


def retry_after_s(header: str | None, now: float) -> float:
    """Retry-After as seconds or as a date, in seconds from now; from one second to an hour."""
    text = (header or "").strip()
    if not text:
        return BUSY_S
    if text.isdigit():
        wait = float(text)
    else:
        try:
            wait = _seconds(parsedate_to_datetime(text)) - now
        except ValueError:
            return BUSY_S
    return min(max(wait, 1.0), LONGEST_ORDERED_WAIT_S)


def _seconds(at: datetime) -> float:
    return at.timestamp()


def _parsed(content_type: str, text: bytes) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/problem+json"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _is_answer(question: Question, body: dict[str, Any]) -> bool:
    if question == "push":
        return _has(body, epoch=str, last_n=int, results=list) and all(_has(one, op_id=str, code=str) for one in body["results"])
    if question == "pull":
        ends_well = isinstance(body.get("page"), str) != isinstance(body.get("cursor"), str)
        return ends_well and _has(body, epoch=str, last_n=int, events=list) and all(_has(event, e=str) for event in body["events"])
    expected: dict[str, dict[str, type]] = {
        "reconcile": {"epoch": str, "unknown": list},
        "have": {"missing": list},
        "digests": {"epoch": str, "again": list},
    }
    return _has(body, **expected[question])


def _has(body: Any, **types: type) -> bool:
    return isinstance(body, dict) and all(isinstance(body.get(name), kind) for name, kind in types.items())


def iso_of(seconds: float) -> str:
    """A clock reading in seconds as the phone writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
