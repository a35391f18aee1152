"""The browser of `tests/e2e`, for faults that only a real one has."""

from tests.e2e.conftest import new_phone as new_phone
