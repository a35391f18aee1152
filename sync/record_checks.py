"""What the records of phones have to hold beside their shape. Each check raises ValueError with what is wrong."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

BUSINESS_OFFSET = timedelta(hours=8)  # of Shanghai, all year


def check_instants(*instants: datetime) -> None:
    """Each says its time zone, and lies within the years that a date can name, here and in Shanghai."""
    for instant in instants:
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        try:
            instant.astimezone(UTC) + BUSINESS_OFFSET
        except OverflowError as fault:
            raise ValueError("an instant lies outside all years") from fault


def check_written(**texts: str) -> None:
    """No text is nothing but blanks."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name} is blank")


def check_distinct(pictures: Collection[str]) -> None:
    """No picture is named twice: a signature is none of the photos either."""
    if len(set(pictures)) != len(pictures):
        raise ValueError("a picture is named twice")
