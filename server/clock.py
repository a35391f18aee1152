"""The time of this request or job: read once, then passed on."""

from datetime import UTC, date, datetime

from flask import has_request_context, request

from server.domain.months import business_date


def now() -> datetime:
    """The aware UTC instant of this request; outside a request, of this call."""
    if not has_request_context():
        return datetime.now(UTC)
    instant: datetime = request.environ.setdefault("xundian.now", datetime.now(UTC))
    return instant


def today() -> date:
    """The date in Shanghai."""
    return business_date(now())
