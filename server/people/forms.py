"""What the sign-in and language forms send."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

MOST_LETTERS = 200


@dataclass(frozen=True)
class SignInForm:
    login: str
    password: str
    next: str

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "SignInForm":
        return cls(form.get("login", "").strip()[:MOST_LETTERS], form.get("password", "")[:MOST_LETTERS], form.get("next", ""))
