"""What each part of the reporting API gives, as marshmallow schemas. No field is or holds an ID number."""

from marshmallow import Schema, fields

from server.visits.words import verdict_of


def _text(description: str) -> fields.String:
    return fields.String(metadata={"description": description})


def _maybe(description: str) -> fields.String:
    return fields.String(allow_none=True, metadata={"description": description})


def _whole(description: str, is_known: bool = True) -> fields.Integer:
    return fields.Integer(allow_none=not is_known, metadata={"description": description})


def _number(description: str) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"description": description})


def _day(description: str) -> fields.Date:
    return fields.Date(allow_none=True, metadata={"description": description})


def _instant(description: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, metadata={"description": description})


def _yuan(description: str) -> fields.Decimal:
    return fields.Decimal(places=2, as_string=True, metadata={"description": f"{description}, in yuan"})


def _yes(description: str) -> fields.Boolean:
    return fields.Boolean(metadata={"description": description})


class _Changed(Schema):
    """When the record was last changed, by the order of commits; null when that was more than 90 days ago."""

    updated_at = _instant("when the record last changed; null when that was longer ago than the server remembers")


class VisitSchema(_Changed):
    id = _text("visit id")
    outlet_id = _text("outlet id")
    outlet_code = _text("outlet code")
    outlet_name = _text("outlet name")
    region = _text("region of the outlet")
    rep_login = _text("login of who visited")
    rep_name = _text("name of who visited")
    visited_on = _day("date in Shanghai")
    checked_in_at = _instant("check-in")
    checked_out_at = _instant("check-out")
    received_at = _instant("when the server received it")
    fix_lat = _number("latitude of the check-in fix, WGS-84")
    fix_lon = _number("longitude of the check-in fix, WGS-84")
    fix_accuracy_m = _number("accuracy of the fix, metres")
    distance_m = _number("distance from the outlet, metres")
    verdict = fields.Function(verdict_of, metadata={"description": "done, waiting, pending or no", "schema": {"type": "string"}})
    counts = _yes("whether it counts towards the month")
    reasons = fields.List(fields.String(), metadata={"description": "codes of why it does not count or needs a review"})
    has_complaint = _yes("whether the outlet complained")
    score = _whole("evidence score, 0 to 100; null until it was worked out", is_known=False)


class OutletSchema(_Changed):
    id = _text("outlet id")
    code = _text("outlet code")
    name = _text("outlet name")
    region = _text("region")
    outlet_class = _text("A, B or C")
    state = _text("state of the outlet file")
    address = _text("address")
    lat = _number("latitude, WGS-84")
    lon = _number("longitude, WGS-84")
    account_no = _maybe("account number")
    account_made_on = _day("day the account was made")
    approved_on = _day("day the file was approved")
    churned_on = _day("day the customer left")


class OutletMonthSchema(_Changed):
    outlet_id = _text("outlet id")
    outlet_code = _text("outlet code")
    outlet_name = _text("outlet name")
    region = _text("region")
    month = _text("month, such as 2026-11")
    rep_login = _maybe("login of the rep it is charged to")
    rep_name = _maybe("name of the rep it is charged to")
    outlet_class = _text("class that sets what is owed")
    owed = _whole("visits owed")
    planned = _whole("visits planned, never fewer than owed")
    counted = _whole("visits that count")
    waiting = _whole("visits that wait for a review")
    state = _text("done, due, overdue, waiting or none")


class FindingSchema(_Changed):
    id = _text("finding id")
    kind = _text("kind")
    month = _text("month it counts in")
    person_login = _text("login of the person concerned")
    person_name = _text("name of the person concerned")
    outlet_code = _maybe("outlet code, if it is about an outlet")
    outlet_name = _maybe("outlet name, if it is about an outlet")
    amount_yuan = _yuan("what it would cost or award")
    state = _text("proposed, upheld or dismissed")
    created_at = _instant("when it was proposed")


class WageSheetSchema(_Changed):
    person_login = _text("login")
    person_name = _text("name")
    month = _text("month")
    state = _text("draft or closed")
    gross_yuan = _yuan("earned")
    deductions_yuan = _yuan("deductions upheld")
    withheld_yuan = _yuan("deductions taken this month")
    shortfall_yuan = _yuan("deductions above the limit, not taken")
    adjustments_yuan = _yuan("adjustments of closed months")
    total_yuan = _yuan("paid")
    policy_version = _text("version of the policy")
    computed_at = _instant("when it was worked out")
