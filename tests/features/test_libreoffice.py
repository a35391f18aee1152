"""Every workbook that we hand out, opened by LibreOffice: no cell became a formula or a link, and no text another one.

Whoever keeps books opens them there or in Excel, not in the library that wrote them.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from server.db import db
from server.outlets.models import Outlet
from server.people.models import Person
from server.reports.lists import LISTS
from server.transactions.kinds import KINDS
from tests.features.browsing import console
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.rich_sheet import rich  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.tables import sheets_of
from tests.features.test_exports import OF_ADMINISTRATORS
from tests.sync.conftest import Company, company  # noqa: F401

NAMES = {"table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}", "text": "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"}
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
EVIL, LONG_ID, LEADING = '=HYPERLINK("http://evil.example";"x")', "6222020200112233445", "0012345"
MOST_SECONDS = 120


def converted(folder: Path) -> None:
    """Each workbook of the folder as flat ODF beside it; by one LibreOffice with a profile of its own."""
    words = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fods", "--outdir", str(folder)]
    subprocess.run([*words, *map(str, sorted(folder.glob("*.xlsx")))], check=True, capture_output=True, timeout=MOST_SECONDS)


def cells_of(table: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The cells that hold something; rows and cells that are alike stand in the file once, with how often."""
    for row in table.iter(f"{NAMES['table']}table-row"):
        cells = [cell for cell in row.iter(f"{NAMES['table']}table-cell") if cell.get(f"{OFFICE}value-type")]
        for _ in range(int(row.get(f"{NAMES['table']}number-rows-repeated", 1)) if cells else 0):
            for cell in cells:
                yield from [cell] * int(cell.get(f"{NAMES['table']}number-columns-repeated", 1))


def text_of(cell: ElementTree.Element) -> str:
    return "\n".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{NAMES['text']}p"))


def texts_of(tables: list[list[list[object]]]) -> list[list[str]]:
    """By sheet the texts among its cells, in order."""
    return [[cell for row in rows for cell in row if isinstance(cell, str) and cell] for rows in tables]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_libreoffice_reads_what_we_wrote(app, company: Company, staff: Staff, rich: str, tmp_path: Path):
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.name, outlet.account_no, outlet.phone, outlet.address = EVIL, LONG_ID, LEADING, "@SUM(A1)\n第二行"
        db.session.get_one(Person, company.rep_id).name = "+86"
        db.session.commit()
    month = rich.split("/")[2]
    chief, root, payer = console(app, "chief"), console(app, "root"), console(app, "payer")
    books = {name: (root if name in OF_ADMINISTRATORS else chief).get(f"/exports/{name}.xlsx").data for name in LISTS}
    books |= {f"template-{kind}": root.get(f"/imports/templates/{kind}.xlsx").data for kind in KINDS}
    books |= {name: payer.get(f"/payroll/{month}/{name}.xlsx").data for name in ("table", "strips")}
    books["month"] = chief.get(f"/reports/monthly/{month}/report.xlsx").data
    folder = tmp_path / "books"
    folder.mkdir()
    for name, content in books.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    converted(folder)
    seen: set[str] = set()
    for name, content in books.items():
        root_element = ElementTree.parse(folder / f"{name}.fods").getroot()
        tables = list(root_element.iter(f"{NAMES['table']}table"))
        assert not [one for one in root_element.iter() if one.get(f"{NAMES['table']}formula") or one.tag == f"{NAMES['text']}a"], name
        found = [[text_of(cell) for cell in cells_of(table) if cell.get(f"{OFFICE}value-type") == "string"] for table in tables]
        assert found == texts_of(sheets_of(content)), name
        seen.update(text for texts in found for text in texts)
    assert {EVIL, LONG_ID, LEADING, "+86", "@SUM(A1)\n第二行"} <= seen
