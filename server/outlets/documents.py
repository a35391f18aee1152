"""Outlets as phones receive them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, literal, select

from server.clock import today
from server.db import db
from server.outlets.models import Agent, Outlet, OutletClassChange
from server.outlets.queries import responsible_people
from server.people.models import Person

Document = dict[str, Any]


def outlet_documents(ids: list[str]) -> dict[str, Document]:
    query = select(Outlet, Agent.name).outerjoin(Agent, Agent.id == Outlet.agent_id).where(Outlet.id.in_(ids))
    changes = _class_changes(ids)
    people = responsible_people(ids, today())
    return {
        outlet.id: _document(outlet, agent_name or "", changes[outlet.id], people.get(outlet.id)) for outlet, agent_name in db.session.execute(query)
    }


def _class_changes(ids: list[str]) -> defaultdict[str, list[Document]]:
    query = select(OutletClassChange).where(OutletClassChange.outlet_id.in_(ids)).order_by(OutletClassChange.valid_from, OutletClassChange.id)
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for change in db.session.scalars(query):
        found[change.outlet_id].append({"outlet_class": change.outlet_class, "valid_from": change.valid_from.isoformat()})
    return found


def _document(outlet: Outlet, agent_name: str, class_history: list[Document], rep: Person | None) -> Document:
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
        "phone": outlet.phone,
        "households_nearby": outlet.households_nearby,
        "monthly_payments": outlet.monthly_payments,
        "agent_name": agent_name,
        "account_no": outlet.account_no,
        "account_made_on": _text(outlet.account_made_on),
        "approved_on": _text(outlet.approved_on),
        "churned_on": _text(outlet.churned_on),
        "signers": _signers(outlet),
    }


def _signers(outlet: Outlet) -> list[Document]:
    """Who may sign at the counter: the person in charge first, then the cashiers."""
    owner = [{"name": outlet.person_in_charge, "role": "owner"}] if outlet.person_in_charge else []
    return owner + [{"name": cashier["name"], "role": "cashier"} for cashier in outlet.cashiers]


def _text(value: Decimal | date | None) -> str | None:
    return None if value is None else str(value)


def live_outlets() -> Select[str, str]:
    return select(Outlet.id, literal("outlet:") + Outlet.id).where(Outlet.removed_at.is_(None))
