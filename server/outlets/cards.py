"""The card that hangs at an outlet: a QR code, and the same code to type, that only the company can make.

Scanned or typed at check-in it says that the rep had the card before them, also where no position is to be had. It is evidence
for whoever reviews the visit and never decides by itself: a card can be photographed.
"""

import hashlib
import hmac

from flask import current_app

from server.config import Settings

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 8
MARK = "XUNDIAN"


def card_code(outlet_id: str) -> str:
    """Eight letters that follow from the outlet and the company's secret."""
    settings: Settings = current_app.extensions["xundian"]
    digest = hmac.new(settings.secret_key.encode(), f"outlet-card:{outlet_id}".encode(), hashlib.sha256).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])


def card_text(outlet_id: str) -> str:
    """What the QR code says; the phone reads the outlet from it without a network."""
    return f"{MARK}:{outlet_id}:{card_code(outlet_id)}"


def is_card_of(code: str, *outlet_ids: str) -> bool:
    """Whether the code stands on the card of one of the outlets."""
    typed = code.strip().upper().replace("-", "").replace(" ", "")
    return any(hmac.compare_digest(typed.encode(), card_code(outlet_id).encode()) for outlet_id in outlet_ids)
