"""Complaints, follow-ups and material requests of the demo company, most of them settled in time."""

from datetime import date, timedelta

from server.complaints.actions import (
    Intake,
    Resolution,
    assign_complaint,
    investigate_complaint,
    receive_complaint,
    report_complaint,
    resolve_complaint,
)
from server.demo import names
from server.demo.office import Office, at, kept_photo, kept_signature
from server.domain.working_days import add_working_days
from server.followups.actions import Look, Registered, look_at_follow_up, pass_follow_up, register_follow_up
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.outlets.models import Outlet
from sync.ids import uuid7

COMPLAINTS_A_MONTH = 5
REQUESTS_A_MONTH = 6
FOLLOW_UPS_A_MONTH = 5


def add_complaints(office: Office) -> None:
    """Some a month; one in six about a rep, the newest not resolved yet; of four working days ago one in every region that is not reported yet."""
    for month in office.months:
        for day in office.some_days(month, COMPLAINTS_A_MONTH):
            for outlet, rep_id in office.some_outlets(1, day):
                _complaint(office, outlet, rep_id, day, office.source.choice((1, 2, 2, 3, 3, 5)))
    days = [day for month in office.months[-2:] for day in office.working_days(month) if day < office.today]
    for day in days[-4:-3]:
        pairs = office.some_outlets(60, day)
        for region_id in office.company.supervisor_ids:
            for outlet, rep_id in [pair for pair in pairs if pair[0].region_id == region_id][:1]:
                _complaint(office, outlet, rep_id, day, 3)


def _complaint(office: Office, outlet: Outlet, rep_id: str, day: date, days: int) -> None:
    """Resolved so many working days after its day, reported once two more are over."""
    kind, account, demand = office.source.choice(names.COMPLAINT_CASES)
    is_about_rep = office.source.random() < 0.17
    needs_call = is_about_rep or office.source.random() < 0.7
    facts = (uuid7(), outlet.id, kind, is_about_rep, needs_call, day, outlet.person_in_charge, outlet.phone, account, demand)
    ops_id, supervisor_id = office.company.ops_id, office.supervisor_of(outlet)
    complaint_id = receive_complaint(Intake(*facts), ops_id, at(day, 9)).id
    resolved_on = add_working_days(day, days, office.years)
    handler_id = supervisor_id if is_about_rep else rep_id if needs_call else ops_id
    if day + timedelta(days=1) < office.today:
        assign_complaint(complaint_id, handler_id, "", ops_id, at(day, 10))
    if resolved_on >= office.today:
        return
    verdict = "founded" if office.source.random() < 0.6 else "unfounded"
    investigate_complaint(complaint_id, names.INVESTIGATIONS[verdict], verdict, handler_id, at(resolved_on, 10))
    thinks = office.source.choice(("satisfied", "satisfied", "fair", "dissatisfied"))
    signature = kept_signature(office, resolved_on) if needs_call else ""
    resolve_complaint(complaint_id, Resolution("已向店主说明，当天办好。", thinks, "satisfied", "", signature), handler_id, at(resolved_on, 11))
    if add_working_days(resolved_on, 2, office.years) < office.today:
        report_complaint(complaint_id, "", supervisor_id, at(resolved_on + timedelta(days=1), 9))


def add_follow_ups(office: Office) -> None:
    """Some a month, most solved in time; the newest are open, and one in four was passed on."""
    for month in office.months:
        for day in office.some_days(month, FOLLOW_UPS_A_MONTH):
            for outlet, rep_id in office.some_outlets(1, day):
                _follow_up(office, outlet, rep_id, day)


def _follow_up(office: Office, outlet: Outlet, rep_id: str, day: date) -> None:
    problem, owner, solution = office.source.choice(names.FOLLOW_UPS)
    photos = (kept_photo(office, "counter", outlet, rep_id, day),)
    follow_up_id = register_follow_up(Registered(uuid7(), outlet.id, problem, owner, 5, at(day, 11), photos), rep_id, at(day, 11)).id
    supervisor_id = office.supervisor_of(outlet)
    if owner != "ops" and office.source.random() < 0.25 and day + timedelta(days=1) < office.today:
        pass_follow_up(follow_up_id, "ops", "要厂家来人", supervisor_id, at(day + timedelta(days=1), 9))
    looked_on = add_working_days(day, office.source.choice((2, 3, 4, 5, 7)), office.years)
    if looked_on >= office.today:
        return
    is_solved = office.source.random() < 0.8
    look_at = at(looked_on, 15)
    look_at_follow_up(follow_up_id, Look(uuid7(), is_solved, solution if is_solved else "看过了，还没有办好。", look_at), rep_id, look_at)


def add_deliveries(office: Office) -> None:
    """Some requests a month, most delivered in time; the newest are on their way."""
    for month in office.months:
        for day in office.some_days(month, REQUESTS_A_MONTH):
            for outlet, rep_id in office.some_outlets(1, day):
                _delivery(office, outlet, rep_id, day)


def _delivery(office: Office, outlet: Outlet, rep_id: str, day: date) -> None:
    wanted = Wanted(uuid7(), outlet.id, office.source.choice(names.MATERIALS), day)
    request_id = request_materials(wanted, rep_id, at(day, 9)).id
    delivered_on = add_working_days(day, office.source.choice((1, 1, 2, 2, 3, 3, 4)), office.years)
    if delivered_on >= office.today:
        return
    photo = kept_photo(office, "counter", outlet, rep_id, delivered_on)
    delivery = Delivery(delivered_on, photo, kept_signature(office, delivered_on), outlet.person_in_charge, "")
    deliver_materials(request_id, delivery, rep_id, at(delivered_on, 15))
