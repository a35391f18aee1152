"""Fields of an outlet file as people type them into forms, and back."""

from typing import Any

from sync.problems import Problem

COUNTS = ("households_nearby", "monthly_payments", "chain_outlets")
YES_NO = {"yes": True, "no": False, "": None}


def typed_value(name: str, text: str) -> Any:
    """The value that was typed for a field, in JSON terms; raises `invalid` for what cannot be one."""
    try:
        return _typed(name, text)
    except (ValueError, KeyError) as fault:
        raise Problem("invalid", fields={name: input_kind(name)}) from fault


def _typed(name: str, text: str) -> Any:
    kind = input_kind(name)
    if kind == "yes_no":
        return YES_NO[text]
    if text == "" and kind != "text":
        return None
    if kind == "count":
        return int(text)
    if kind == "position":
        lat, lon = (float(part) for part in text.replace("，", ",").split(","))
        return {"lat": lat, "lon": lon, "accuracy_m": None}
    return text


def input_kind(name: str) -> str:
    """How a field is typed: text, count, decimal, yes_no, position, or none when it cannot be typed here."""
    if name in COUNTS:
        return "count"
    return {
        "floor_area_m2": "decimal",
        "monthly_fee_yuan": "decimal",
        "is_franchised_or_own_hall": "yes_no",
        "position": "position",
        "cashiers": "none",
        "are_materials_complete": "yes_no",
        "are_materials_placed_right": "yes_no",
        "is_tidy": "yes_no",
        "storefront_photo": "none",
        "counter_photo": "none",
    }.get(name, "text")


def typed_text(name: str, value: Any) -> str:
    """What the input shows for a value."""
    if value is None or input_kind(name) == "none":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "position":
        return f"{value['lat']:.5f}, {value['lon']:.5f}"
    return str(value)
