"""Amounts in capital characters 大写金额, as pay slips and receipts carry them."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def capital_yuan(amount: Decimal) -> str:
    """贰仟元整, 壹仟零伍元叁角, 叁角零伍分; a negative amount begins with 负. Up to 999,999,999,999.99 yuan."""
    fen = int(abs(amount) * 100)
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_whole(whole)}元" if whole or not fen else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif rest and whole:
        text += "零"
    text += f"{DIGITS[rest]}分" if rest else "整"
    return ("负" if amount < 0 else "") + text


def _whole(number: int) -> str:
    """The whole yuan in groups of four digits; a gap between them is one 零."""
    if not number:
        return "零"
    text, has_gap = "", False
    for group in (2, 1, 0):
        part = number // 10 ** (4 * group) % 10000
        if not part:
            has_gap = bool(text)
            continue
        if text and (has_gap or part < 1000):
            text += "零"
        text, has_gap = text + _four(part) + GROUPS[group], False
    return text


def _four(part: int) -> str:
    text = ""
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and not text.endswith("零") and part % 10**place:
            text += "零"
    return text
