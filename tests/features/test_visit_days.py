"""From which day to which the list of visits goes: both days included, in the page, its links and its files."""

import re
from collections import Counter
from datetime import date
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from server.console import paging
from server.domain.months import Month
from server.visits import queries_list
from server.visits.filters import read_filter, read_list_filter
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.features.test_photo_wall import shown_names, wall  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

# The last minute of a day in Shanghai and the first of the next: both lie on one day of UTC.
TIMES = {
    "october": "2026-10-31T23:59:30+08:00",
    "first": "2026-11-01T00:00:30+08:00",
    "fifth": "2026-11-05T23:59:30+08:00",
    "sixth": "2026-11-06T00:00:30+08:00",
}


@pytest.fixture
def visits(app, company: Company, staff: Staff, add_visit) -> dict[str, str]:
    """By name the ids of visits, of which that of the fifth waits for a review."""
    with app.app_context():
        far = {"fifth": {"distance_m": 900.0}}
        return {name: add_visit(company.outlet_id, company.rep_id, at, **far.get(name, {})) for name, at in TIMES.items()}


def listed(client, visits: dict[str, str], query: str) -> list[str]:
    """The names of the visits on the page, in its order."""
    answer = client.get(f"/visits?{query}")
    assert answer.status_code == 200
    names = {visit_id: name for name, visit_id in visits.items()}
    return [names[visit_id] for visit_id in re.findall(r'<th scope="row" class="nw"><a href="/visits/([0-9a-f-]{36})', answer.text)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=2026-10-31&to=2026-11-05", ["fifth", "first", "october"]),
        ("from=2026-11-01&to=2026-11-05", ["fifth", "first"]),
        ("from=2026-11-01&to=2026-11-04", ["first"]),
        ("from=2026-11-05&to=2026-11-05", ["fifth"]),
        ("from=2026-11-02", ["sixth", "fifth"]),
        ("to=2026-10-31", ["october"]),
        ("month=2026-10&from=2026-11-06&to=2026-11-06", ["sixth"]),
        ("month=2026-11&from=&to=", ["sixth", "fifth", "first"]),
        ("verdict=waiting&from=2026-11-05&to=2026-11-05", ["fifth"]),
        ("verdict=waiting&from=2026-11-06&to=2026-11-30", []),
    ],
)
def test_both_days_are_included_in_the_page_and_its_files(app, visits, query, names):
    boss = console(app, "boss")
    assert listed(boss, visits, query) == names
    assert sorted(listed(boss, visits, f"{query}&order=score")) == sorted(names)
    assert [row["记录编号"] for row in csv_rows(boss.get(f"/exports/visits.csv?{query}"))] == [visits[name] for name in names]
    points = boss.get(f"/exports/visits.geojson?{query}").json["features"]
    assert [point["id"] for point in points] == [visits[name] for name in names]


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("from=2026-11-31", "写成 2026-11-24 这样的日期。", "2026-11-24"),
        ("to=x", "写成 2026-11-24 这样的日期。", "2026-11-24"),
        ("from=2026-11-06&to=2026-11-05", "结束的那天不能早于开始的那天。", "The last day cannot be before the first one."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(app, visits, query, zh, en):
    client = console(app, "boss")
    for path in ("/visits", "/visits/photos", "/exports/visits.csv", "/exports/visit-answers.xlsx"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 422 and zh in answer.text, path
    part = client.get(f"/visits?{query}", headers={"HX-Request": "true"})
    assert part.status_code == 422 and 'role="alert"' in part.text and zh in part.text and "<!doctype" not in part.text
    client.set_cookie("language", "en")
    answer = client.get(f"/visits?{query}")
    assert en in answer.text and untranslated(answer.text) == []


def test_paging_tabs_files_and_the_way_back_keep_the_days(app, visits, monkeypatch):
    for module in (paging, queries_list):
        monkeypatch.setattr(module, "PAGE_ROWS", 2)
    boss, days = console(app, "boss"), "from=2026-10-31&to=2026-11-05"
    text = unescape(boss.get(f"/visits?{days}").text)
    [onwards] = re.findall(rf'href="/visits\?({days}&after=[^"]+)"', text)
    assert listed(boss, visits, days) == ["fifth", "first"] and listed(boss, visits, onwards) == ["october"]
    assert f'href="/visits?{days}"' in unescape(boss.get(f"/visits?{onwards}").text)
    for address in (f"/exports/visits.csv?{days}", f"/visits?{days}&verdict=done", f"/visits/photos?{days}", "/visits?month=2026-10", "/visits"):
        assert f'href="{address}"' in text, address
    assert 'name="from" id="say-from"' in text and 'value="2026-10-31"' in text and 'value="2026-11-05"' in text and 'name="month"' not in text
    assert f'href="/visits/{visits["first"]}?{days}"' in text
    assert f'href="/visits?{days}"' in unescape(boss.get(f"/visits/{visits['first']}?{days}").text)


def test_the_review_desk_goes_through_the_days_alone(app, visits):
    boss = console(app, "boss")
    place = boss.get("/visits/reviews?verdict=waiting&from=2026-11-05&to=2026-11-05").headers["Location"]
    assert place == f"/visits/{visits['fifth']}?verdict=waiting&from=2026-11-05&to=2026-11-05"
    assert boss.get("/visits/reviews?verdict=waiting&from=2026-11-06").headers["Location"] == "/visits?verdict=waiting"


def test_the_photo_wall_has_the_days_too(app, wall):
    text = console(app, "boss").get("/visits/photos?from=2026-11-03&to=2026-11-04").text
    assert shown_names(text, wall) == ["gone", "then", "then counter"]


@pytest.mark.parametrize("query", ["month=2026-11", "from=2026-10-31&to=2026-11-05", "verdict=waiting", "verdict=waiting&from=2026-11-01"])
def test_the_days_can_be_set_without_script_and_in_english(app, visits, query):
    client = console(app, "boss", "en")
    with statements(app) as asked:
        text = client.get(f"/visits?{query}").text
    assert len(asked) <= 13, asked
    assert untranslated(text) == [] and "style=" not in text
    form = text.partition('<form class="say"')[2].partition("</form>")[0]
    assert re.findall(r'<input type="date" name="(\w+)"', form) == ["from", "to"] and '<noscript><button type="submit"' in form


class ReadOften(MultiDict):
    """Counts how often each argument is read."""

    def __init__(self, *given):
        super().__init__(*given)
        self.reads = Counter()

    def get(self, key, *rest, **named):
        self.reads[key] += 1
        return super().get(key, *rest, **named)


def test_a_filter_reads_each_argument_once_and_only_the_list_leaves_the_month():
    given = {"month": "2026-11", "from": "2026-10-31", "to": "2026-12-02", "class": "A", "verdict": "done"}
    for read, month, days in (
        (read_filter, "2026-11", (date(2026, 11, 1), date(2026, 11, 30))),
        (read_list_filter, "2026-10", (date(2026, 10, 31), date(2026, 12, 2))),
    ):
        asked = ReadOften(given)
        chosen = read(asked)
        assert (chosen.month, (chosen.first_day, chosen.last_day), chosen.has_days) == (Month.parse(month), days, True)
        assert (chosen.outlet_class, chosen.verdict) == ("A", "done")
        assert set(asked.reads.values()) == {1} and set(given) < set(asked.reads)
