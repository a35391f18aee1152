"""Deliveries in words."""

from flask_babel import lazy_gettext

from server.notices.answers import ANSWER_WORDS
from server.notices.models import DeliveryState, NoticeDelivery

DELIVERY_WORDS = {
    DeliveryState.WAITING: lazy_gettext("等着发"),
    DeliveryState.SENT: lazy_gettext("已发"),
    DeliveryState.GIVEN_UP: lazy_gettext("没发成"),
}
DELIVERY_MARKS = {DeliveryState.WAITING: "waiting", DeliveryState.SENT: "done", DeliveryState.GIVEN_UP: "no"}


def answer_words(delivery: NoticeDelivery) -> str:
    """What the other end answered, with its status and its own words if it had any."""
    words = str(ANSWER_WORDS[delivery.answer_code])
    status = f" {delivery.answer_status}" if delivery.answer_status else ""
    return f"{words}{status}" + (f"：{delivery.answer_text}" if delivery.answer_text else "")
