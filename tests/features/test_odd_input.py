"""What no browser sends by itself: the answer is a refusal in words, never a fault of the server."""

import pytest

from server.console.paging import key_text
from tests.features.browsing import console
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

FAR = ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+00:00")  # no instant in UTC, no day in Shanghai
PATHS = ["/outlets?q=%00", "/visits?rep=%00", "/visits?outlet=%00", "/devices?person=%00", "/visits/%00", "/waiting/records?rep=%00", "/rescue/%00"]


@pytest.mark.parametrize("path", PATHS)
def test_a_nul_in_an_address_is_refused_or_finds_nothing(app, company: Company, office, path):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for login in ("boss", "root"):
        answer = console(app, login).get(path)
        assert answer.status_code < 500
        assert "server_error" not in answer.text


BEYOND = {
    404: ["/reports/monthly/0001-01", "/reports/monthly/9999-12"],
    422: [
        *["/visits?month=9999-12", "/compliance?month=0001-01", "/visits?from=0001-01-01", "/exports/visits.csv?from=9999-12-31"],
        *["/exports/audit.csv?from=0001-01-01", "/exports/audit.csv?to=9999-12-31"],
        *[f"/outlets?after={key_text([chr(0xD83D)])}", f"/visits/map?after={key_text([2**63, 'x'])}"],
        *[f"/deeds?after={key_text([far, 'x'])}" for far in FAR],
    ],
}


@pytest.mark.parametrize(("path", "status"), [(path, status) for status, paths in BEYOND.items() for path in paths])
def test_what_lies_beyond_all_reckoning_is_refused(app, company: Company, office, path, status):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert console(app, "root" if "audit" in path or "deeds" in path else "boss").get(path).status_code == status


def test_a_nul_in_a_form_is_refused(app, company: Company, office):
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    assert app.test_client().post("/login", data={"login": "a\0", "password": "x"}).status_code in (400, 401)
