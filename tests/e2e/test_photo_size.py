"""How large a photo the phone keeps, by the company's policy."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month, business_date
from server.policy.actions import set_policy
from server.visits.models import VisitPhoto
from tests.e2e import rep
from tests.e2e.company import Company, application
from tests.e2e.phone import Phone, wait_until
from tests.e2e.server_process import ServerProcess

MakePhone = Callable[[ServerProcess, tuple[float, float]], Phone]


def test_photos_are_scaled_to_the_longest_side_that_the_policy_says(
    server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path
) -> None:
    with application(server.data, server.database_url):
        set_policy("photo.max_side_px", "800", Month.of_date(business_date(now())).first_day, "流量太贵", company.people["manager"], now())
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    rep.make_visit(phone.page, company.due, rep.photo_files(tmp_path, phone.here))
    with application(server.data, server.database_url):
        photos = wait_for_photos()
        assert {(photo.width, photo.height) for photo in photos} == {(600, 800)}
    for photo in photos:
        wait_until(server.blob(photo.sha256).exists, 60)
        with Image.open(BytesIO(server.blob(photo.sha256).read_bytes())) as picture:
            assert picture.size == (600, 800)


def wait_for_photos() -> list[VisitPhoto]:
    def here() -> list[VisitPhoto]:
        db.session.rollback()
        return list(db.session.scalars(select(VisitPhoto)))

    wait_until(here, 60)
    found = here()
    db.session.expunge_all()
    return found
