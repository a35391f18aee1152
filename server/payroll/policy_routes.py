"""政策参数: every dated value, what would change, and setting one from a day on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.formats import month_name
from server.console.months import chosen_month, recent_months
from server.domain.months import Month
from server.domain.policy_keys import POLICY_KEYS
from server.payroll.policy_views import GROUPS, choice_pairs, counting_month, group_of, shown_keys, value_words
from server.payroll.what_if import WhatIf, is_reckoned, what_if
from server.payroll.words import FIGURE_WORDS
from server.people.access import current_person, requires
from server.people.models import Role
from server.policy.actions import checked_policy, set_policy
from sync.problems import Problem

blueprint = Blueprint("policies", __name__, template_folder="templates")
READERS = (Role.MANAGER, Role.PAYROLL, Role.ADMIN)


@dataclass(frozen=True)
class PolicyForm:
    """As typed, no longer than an address can hold; `month` is the one to work out again."""

    value: str = ""
    valid_from: str = ""
    reason: str = ""
    month: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "PolicyForm":
        return cls(text_of(form, "value", 200), text_of(form, "valid_from", 10), text_of(form, "reason", 400), text_of(form, "month", 7))

    def day(self) -> date:
        """The day it holds from; raises `invalid`."""
        try:
            return date.fromisoformat(self.valid_from)
        except ValueError as fault:
            raise Problem("invalid", fields={"valid_from": "not_a_date"}) from fault


@blueprint.get("/policy")
@requires(*READERS)
def policy_list() -> str:
    """All keys of a group; `open` names the one whose history, form and what-if stand beside the list."""
    key = request.args.get("open", "")
    if key and key not in POLICY_KEYS:
        raise Problem("not_found", "policy key")
    return _page(key, PolicyForm(), {})


@blueprint.get("/policy/<key>/trial")
@requires(Role.MANAGER)
def trial(key: str) -> AnyResponse:
    """What would change with the value in the address, from the day in it, in the month in it; nothing does."""
    if key not in POLICY_KEYS:
        raise Problem("not_found", "policy key")
    form = PolicyForm.read(request.args)
    try:
        return make_response(_page(key, form, {}, _outcome(key, form)))
    except Problem as problem:
        return form_again(problem, lambda faults: _page(key, form, faults))


@blueprint.post("/policy/<key>")
@requires(Role.MANAGER)
def change(key: str) -> AnyResponse:
    """Set a value from a day on, never overwriting one; or, with `action` try, away to the page of the trial.

    So the form's token stays out of the trial's address, which people keep and send.
    """
    if key not in POLICY_KEYS:
        raise Problem("not_found", "policy key")
    form = PolicyForm.read(request.form)
    if request.form.get("action") == "try":
        return redirect(url_for("policies.trial", key=key, **vars(form)), 303)
    try:
        row = set_policy(key, form.value, form.day(), form.reason, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(key, form, faults))
    month = month_name(counting_month(row.valid_from))
    flash(gettext("已定，从%(month)s起算；手机下次同步就有新的。", month=month))
    return redirect(url_for("policies.policy_list", open=key))


def _outcome(key: str, form: PolicyForm) -> WhatIf | None:
    """What would change in the chosen month; None for a key that no month can be worked out again with. Raises `invalid`."""
    value = checked_policy(key, form.value, form.day(), "-")
    return what_if(_month(form), key, value, today()) if is_reckoned(key) else None


def _page(key: str, form: PolicyForm, faults: dict[str, str], outcome: WhatIf | None = None) -> str:
    keys = shown_keys(today())
    values: dict[str, Any] = {"groups": GROUPS, "group": group_of(key) if key else request.args.get("group", GROUPS[0][0]), "keys": keys}
    shown = next((one for one in keys if one.key.key == key), None)
    if shown is not None:
        form = PolicyForm(form.value or shown.value, form.valid_from or str(_default_day()), form.reason, form.month)
        values |= {"default_words": value_words(shown.key, shown.key.default), "today": today(), "choices": choice_pairs(shown.key)}
    values |= {"shown": shown, "form": form, "faults": faults, "outcome": outcome, "figure_words": FIGURE_WORDS, "is_reckoned": is_reckoned(key)}
    months = {"months": recent_months(_month(form)), "month": _month(form)}
    return render_template("policy/list.html", may_set=current_person().holds(Role.MANAGER), **values, **months)


def _default_day() -> date:
    """The first day of the next month: the policy of a month's first day holds for all of it."""
    return Month.of_date(today()).next().first_day


def _month(form: PolicyForm) -> Month:
    return chosen_month(form.month)
