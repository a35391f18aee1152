"""Which feature takes in which form: a new form is one line here."""

from collections.abc import Callable

from server.visits.intake import apply_visit
from sync.receive import Outcome, Sent

Applier = Callable[[Sent], Outcome]

APPLIERS: dict[str, Applier] = {
    "visit.v1": apply_visit,
}


def applier_of(form: str) -> Applier | None:
    """Who judges and applies operations of this form; None when the server does not know it (yet)."""
    return APPLIERS.get(form)
