"""The gate before push and pull: whose account a request goes on."""

import pytest

from server.intake import gate
from tests.sync.conftest import Phone


@pytest.fixture(autouse=True)
def few(monkeypatch) -> None:
    """Three requests each, and none comes back meanwhile."""
    monkeypatch.setattr(gate, "BURST", 3.0)
    monkeypatch.setattr(gate, "PER_SECOND", 0.0001)
    monkeypatch.setattr(gate, "phones", gate.Allowances())
    monkeypatch.setattr(gate, "strangers", gate.Allowances())


def pulled(phone: Phone, address: str = "10.0.0.1", **headers: str) -> int:
    question = {"client_id": phone.client_id, "cursor": None, "page": None}
    sent = phone.headers | headers
    return phone.client.post("/sync/v1/pull", json=question, headers=sent, environ_overrides={"REMOTE_ADDR": address}).status_code


def made_up(phone: Phone, number: int, address: str = "10.0.0.1") -> int:
    return pulled(phone, address, Authorization=f"Bearer made-up-{number}")


def test_made_up_tokens_share_the_allowance_of_their_address(app, company, phone):
    assert [made_up(phone, number) for number in range(5)] == [401, 401, 401, 429, 429]
    assert made_up(phone, 9, "10.0.0.2") == 401


def test_a_phone_behind_the_same_address_as_a_stranger_goes_on(app, company, phone, other_phone):
    assert (pulled(phone), pulled(other_phone)) == (200, 200)
    assert [made_up(phone, number) for number in range(4)] == [401, 401, 401, 429]
    assert (pulled(phone), pulled(other_phone)) == (200, 200)


def test_many_phones_of_one_address_have_an_allowance_each(app, company, phone, other_phone):
    assert [pulled(phone) for _ in range(4)] == [200, 200, 200, 429]
    assert [pulled(other_phone) for _ in range(4)] == [200, 200, 200, 429]
    assert pulled(phone, "10.0.0.2") == 429


def test_a_phone_that_was_revoked_is_a_stranger(app, company, phone):
    assert pulled(phone) == 200
    phone.client.post("/auth/v1/sign-out", headers=phone.headers)
    assert [pulled(phone) for _ in range(4)] == [401, 401, 401, 429]


def test_a_request_that_nobody_looks_at_makes_no_phone_known(app, company, phone):
    def asked(token: str) -> int:
        return phone.client.options(
            "/sync/v1/pull", headers={"Authorization": f"Bearer {token}"}, environ_overrides={"REMOTE_ADDR": "10.0.0.1"}
        ).status_code

    assert [asked(f"made-up-{number}") for number in range(4)] == [200, 200, 200, 429]
    assert gate.phones.left == {}
    assert pulled(phone, "10.0.0.2") == 200


def test_whoever_was_unheard_of_longest_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(gate, "MOST_KNOWN", 2)
    known, at = gate.Allowances(), gate.now()
    for key in ("a", "b", "a", "c"):
        known.take(key, at)
    assert (known.knows("a"), known.knows("b"), known.knows("c")) == (True, False, True)
    assert known.left["a"][0] == 1.0
