"""What no browser sends by itself: the answer is a refusal in words, never a fault of the server."""

import pytest

from tests.features.browsing import console
from tests.features.test_waiting_pages import office  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

PATHS = ["/outlets?q=%00", "/visits?rep=%00", "/visits?outlet=%00", "/devices?person=%00", "/visits/%00", "/waiting/records?rep=%00", "/rescue/%00"]


@pytest.mark.parametrize("path", PATHS)
def test_a_nul_in_an_address_is_refused_or_finds_nothing(app, company: Company, office, path):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for login in ("boss", "root"):
        answer = console(app, login).get(path)
        assert answer.status_code < 500
        assert "server_error" not in answer.text


def test_a_nul_in_a_form_is_refused(app, company: Company, office):
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    assert app.test_client().post("/login", data={"login": "a\0", "password": "x"}).status_code in (400, 401)
