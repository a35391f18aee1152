"""Churn cases as phones receive them: those of an outlet that wait for a word (RULEBOOK §9)."""

from typing import Any

from sqlalchemy import Select, literal, select

from server.churn.models import ChurnCase
from server.db import db
from server.domain.churn import WAITING


def churn_case_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id; marketing's word counts up to `due_on`."""
    return {
        case.id: {
            "id": case.id,
            "outlet_id": case.outlet_id,
            "month": case.month,
            "listed_on": case.listed_on.isoformat(),
            "due_on": case.due_on.isoformat(),
            "state": case.state,
        }
        for case in db.session.scalars(select(ChurnCase).where(ChurnCase.id.in_(ids)))
    }


def live_churn_cases() -> Select[str, str]:
    return select(ChurnCase.id, literal("outlet:") + ChurnCase.outlet_id).where(ChurnCase.state.in_(WAITING))
