"""Amounts in capital characters, as a clerk writes them."""

from decimal import Decimal

import pytest

from server.payroll.capitals import capital_yuan


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角整"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("1005.30", "壹仟零伍元叁角整"),
        ("1100.00", "壹仟壹佰元整"),
        ("2000.00", "贰仟元整"),
        ("10203.04", "壹万零贰佰零叁元零肆分"),
        ("100000.00", "壹拾万元整"),
        ("20000005.00", "贰仟万零伍元整"),
        ("100010001.00", "壹亿零壹万零壹元整"),
        ("-20.00", "负贰拾元整"),
    ],
)
def test_an_amount_reads_as_a_clerk_writes_it(amount, text):
    assert capital_yuan(Decimal(amount)) == text
