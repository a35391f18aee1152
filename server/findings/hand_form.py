"""What the form of a finding proposed by hand sends."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from server.console.form_answers import record_id_of
from server.console.form_checks import FormChecks, text_of
from server.domain.months import Month
from server.domain.proposed_findings import outlet_key
from server.domain.wage_kinds import ONCE_PER_OUTLET
from server.findings.actions import Proposal
from server.findings.kinds import FindingKind, kinds_by_hand


@dataclass(frozen=True)
class HandForm:
    """As typed; `id` makes sending it twice propose once."""

    id: str
    person_id: str = ""
    kind: str = ""
    month: str = ""
    outlet_code: str = ""
    reason: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "HandForm":
        return cls(
            record_id_of(form.get("id", "")),
            form.get("person_id", ""),
            form.get("kind", ""),
            form.get("month", ""),
            text_of(form, "outlet_code", 20),
            text_of(form, "reason", 400),
        )

    def proposal(self, person_ids: set[str], outlet_id: str | None, today: date) -> Proposal:
        """The finding to propose; `outlet_id` is that of the code, None where there is none. Raises `invalid` with the fields at fault.

        What costs once per outlet is the same finding as the one that the nightly check proposes.
        """
        checks = FormChecks()
        if self.person_id not in person_ids:
            checks.faults["person_id"] = "not_a_person"
        kind = self._kind(checks, today)
        if self.outlet_code and outlet_id is None:
            checks.faults["outlet_code"] = "no_outlet"
        reason = checks.needed("reason", self.reason)
        checks.done()
        evidence = (("outlet", outlet_id),) if outlet_id else ()
        assert kind is not None
        key = outlet_key(kind.code, outlet_id, Month.parse(self.month)) if outlet_id and kind.code in ONCE_PER_OUTLET else f"hand:{self.id}"
        return Proposal(key, kind.code, self.month, self.person_id, outlet_id, kind.amount_yuan, reason, evidence)

    def _kind(self, checks: FormChecks, today: date) -> FindingKind | None:
        try:
            month = Month.parse(self.month)
        except ValueError:
            checks.faults["month"] = "not_a_month"
            return None
        if month.first_day > today:
            checks.faults["month"] = "not_begun"
        kind = next((kind for kind in kinds_by_hand(month) if kind.code == self.kind), None)
        if kind is None:
            checks.faults["kind"] = "choose"
        return kind
