"""What the words on a churn case decide, and what follows: the outlet's churn, a finding proposed or taken back (RULEBOOK §9, §11)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select

from server.churn.models import ChurnCase, ChurnWord
from server.db import db, take_turn
from server.domain.churn import ChurnState, Source, Word, churn_decided_on, churn_state, is_charged
from server.domain.deadlines import churn_word_due_on
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.findings.actions import Proposal, propose_findings, withdraw_findings
from server.findings.models import Finding
from server.findings.overtaken import note_overtaken
from server.outlets.models import Outlet
from server.outlets.responsible import responsible_id
from server.policy.queries import policies, policy_of, working_years

KIND = "churned"
WITHDRAWN = "离网的说法有变，自动撤回。"
UNDECIDED = (ChurnState.OPEN, ChurnState.OPS_DECIDES)


def finding_key(case_id: str) -> str:
    return f"{KIND}:{case_id}"


def words_of(case_ids: list[str]) -> defaultdict[str, list[Word]]:
    """By case, the words in the order they were given."""
    found: defaultdict[str, list[Word]] = defaultdict(list)
    query = select(ChurnWord).where(ChurnWord.case_id.in_(case_ids)).order_by(ChurnWord.on, ChurnWord.at, ChurnWord.id)
    for row in db.session.scalars(query):
        found[row.case_id].append(Word(Source(row.source), row.on, row.is_gone))
    return found


def decide_case(case: ChurnCase, by_id: str | None, now: datetime) -> None:
    """Bring the case, its outlet and its finding to what the words say now. The caller commits."""
    today, years, policy = business_date(now), working_years(), policy_of(Month.of_date(case.listed_on))
    words, before = words_of([case.id])[case.id], case.decided_on
    case.state = churn_state(case.listed_on, words, today, years, policy)
    case.decided_on = churn_decided_on(case.listed_on, words, today, years, policy)
    if case.decided_on != before:
        case.decided_by_id = by_id if case.decided_on else None
    _mark_outlet(case, before)
    _refresh_finding(case, by_id, now)


def _mark_outlet(case: ChurnCase, before: date | None) -> None:
    """Churned from the day of the decision; no more so when the case says otherwise."""
    outlet = db.session.get_one(Outlet, case.outlet_id, with_for_update={"key_share": True})
    if case.state == ChurnState.CHURNED:
        outlet.churned_on = case.decided_on
    elif before is not None and outlet.churned_on == before:
        outlet.churned_on = None


def _refresh_finding(case: ChurnCase, by_id: str | None, now: datetime) -> None:
    """The rep of the day the customer was listed, in the month of the decision."""
    rep_id = responsible_id(case.outlet_id, case.listed_on)
    if case.decided_on is None or rep_id is None or not is_charged(ChurnState(case.state), case.reason):
        withdraw_findings(Finding.source_key == finding_key(case.id), WITHDRAWN, now)
        note_overtaken(Finding.source_key == finding_key(case.id), now)
        return
    propose_findings([churn_proposal(case, rep_id, policy_of)], now, by_id)


def churn_proposal(case: ChurnCase, rep_id: str, policy_in: Callable[[Month], Policy]) -> Proposal:
    """The finding of a case that was decided, in the month of the decision."""
    assert case.decided_on is not None
    month = Month.of_date(case.decided_on)
    return Proposal(
        source_key=finding_key(case.id),
        kind=KIND,
        month=str(month),
        person_id=rep_id,
        outlet_id=case.outlet_id,
        amount_yuan=policy_in(month).decimal("wage.churned_yuan"),
        reason=f"{case.month} 列入离网名单",
        evidence=(("churn_case", case.id),),
    )


def refresh_cases(now: datetime) -> int:
    """Hand cases to ops on which nobody said anything by the deadline; deadlines follow the calendar. Returns how many changed.

    Safe to repeat and in parallel; the caller commits.
    """
    take_turn("churn cases")
    today, years, policy_in = business_date(now), working_years(), policies()
    cases = db.session.scalars(select(ChurnCase).where(ChurnCase.state.in_(UNDECIDED)).order_by(ChurnCase.id).with_for_update()).all()
    changed = 0
    words = words_of([case.id for case in cases])
    for case in cases:
        policy = policy_in(Month.of_date(case.listed_on))
        due_on = churn_word_due_on(case.listed_on, years, policy)
        state = churn_state(case.listed_on, words[case.id], today, years, policy)
        if (case.due_on, case.state) == (due_on, state):
            continue
        case.due_on = due_on
        if state in UNDECIDED:
            case.state = state
        else:  # a new deadline lets a late word count after all
            decide_case(case, None, now)
        changed += 1
    db.session.flush()
    return changed
