"""The fields of an outlet file and their values in words."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from server.console.formats import NOTHING, metres
from server.outlets.fields import PHOTOS

FIELD_WORDS = {
    "name": lazy_gettext("名称"),
    "address": lazy_gettext("地址"),
    "position_text": lazy_gettext("所处方位"),
    "phone": lazy_gettext("电话"),
    "contact": lazy_gettext("备用联系方式"),
    "agent_name": lazy_gettext("代理商"),
    "households_nearby": lazy_gettext("周围居民户数"),
    "monthly_payments": lazy_gettext("月缴费笔数"),
    "cashiers": lazy_gettext("收费人"),
    "are_materials_complete": lazy_gettext("物料是否齐备"),
    "are_materials_placed_right": lazy_gettext("物料摆放合规否"),
    "is_tidy": lazy_gettext("店面是否整洁"),
    "storefront_photo": lazy_gettext("门头照片"),
    "counter_photo": lazy_gettext("柜台照片"),
    "person_in_charge": lazy_gettext("负责人"),
    "position": lazy_gettext("位置"),
    "account_no": lazy_gettext("工号"),
    "chain_outlets": lazy_gettext("连锁网点数量"),
    "is_franchised_or_own_hall": lazy_gettext("加盟/自建营业厅"),
    "floor_area_m2": lazy_gettext("营业面积"),
    "monthly_fee_yuan": lazy_gettext("月收费额"),
}


def field_words(name: str) -> str:
    return str(FIELD_WORDS.get(name, name))


def value_words(name: str, value: Any) -> str:
    """A field's value as people write it."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if name in PHOTOS:
        return gettext("照片 %(start)s…", start=str(value)[:8])
    if name == "position" and isinstance(value, dict):
        return _position_words(value)
    if name == "cashiers" and isinstance(value, list):
        return "、".join(str(cashier.get("name", "")) for cashier in value if isinstance(cashier, dict))
    return str(value)


def _position_words(value: dict[str, Any]) -> str:
    try:
        place = f"{value['lat']:.5f}, {value['lon']:.5f}"
        return place if value.get("accuracy_m") is None else f"{place} ±{metres(value['accuracy_m'])}"
    except (KeyError, TypeError, ValueError):
        return str(value)  # the base of an edit is kept as the phone sent it
