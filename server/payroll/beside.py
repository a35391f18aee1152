"""Records that stand beside an upheld finding whose own record has no picture and no source row (RULEBOOK §10: "down to photo and signature")."""

from collections.abc import Iterable

from sqlalchemy import select

from server.churn.models import ChurnCase
from server.db import db
from server.domain.months import Month
from server.findings.evidence import Reference
from server.training.models import Training
from server.visits.models import Visit

TRAINED, CHURNED, FILE = "inadequate_training", "churned", "inaccurate_file"
About = tuple[str, str, str, str]


def beside(findings: Iterable[About]) -> dict[str, list[Reference]]:
    """By finding id, from (finding id, kind, outlet id, month): the training that was inadequate, the customer's transactions, the file."""
    about = list(findings)
    found: dict[str, list[Reference]] = {}
    for kind, read in ((FILE, _files), (TRAINED, _trainings), (CHURNED, _volumes)):
        own = [one for one in about if one[1] == kind]
        found |= read(own) if own else {}
    return found


def _files(about: list[About]) -> dict[str, list[Reference]]:
    """The file, and the last visit to the outlet up to the end of the finding's month, which its rep sees though the outlet be lost."""
    query = select(Visit.outlet_id, Visit.id, Visit.visited_on).where(Visit.outlet_id.in_({outlet_id for _, _, outlet_id, _ in about}))
    rows = db.session.execute(query.order_by(Visit.checked_in_at, Visit.id)).all()
    found: dict[str, list[Reference]] = {}
    for finding_id, _, outlet_id, month in about:
        visits = [("visit", row.id) for row in rows if row.outlet_id == outlet_id and f"{row.visited_on:%Y-%m}" <= month]
        found[finding_id] = [("outlet", outlet_id), *visits[-1:]]
    return found


def _trainings(about: list[About]) -> dict[str, list[Reference]]:
    """The last training of the outlet up to the end of the finding's month."""
    query = select(Training.outlet_id, Training.id, Training.trained_on).where(Training.outlet_id.in_({outlet_id for _, _, outlet_id, _ in about}))
    query = query.where(Training.voided_at.is_(None))
    rows = db.session.execute(query.order_by(Training.trained_on, Training.id)).all()
    found: dict[str, list[Reference]] = {}
    for finding_id, _, outlet_id, month in about:
        held = [row.id for row in rows if row.outlet_id == outlet_id and f"{row.trained_on:%Y-%m}" <= month]
        found[finding_id] = [("training", held[-1])] if held else []
    return found


def _volumes(about: list[About]) -> dict[str, list[Reference]]:
    """The outlet's volume of the month before the listing, in which nothing moved; its page shows the month before that too."""
    query = select(ChurnCase.outlet_id, ChurnCase.month, ChurnCase.decided_on).where(ChurnCase.outlet_id.in_({one[2] for one in about}))
    rows = db.session.execute(query.order_by(ChurnCase.month)).all()
    found: dict[str, list[Reference]] = {}
    for finding_id, _, outlet_id, month in about:
        months = [row.month for row in rows if row.outlet_id == outlet_id and row.decided_on is not None and f"{row.decided_on:%Y-%m}" == month]
        found[finding_id] = [("outlet_volume", f"{outlet_id}:{Month.parse(one).previous()}") for one in months]
    return found
