"""How a line was reckoned, in figures and words, from the facts that its sheet keeps."""

from decimal import Decimal

from flask_babel import gettext

from server.console.formats import amount, yuan
from server.domain.wage_kinds import WageKind
from server.payroll.kept_facts import KeptFacts, PlanTotals
from server.payroll.kinds import BY_FINDING
from server.payroll.models import WageLine


def reckoning(kind: WageKind, line: WageLine | None, kept: KeptFacts) -> str:
    """`14 户 × 20.00 元`, or why there is nothing; empty where the rule says all."""
    if kind.paid_by.startswith(BY_FINDING):
        return "" if line is None else gettext("%(count)s 件 × %(unit)s 元", count=amount(line.quantity), unit=yuan(line.unit_yuan))
    explain = EXPLANATIONS.get(kind.paid_by)
    return explain(line, kept) if explain else ""


def _base(line: WageLine | None, kept: KeptFacts) -> str:
    if line is not None and line.unit_yuan is not None:
        return gettext("固定")
    days = kept.facts.active
    return gettext("在岗 %(working)s 个工作日，当月共 %(of)s 个", working=days.working, of=days.of_working)


def _new_customers(line: WageLine | None, kept: KeptFacts) -> str:
    left = len(kept.not_counted)
    more = gettext("另 %(count)s 户没有计入", count=left) if left else ""
    if line is None:
        return more
    count = amount(line.quantity)
    text = (
        gettext("%(count)s 户，分段计", count=count)
        if line.unit_yuan is None
        else gettext("%(count)s 户 × %(unit)s 元", count=count, unit=yuan(line.unit_yuan))
    )
    return gettext("；").join([text, *([more] if more else [])])


def _volume(line: WageLine | None, kept: KeptFacts) -> str:
    if line is None:
        return ""
    volume = kept.facts.volume
    rate = amount((line.unit_yuan or Decimal(0)) * 1000)
    return gettext("（%(now)s − %(before)s）× %(rate)s‰", now=yuan(volume.this_yuan), before=yuan(volume.last_yuan), rate=rate)


def _complaints(line: WageLine | None, kept: KeptFacts) -> str:
    if line is not None:
        return gettext("没有投诉")
    count = len(kept.facts.complaints)
    return gettext("%(count)s 件投诉", count=count) if count else gettext("当月名下没有网点")


def _visits(_line: WageLine | None, kept: KeptFacts) -> str:
    plan = kept.visits
    if not plan.outlets:
        return gettext("当月没有应巡的网点")
    missed = sum(finding.kind == "missed_visit" for finding in kept.facts.findings)
    more = [gettext("认定的漏巡 %(count)s 件", count=missed)] if missed else []
    return gettext("；").join([_plan(plan), *more])


def _trainings(_line: WageLine | None, kept: KeptFacts) -> str:
    plan = kept.trainings
    return (
        gettext("计划 %(planned)s 个网点，培训了 %(done)s 个", planned=plan.outlets, done=plan.done) if plan.outlets else gettext("当月没有培训计划")
    )


def _plan(plan: PlanTotals) -> str:
    figures = {"planned": plan.planned, "counted": plan.counted, "outlets": plan.outlets, "done": plan.done}
    return gettext("计划 %(planned)s 次，计入 %(counted)s 次；%(outlets)s 个网点里 %(done)s 个巡够", **figures)


EXPLANATIONS = {
    "active_month": _base,
    "new_customers": _new_customers,
    "volume": _volume,
    "no_complaint": _complaints,
    "visit_plan_done": _visits,
    "training_plan_done": _trainings,
}
