"""The rules of the protocol as a state machine that Hypothesis drives against PostgreSQL, over real connections.

The acts are those of the simulation; Hypothesis chooses, and shrinks what fails.
"""

import logging
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from server.intake.registry import APPLIERS
from server.simulation.invariants import check_all
from tests.faults.simulation.acts import DOERS
from tests.faults.simulation.acts.forms import KNOWN_FORMS, register_broken_forms
from tests.faults.simulation.acts.play import Play, begin
from tests.faults.simulation.postgres import PostgresStage
from tests.faults.simulation.running import phones_of, settle_down

EXAMPLES = 150 if os.environ.get("FAULTS") else 6
STEPS = 25
LATER = {"restore", "back_up", "lost_while_reading", "lost_while_sending", "old_server"}
NUMBERS = st.integers(0, 999)

PHONE = ("work", "work_long", "visit", "several_visits", "correction", "edit", "new_outlet", "broken_record", "copied_phone", "sweep", "app_restart")
TROUBLE = ("phone_crash", "offline", "online", "network", "old_duplicate", "clock_jump", "bit_rot", "revoke_token", "sign_in", "time_passes")
OFFICE = ("reassign", "office_edit", "settle", "restore_value", "merge", "review", "remove_row", "force_resync", "nightly", "forget_deletions")


def machine_over(stage: PostgresStage) -> type[RuleBasedStateMachine]:
    class Protocol(RuleBasedStateMachine):
        play: Play

        @initialize(seed=NUMBERS)
        def found(self, seed: int) -> None:
            APPLIERS.clear()
            APPLIERS.update(KNOWN_FORMS)
            register_broken_forms()
            self.play = begin(stage.new_world(seed))

        def act(self, name: str, a: int, b: int, c: int) -> None:
            self.play.world.pass_time(1)
            DOERS[name](self.play, a, b, c)

        @rule(name=st.sampled_from(PHONE), a=NUMBERS, b=NUMBERS, c=NUMBERS)
        def on_the_phone(self, name: str, a: int, b: int, c: int) -> None:
            self.act(name, a, b, c)

        @rule(name=st.sampled_from(TROUBLE), a=NUMBERS, b=NUMBERS, c=NUMBERS)
        def in_trouble(self, name: str, a: int, b: int, c: int) -> None:
            self.act(name, a, b, c)

        @rule(name=st.sampled_from(OFFICE), a=NUMBERS, b=NUMBERS, c=NUMBERS)
        def in_the_office(self, name: str, a: int, b: int, c: int) -> None:
            self.act(name, a, b, c)

        def teardown(self) -> None:
            if not hasattr(self, "play"):
                return
            settle_down(self.play)
            world = self.play.world
            with world.request():
                check_all(phones_of(self.play), list(self.play.captured.values()), world.now, world.is_checked_by_night)

    return Protocol


@pytest.mark.timeout(3600)
def test_no_sequence_of_acts_breaks_an_invariant_on_postgresql(cluster, postgres_template, tmp_path):
    stage = PostgresStage(cluster, postgres_template, tmp_path)
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    logging.disable(logging.CRITICAL)
    try:
        run_state_machine_as_test(machine_over(stage), settings=chosen)
    finally:
        logging.disable(logging.NOTSET)
        APPLIERS.clear()
        APPLIERS.update(KNOWN_FORMS)
        stage.leave()


def test_every_act_of_the_simulation_is_a_rule_of_the_machine():
    assert {*PHONE, *TROUBLE, *OFFICE, *LATER, "upgrade"} == set(DOERS)
