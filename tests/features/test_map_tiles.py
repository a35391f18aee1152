"""地图底图: who may set the tiles, bad addresses, twice, the audit, and which pages may ask which host."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.maps.models import TileSource
from server.maps.urls import tile_origin, url_fault
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

URL = "https://tiles.example.com:8443/vec/{z}/{x}/{y}.png?tk=1"
GOOD = {"url": URL, "frame": "gcj02", "attribution": "© 测绘 <b>公司</b>", "highest_zoom": "17"}
PLAIN = "img-src 'self' blob: data:;"


def source(app) -> TileSource | None:
    with app.app_context():
        return db.session.scalar(select(TileSource))


def deeds(app) -> list[tuple[str, dict]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.subject_type == "tile_source").order_by(AuditRow.id))
        return [(row.action, row.detail) for row in rows]


def test_an_administrator_sets_changes_and_removes_the_tiles(app, staff: Staff):
    root = console(app, "root")
    for _ in range(2):
        assert root.post("/map-tiles", data=GOOD).status_code == 303
    found = source(app)
    assert (found.url, found.frame, found.attribution, found.highest_zoom) == (URL, "gcj02", "© 测绘 <b>公司</b>", 17)
    assert root.post("/map-tiles", data=GOOD | {"frame": "wgs84"}).status_code == 303
    for _ in range(2):
        assert root.post("/map-tiles/removal").status_code == 303
    assert source(app) is None
    written = deeds(app)
    assert [action for action, _ in written] == ["tile_source.set", "tile_source.set", "tile_source.removed"]
    assert written[0][1] == {"before": {}, "after": {"url": URL, "frame": "gcj02", "attribution": "© 测绘 <b>公司</b>", "highest_zoom": 17}}
    assert (written[1][1]["before"]["frame"], written[1][1]["after"]["frame"]) == ("gcj02", "wgs84")


@pytest.mark.parametrize("login", ["rep1", "boss", "chief", "ops", "clerk", "payer"])
def test_nobody_else_may(app, staff: Staff, login):
    client = console(app, login)
    assert client.get("/map-tiles").status_code == 403
    assert client.post("/map-tiles", data=GOOD).status_code == 403
    console(app, "root").post("/map-tiles", data=GOOD)
    assert client.post("/map-tiles/removal").status_code == 403
    assert source(app).url == URL
    assert "/map-tiles" not in client.get("/").text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"url": ""}, "url", "这里要填"),
        ({"url": "http://tiles.example.com/{z}/{x}/{y}.png"}, "url", "要以 https:// 开头"),
        ({"url": "https://tiles.example.com/{z}/{x}.png"}, "url", "各一次"),
        ({"url": "https://u:secret@tiles.example.com/{z}/{x}/{y}.png"}, "url", "不能有用户名和密码"),
        ({"url": "https://{s}.example.com/{z}/{x}/{y}.png"}, "url", "只能是一台服务器"),
        ({"frame": ""}, "frame", "要选一个"),
        ({"frame": "bd09"}, "frame", "要选一个"),
        ({"attribution": " "}, "attribution", "这里要填"),
        ({"attribution": "图" * 201}, "attribution", "最多 200 个字"),
        ({"highest_zoom": "2"}, "highest_zoom", "选 3 到 22"),
        ({"highest_zoom": "23"}, "highest_zoom", "选 3 到 22"),
        ({"highest_zoom": "x"}, "highest_zoom", "选 3 到 22"),
    ],
)
def test_a_fault_is_told_at_its_field_and_changes_nothing(app, staff: Staff, changes, field, words):
    answer = console(app, "root").post("/map-tiles", data=GOOD | changes)
    assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text and words in answer.text
    assert source(app) is None and deeds(app) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://a.example.com/{z}/{x}/{y}.png", ""),
        ("https://a.example.com/t?x={x}&y={y}&z={z}", ""),
        ("https://[2001:db8::1]:8443/{z}/{x}/{y}", ""),
        ("http://127.0.0.1:9000/{z}/{x}/{y}", ""),
        ("http://localhost/{z}/{x}/{y}", ""),
        ("http://127.0.0.1.evil.example/{z}/{x}/{y}", "not_https"),
        ("http://localhost@evil.example/{z}/{x}/{y}", "tile_user"),
        ("https://a.example.com/{z}/{x}/{x}/{y}", "tile_places"),
        ("https://a.example.com/{z}/{x}/{y}/{r}", "not_a_tile_address"),
        ("https://a.example.com/{z}/{x}/{y}#top", "not_a_tile_address"),
        ("https://{x}.example.com/{z}/{y}", "not_a_tile_address"),
        ("https://a.example.com;script-src/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://*.example.com/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://a.example.com /{z}/{x}/{y}", "not_a_tile_address"),
        ("https://a.example.com\n/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://图.example.com/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://a.example.com:0/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://a.example.com:99999/{z}/{x}/{y}", "not_a_tile_address"),
        ("https://[::1/{z}/{x}/{y}", "not_a_tile_address"),
        ("https:///{z}/{x}/{y}", "not_a_tile_address"),
        ("ftp://a.example.com/{z}/{x}/{y}", "not_a_tile_address"),
        ("javascript:alert({z}{x}{y})", "not_a_tile_address"),
        ("https://a.example.com/{z}/{x}/{y}" + "a" * 567, ""),
        ("https://a.example.com/{z}/{x}/{y}" + "a" * 568, "not_a_tile_address"),
    ],
)
def test_what_may_stand_in_an_address(url, code):
    assert url_fault(url) == code


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (URL, "https://tiles.example.com:8443"),
        ("https://Tiles.Example.com/{z}/{x}/{y}", "https://tiles.example.com"),
        ("https://[2001:DB8::1]:8443/{z}/{x}/{y}", "https://[2001:db8::1]:8443"),
    ],
)
def test_the_one_host_of_an_address(url, origin):
    assert url_fault(url) == "" and tile_origin(url) == origin


def test_the_page_is_english_for_readers_of_english(app, staff: Staff):
    root = console(app, "root", "en")
    root.post("/map-tiles", data=GOOD)
    for path in ("/map-tiles", "/deeds?subject=tile_source"):
        answer = root.get(path)
        assert answer.status_code == 200 and untranslated(answer.text) == [], path
    assert "Set the map tiles" in root.get("/deeds?subject=tile_source").text
    assert untranslated(root.post("/map-tiles", data={"url": "x"}).text) == []
