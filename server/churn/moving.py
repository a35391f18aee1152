"""What happens to churn cases when two outlet files become one."""

from datetime import datetime

from sqlalchemy import select

from server.churn.deciding import decide_case, finding_key
from server.churn.models import ChurnCase
from server.db import db
from server.findings.queries import is_decided


def settle_merged(gone_id: str, _kept_id: str, now: datetime) -> None:
    """The customer goes on under the file that is kept: that is normal churn, unless the manager decided. The caller commits."""
    for case in db.session.scalars(select(ChurnCase).where(ChurnCase.outlet_id == gone_id).order_by(ChurnCase.id)).all():
        if not case.reason and not is_decided(finding_key(case.id)):
            case.reason = "merged"
            decide_case(case, None, now)
    db.session.flush()
