"""Outlets as phones receive them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, literal, select

from server.clock import today
from server.db import db
from server.outlets.file_steps import FileStep, last_steps
from server.outlets.models import Agent, Outlet, OutletClassChange
from server.outlets.queries import Responsible, responsible_people
from sync.times import iso_instant

Document = dict[str, Any]

# Asked by every pull that brings outlets, so built once.
_OUTLETS = select(Outlet, Agent).outerjoin(Agent, Agent.id == Outlet.agent_id).where(Outlet.id.in_(bindparam("ids", expanding=True)))
_CLASS_CHANGES = (
    select(OutletClassChange.outlet_id, OutletClassChange.outlet_class, OutletClassChange.valid_from)
    .where(OutletClassChange.outlet_id.in_(bindparam("ids", expanding=True)))
    .order_by(OutletClassChange.valid_from, OutletClassChange.id)
)


def outlet_documents(ids: list[str]) -> dict[str, Document]:
    changes = _class_changes(ids)
    people = responsible_people(ids, today())
    steps = last_steps(ids)
    return {
        outlet.id: _document(outlet, agent, changes[outlet.id], people.get(outlet.id), steps.get(outlet.id))
        for outlet, agent in db.session.execute(_OUTLETS, {"ids": ids})
    }


def _class_changes(ids: list[str]) -> defaultdict[str, list[Document]]:
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for outlet_id, letter, valid_from in db.session.execute(_CLASS_CHANGES, {"ids": ids}):
        found[outlet_id].append({"outlet_class": letter, "valid_from": valid_from.isoformat()})
    return found


def _document(outlet: Outlet, agent: Agent | None, class_history: list[Document], rep: Responsible | None, step: FileStep | None) -> Document:
    return {
        "id": outlet.id,
        "code": outlet.code,
        "name": outlet.name,
        "state": outlet.state,
        "region_id": outlet.region_id,
        "rep_id": rep.id if rep else None,
        "rep_name": rep.name if rep else None,
        "address": outlet.address,
        "position_text": outlet.position_text,
        "lat": outlet.lat,
        "lon": outlet.lon,
        "position_accuracy_m": outlet.position_accuracy_m,
        "outlet_class": outlet.outlet_class,
        "class_reasons": outlet.class_reasons,
        "class_history": class_history,
        "class_inputs": {
            "chain_outlets": outlet.chain_outlets,
            "is_franchised_or_own_hall": outlet.is_franchised_or_own_hall,
            "floor_area_m2": _text(outlet.floor_area_m2),
            "monthly_fee_yuan": _text(outlet.monthly_fee_yuan),
        },
        "person_in_charge": outlet.person_in_charge,
        "id_kind": outlet.id_kind,
        "id_masked": outlet.id_masked,
        "phone": outlet.phone,
        "contact": outlet.contact,
        "cashiers": outlet.cashiers,
        "are_materials_complete": outlet.are_materials_complete,
        "are_materials_placed_right": outlet.are_materials_placed_right,
        "is_tidy": outlet.is_tidy,
        "storefront_photo": outlet.storefront_photo,
        "counter_photo": outlet.counter_photo,
        "households_nearby": outlet.households_nearby,
        "monthly_payments": outlet.monthly_payments,
        "agent_name": agent.name if agent else "",
        "is_agent_retired": bool(agent and agent.retired_at),
        "account_no": outlet.account_no,
        "account_made_on": _text(outlet.account_made_on),
        "approved_on": _text(outlet.approved_on),
        "churned_on": _text(outlet.churned_on),
        "signers": _signers(outlet),
        "file_step": step and {"state": step.state, "at": iso_instant(step.at), "reason": step.reason, "by_name": step.by_name},
    }


def _signers(outlet: Outlet) -> list[Document]:
    """Who may sign at the counter: the person in charge first, then the cashiers."""
    owner = [{"name": outlet.person_in_charge, "role": "owner"}] if outlet.person_in_charge else []
    return owner + [{"name": cashier["name"], "role": "cashier"} for cashier in outlet.cashiers]


def _text(value: Decimal | date | None) -> str | None:
    return None if value is None else str(value)


def live_outlets() -> Select[str, str]:
    return select(Outlet.id, literal("outlet:") + Outlet.id).where(Outlet.removed_at.is_(None))
