"""Passwords are hashed as OWASP asks; the other tests hash more quickly."""

import importlib

from argon2 import PasswordHasher, extract_parameters

from server.people import passwords


def test_password_hash_costs_what_owasp_asks(monkeypatch):
    """Argon2id with at least 19 MiB and two rounds."""
    monkeypatch.setattr(passwords, "_hasher", passwords._hasher)  # put back what the other tests use
    importlib.reload(passwords)
    kept = extract_parameters(passwords.hash_password("opensesame"))
    assert (kept.type.name, kept.parallelism) == ("ID", 1)
    assert kept.time_cost >= 2
    assert kept.memory_cost >= 19456


def test_password_is_right_only_for_its_own_hash():
    kept = passwords.hash_password("opensesame")
    assert passwords.is_password(kept, "opensesame")
    assert not passwords.is_password(kept, "opensesam")
    assert not passwords.is_password(None, "nobody has this password")
    assert not passwords.is_password("not a hash", "opensesame")


def test_password_hash_of_other_parameters_still_opens():
    assert passwords.is_password(PasswordHasher(time_cost=3, memory_cost=64, parallelism=1).hash("old"), "old")


def test_password_is_never_right_before_one_is_chosen_and_looking_takes_as_long(monkeypatch):
    asked, hasher, kept = [], passwords._hasher, passwords.no_password()

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            asked.append(password_hash)
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    for tried in (kept, "", "nobody has this password"):
        assert not passwords.is_password(kept, tried)
    assert not passwords.is_password(None, "nobody has this password")
    assert asked == [passwords._NOBODY] * 4
    assert kept != passwords.no_password() and len(kept) > 12
