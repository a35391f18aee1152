"""What the form of a new kind of award or deduction sends."""

import re
from dataclasses import dataclass
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from server.console.form_checks import FormChecks, text_of
from server.domain.months import Month

CODE = re.compile(r"[a-z][a-z0-9_]{0,23}")
AMOUNT = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
SIGNS = {"award": 1, "deduction": -1}
LABEL, RULE = 60, 200


@dataclass(frozen=True)
class NewKind:
    code: str
    sign: int
    unit_yuan: Decimal
    zh: str
    en: str
    rule_zh: str
    rule_en: str
    from_month: Month


@dataclass(frozen=True)
class KindForm:
    """As typed; `sign` is award or deduction."""

    code: str = ""
    sign: str = "deduction"
    unit_yuan: str = ""
    zh: str = ""
    en: str = ""
    rule_zh: str = ""
    rule_en: str = ""
    from_month: str = ""

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "KindForm":
        return cls(
            text_of(form, "code", 40),
            form.get("sign", ""),
            text_of(form, "unit_yuan", 20),
            text_of(form, "zh", LABEL),
            text_of(form, "en", LABEL),
            text_of(form, "rule_zh", RULE),
            text_of(form, "rule_en", RULE),
            form.get("from_month", ""),
        )

    def kind(self) -> NewKind:
        """Raises `invalid` with the fields at fault."""
        checks = FormChecks()
        if not CODE.fullmatch(self.code):
            checks.faults["code"] = "not_a_code"
        checks.one_of("sign", self.sign, tuple(SIGNS))
        if not AMOUNT.fullmatch(self.unit_yuan) or not Decimal(self.unit_yuan):
            checks.faults["unit_yuan"] = "not_an_amount"
        for name in ("zh", "en", "rule_zh", "rule_en"):
            checks.needed(name, getattr(self, name))
        month = self._month(checks)
        checks.done()
        texts = (self.zh, self.en, self.rule_zh, self.rule_en)
        return NewKind(self.code, SIGNS[self.sign], Decimal(self.unit_yuan).quantize(Decimal("0.01")), *texts, month)

    def _month(self, checks: FormChecks) -> Month:
        try:
            return Month.parse(self.from_month)
        except ValueError:
            checks.faults["from_month"] = "not_a_month"
            return Month(1, 1)
