"""Whom an outlet's file names, as a rule for a row at hand and as its twin for a statement (ADR 15).

The twins stand side by side, and a test holds them against each other for every field.
"""

from sqlalchemy import ColumnElement, String, cast, or_

from server.outlets.models import Outlet

OF_PEOPLE = ("person_in_charge", "phone", "contact", "cashiers")
TEXTS = ("person_in_charge", "phone", "contact", "id_sealed")
NO_CASHIERS = ("[]", "null")


def names_somebody(outlet: Outlet) -> bool:
    """Whether the file says anything of a person: responsible, phone, contact, cashiers, ID document."""
    return any(getattr(outlet, name) for name in TEXTS) or bool(outlet.cashiers)


def naming_somebody() -> ColumnElement[bool]:
    """The condition on `Outlet` for those of which `names_somebody` holds."""
    return or_(*(getattr(Outlet, name) != "" for name in TEXTS), cast(Outlet.cashiers, String).not_in(NO_CASHIERS))


def keeps_people_out(outlet: Outlet) -> bool:
    """Whether its people were erased, and it is no customer: one that came back has people again, until they are erased in their turn."""
    is_gone = outlet.churned_on is not None or outlet.removed_at is not None
    return outlet.people_erased_at is not None and is_gone and not names_somebody(outlet)


def keeping_people_out() -> ColumnElement[bool]:
    """The condition on `Outlet` for those of which `keeps_people_out` holds."""
    is_gone = Outlet.churned_on.is_not(None) | Outlet.removed_at.is_not(None)
    return Outlet.people_erased_at.is_not(None) & is_gone & ~naming_somebody()
