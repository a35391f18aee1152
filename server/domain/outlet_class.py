"""Outlet class 网点类型 (RULEBOOK §3, 附表一)."""

from dataclasses import dataclass
from decimal import Decimal

from server.domain.policy import Policy

CLASSES = ("A", "B", "C")  # the highest first


@dataclass(frozen=True)
class ClassInputs:
    """What the class is made from; None is unknown and meets nothing."""

    chain_outlets: int | None = None
    is_franchised_or_own_hall: bool | None = None
    floor_area_m2: Decimal | None = None
    monthly_fee_yuan: Decimal | None = None


@dataclass(frozen=True)
class ClassVerdict:
    """The class and every condition that made it, such as `B.fee`."""

    outlet_class: str
    reasons: tuple[str, ...]


def outlet_class(inputs: ClassInputs, policy: Policy) -> ClassVerdict:
    """The class of an outlet and why.

    Meeting any one condition of a class puts the outlet in it. DECISION: the highest class met wins; 10 outlets → A,
    3 → B, 200 m² → B, 100 m² → B, 80,000 → B, 20,000 → B; unknown values meet nothing, all unknown is C.
    """
    met = _met_conditions(inputs, policy)
    for letter in CLASSES:
        reasons = tuple(code for code in met if code.startswith(letter))
        if reasons:
            return ClassVerdict(letter, reasons)
    return ClassVerdict("C", ("C.unknown",))


def _met_conditions(inputs: ClassInputs, policy: Policy) -> list[str]:
    met: list[str] = []
    if inputs.chain_outlets is not None:
        met.append(_chain_class(inputs.chain_outlets, policy) + ".chain")
    if inputs.is_franchised_or_own_hall:
        met.append("A.own_hall")
    if inputs.floor_area_m2 is not None:
        met.append(_size_class(inputs.floor_area_m2, policy.decimal("class.a_area_m2"), policy.decimal("class.b_area_m2")) + ".area")
    if inputs.monthly_fee_yuan is not None:
        met.append(_size_class(inputs.monthly_fee_yuan, policy.decimal("class.a_fee_yuan"), policy.decimal("class.b_fee_yuan")) + ".fee")
    return met


def _chain_class(outlets: int, policy: Policy) -> str:
    if outlets >= policy.integer("class.a_chain_outlets"):
        return "A"
    return "B" if outlets >= policy.integer("class.b_chain_outlets") else "C"


def _size_class(size: Decimal, above_for_a: Decimal, least_for_b: Decimal) -> str:
    if size > above_for_a:
        return "A"
    return "B" if size >= least_for_b else "C"
