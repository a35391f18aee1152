"""The blind sample in words."""

from flask_babel import gettext, lazy_gettext

from server.domain.evidence import FULL_SCORE
from server.visits.sample_models import AGREES, DOUBTS

TAB_WORDS = {"open": lazy_gettext("待抽查"), "done": lazy_gettext("已抽查"), "months": lazy_gettext("各月各人")}
ANSWER_WORDS = {AGREES: lazy_gettext("看着没问题"), DOUBTS: lazy_gettext("看着不对")}
ANSWER_MARKS = {AGREES: "done", DOUBTS: "due"}


def machine_words(score: int | None) -> str:
    """What the machine said when the answer was given."""
    if score is None:
        return "—"
    return gettext("没有提示") if score == FULL_SCORE else gettext("有提示，%(score)s 分", score=score)
