"""What the review forms send."""

from dataclasses import dataclass

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

MOST_LETTERS = 2000
FIRST_READY = "seen"
# ready reasons, by decision and code; the rep reads them as the supervisor chose them
READY_REASONS = {
    "accepted": {
        "seen": lazy_gettext("照片和签字看过，人在店里。"),
        "position_off": lazy_gettext("登记的位置偏了，人在店里。"),
        "no_signal": lazy_gettext("店里收不到定位，照片和签字能说明到过店。"),
        "moved": lazy_gettext("网点搬了，位置另行更正。"),
        "asked": lazy_gettext("问过店主，来过。"),
    },
    "rejected": {
        "other_shop": lazy_gettext("照片拍的不是这家网点。"),
        "other_time": lazy_gettext("照片不是这一次拍的。"),
        "unclear": lazy_gettext("照片看不清，认不出是哪家。"),
        "too_far": lazy_gettext("离网点太远，没有说明原因。"),
        "not_seen": lazy_gettext("问过店主，这一次没有见到。"),
    },
}


@dataclass(frozen=True)
class ReviewForm:
    """`ready` are the codes of the ready reasons chosen, by decision; `own` are words of the supervisor's own, which come before them."""

    decision: str
    own: str
    ready: dict[str, str]

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "ReviewForm":
        ready = {decision: form.get(f"{decision}_reason", "") for decision in READY_REASONS}
        return cls(form.get("decision", ""), form.get("reason", "").strip()[:MOST_LETTERS], ready)

    @property
    def reason(self) -> str:
        """The words that go with the decision; empty when there are none."""
        code = self.ready.get(self.decision, "")
        return self.own or str(READY_REASONS.get(self.decision, {}).get(code, ""))


EMPTY_REVIEW = ReviewForm("", "", {"accepted": FIRST_READY, "rejected": ""})
