"""Outlet states, ID documents, classes and the reasons of a class, in words."""

from decimal import Decimal

from flask_babel import gettext, lazy_gettext

from server.console.formats import amount
from server.domain.policy import Policy
from server.outlets.complete_files import missing_of, missing_to_submit
from server.outlets.models import Outlet, OutletState

STATE_WORDS = {
    OutletState.DRAFT: lazy_gettext("草稿"),
    OutletState.SUBMITTED: lazy_gettext("待审核资料"),
    OutletState.RETURNED: lazy_gettext("资料已退回"),
    OutletState.APPROVED: lazy_gettext("已批准"),
    OutletState.ARCHIVED: lazy_gettext("已归档"),
}


STEP_WORDS = {
    OutletState.SUBMITTED: lazy_gettext("提交资料"),
    OutletState.RETURNED: lazy_gettext("资料已退回"),
    OutletState.APPROVED: lazy_gettext("已批准"),
    OutletState.ARCHIVED: lazy_gettext("已归档"),
}
STEP_MARKS = {OutletState.SUBMITTED: "waiting", OutletState.RETURNED: "no", OutletState.APPROVED: "done", OutletState.ARCHIVED: "done"}

DOCUMENT_WORDS = {
    "resident_id": lazy_gettext("居民身份证"),
    "hk_macau_permit": lazy_gettext("港澳居民来往内地通行证"),
    "taiwan_permit": lazy_gettext("台湾居民来往大陆通行证"),
    "foreigner_permit": lazy_gettext("外国人永久居留身份证"),
    "passport": lazy_gettext("护照"),
    "other": lazy_gettext("其他证件"),
}

# what a complete file needs (RULEBOOK §10)
NEEDED_WORDS = {
    "name": lazy_gettext("名称"),
    "person_in_charge": lazy_gettext("负责人"),
    "address": lazy_gettext("地址"),
    "phone": lazy_gettext("电话"),
    "id_number": lazy_gettext("证件号码"),
    "photo": lazy_gettext("门头或柜台照片"),
}


def missing_words(outlet: Outlet) -> list[str]:
    """What the file still lacks, as wages see it."""
    return [str(NEEDED_WORDS[field]) for field in missing_of(outlet)]


def lacking_words(outlet: Outlet) -> list[str]:
    """What the file lacks before it can be submitted."""
    return [str(NEEDED_WORDS[field]) for field in missing_to_submit(outlet)]


def state_words(state: str) -> str:
    return str(STATE_WORDS[OutletState(state)])


def class_reason(code: str, outlet: Outlet, policy: Policy) -> str:
    """Why a condition made the class, with the outlet's value and the limit it met, such as `B.fee`."""
    letter, _, what = code.partition(".")
    value = {"chain": outlet.chain_outlets, "area": outlet.floor_area_m2, "fee": outlet.monthly_fee_yuan}.get(what)
    if what == "own_hall":
        return gettext("加盟或自建营业厅，就是 A 类")
    if what == "unknown" or value is None:
        return gettext("连锁数、面积、收费额都没有填，先算 C 类")
    return _measured(letter, what, value, policy)


def _measured(letter: str, what: str, value: Decimal | int, policy: Policy) -> str:
    limits = {"chain": ("class.a_chain_outlets", "class.b_chain_outlets"), "area": ("class.a_area_m2", "class.b_area_m2")}
    above, least = (policy.decimal(key) for key in limits.get(what, ("class.a_fee_yuan", "class.b_fee_yuan")))
    parts = {"value": amount(value), "above": amount(above), "least": amount(least)}
    sentences = {
        "A.chain": lazy_gettext("连锁 %(value)s 家，达到 %(above)s 家", **parts),
        "B.chain": lazy_gettext("连锁 %(value)s 家，在 %(least)s 到 %(above)s 家之间", **parts),
        "C.chain": lazy_gettext("连锁 %(value)s 家，不到 %(least)s 家", **parts),
        "A.area": lazy_gettext("面积 %(value)s m²，超过 %(above)s m²", **parts),
        "B.area": lazy_gettext("面积 %(value)s m²，在 %(least)s 到 %(above)s m² 之间", **parts),
        "C.area": lazy_gettext("面积 %(value)s m²，不到 %(least)s m²", **parts),
        "A.fee": lazy_gettext("月收费 %(value)s 元，超过 %(above)s 元", **parts),
        "B.fee": lazy_gettext("月收费 %(value)s 元，在 %(least)s 到 %(above)s 元之间", **parts),
        "C.fee": lazy_gettext("月收费 %(value)s 元，不到 %(least)s 元", **parts),
    }
    return str(sentences[f"{letter}.{what}"])
