"""The collector of a process that serves, and that a test gives it back as it was."""

import gc

import pytest

from tests.collecting import spared_collector


def test_a_server_keeps_what_it_is_made_of_out_of_the_collector_and_a_test_gives_it_back():
    before = gc.get_threshold()
    with spared_collector():
        assert gc.get_threshold() == (10_000, 20, 50) != before
        assert gc.get_freeze_count() > 1000
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_it_is_given_back_by_a_test_that_fails_too():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), spared_collector():
        1 / 0  # noqa: B018
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
