"""A whole working day without a network: 12 visits, a new outlet, a complaint, a delivery and a training, on a phone that is killed four times
and whose clock is set wrong at noon; then all of it is sent, and everything is right on the server."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from server.clock import now
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import SHANGHAI, business_date
from server.intake.models import SyncOp
from server.materials.actions import Wanted, request_materials
from server.materials.models import MaterialRequest
from server.media.models import Blob, BlobRef
from server.outlets.models import Outlet
from server.training.models import Training
from server.visits.models import OutletMonth, Visit
from sync.ids import uuid7
from tests.e2e import rep
from tests.e2e.company import Company, add_due_outlets, application
from tests.e2e.phone import ACCURACY_M, Phone, wait_until
from tests.e2e.server_process import ServerProcess
from tests.e2e.test_paper_forms import photograph, save, sign
from tests.e2e.walks import MakePhone, go

MakePhoto = Callable[[], Path]

VISITS = 12
SLOTS = ("storefront", "counter", "other")
FILES = VISITS * (len(SLOTS) + 1) + 1 + 1 + 2 + 2  # visits with signatures; storefront of the new outlet; complaint; delivery; training
NEW_OUTLET = "青石桥烟酒行"
CLOCK_MOVES_H = 2

MOVE_CLOCK = """(ms) => {
    const Real = Date;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + ms); }
        static now() { return Real.now() + ms; }
    };
}"""


def photo_maker(folder: Path) -> MakePhoto:
    """Makes photos no two of which are alike."""
    numbers = count(1)

    def make() -> Path:
        number = next(numbers)
        picture = Image.effect_noise((1200, 900), 60).convert("RGB")
        picture.paste((number * 37 % 256, number * 71 % 256, number * 113 % 256), (100, 100, 700, 600))
        file = BytesIO()
        picture.save(file, "JPEG", quality=80)
        path = folder / f"photo-{number}.jpg"
        path.write_bytes(file.getvalue())
        return path

    return make


def test_a_whole_day_without_a_network_arrives_whole(server: ServerProcess, company: Company, new_phone: MakePhone, tmp_path: Path) -> None:
    names = [company.due, *(f"巡检店{number:02d}" for number in range(2, VISITS + 1))]
    add_due_outlets(server.data, server.database_url, company, names[1:])
    complaint_id, request_id = put_work(server, company)
    phone, make_photo = new_phone(server, company.place(company.due)), photo_maker(tmp_path)
    phone.switch_on()
    rep.sign_in(phone.page, "rep1")
    expect(phone.page.get_by_test_id("outlet-row").first).to_be_visible()
    phone.wait_for_shell()
    phone.cut_network()

    visits = [visit(phone, company, name, make_photo) for name in names[:4]]
    restart(phone)
    handle_complaint(phone.page, company)
    find_outlet(phone, make_photo)
    visits += [visit(phone, company, name, make_photo) for name in names[4:6]]
    restart(phone, clock_moves_ms=noon_error_ms())
    visits += [visit(phone, company, name, make_photo) for name in names[6:8]]
    restart(phone)  # the phone has found the right time
    deliver(phone.page, company, make_photo)
    visits += [visit(phone, company, name, make_photo) for name in names[8:10]]
    restart(phone)
    train(phone.page, company, make_photo)
    visits += [visit(phone, company, name, make_photo) for name in names[10:]]
    go(phone.page, "/sync")
    expect(phone.page.get_by_test_id("outbox-row")).to_have_count(VISITS + 4)

    phone.restore_network()
    phone.page.get_by_test_id("sync-now").tap()
    wait_until(lambda: not phone.page.wait_for_timeout(500) and stored(server) == FILES, 180, "not all files arrived")
    check_server(server, company, visits, complaint_id, request_id)
    expect(phone.page.locator("[data-testid=outbox-row][data-state=accepted]")).to_have_count(VISITS + 4, timeout=30_000)


def put_work(server: ServerProcess, company: Company) -> tuple[str, str]:
    """A complaint and a request for materials at the outlet that is due."""
    outlet_id, at, office = company.outlets[company.due], now(), company.people["zhoumin"]
    today = business_date(at)
    with application(server.data, server.database_url):
        intake = Intake(uuid7(), outlet_id, "service", False, True, today, "刘女士", "", "公示牌掉了", "")
        return receive_complaint(intake, office, at).id, request_materials(Wanted(uuid7(), outlet_id, "POS 纸 10 卷", today), office, at).id


def noon_error_ms() -> int:
    """Two hours, on the side on which the day stays the same."""
    return (CLOCK_MOVES_H if now().astimezone(SHANGHAI).hour < 20 else -CLOCK_MOVES_H) * 3_600_000


def restart(phone: Phone, clock_moves_ms: int = 0) -> None:
    phone.kill()
    phone.switch_on(is_offline=True)
    if clock_moves_ms:
        phone.page.evaluate(MOVE_CLOCK, clock_moves_ms)


def visit(phone: Phone, company: Company, name: str, make_photo: MakePhoto) -> str:
    """A visit with three photos, at the door; returns its id."""
    lat, lon = company.place(name)
    assert phone.context is not None
    phone.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": ACCURACY_M})
    page = phone.page
    rep.open_outlet(page, name)
    page.get_by_test_id("check-in").tap()
    rep.check_in(page)
    rep.answer_checklist(page)
    for number, slot in enumerate(SLOTS, 1):
        page.get_by_test_id(f"photo-input-{slot}").last.set_input_files(make_photo())
        expect(page.locator(".slot.filled")).to_have_count(number, timeout=30_000)
    page.get_by_test_id("to-owner").tap()
    page.get_by_test_id("to-sign").tap()
    rep.sign(page)
    return rep.saved_visit(page)


def handle_complaint(page: Page, company: Company) -> None:
    rep.open_outlet(page, company.due)
    page.get_by_test_id("work-complaint").tap()
    page.get_by_test_id("p-investigation").fill("胶老化，掉了一角")
    page.get_by_test_id("p-verdict-founded").tap()
    page.get_by_test_id("paper-next").tap()
    page.get_by_test_id("p-handling").fill("重新贴好")
    page.get_by_test_id("p-is_present-yes").tap()
    page.get_by_test_id("paper-next").tap()
    page.get_by_test_id("p-feedback_result-satisfied").tap()
    page.get_by_test_id("p-feedback_speed-satisfied").tap()
    sign(page)
    save(page)
    expect(page.get_by_test_id("work-complaint")).to_have_count(0)


def deliver(page: Page, company: Company, make_photo: MakePhoto) -> None:
    rep.open_outlet(page, company.due)
    page.get_by_test_id("work-delivery").tap()
    photograph(page, make_photo())
    page.get_by_test_id("paper-next").tap()
    sign(page)
    save(page)
    expect(page.get_by_test_id("work-delivery")).to_have_count(0)


def train(page: Page, company: Company, make_photo: MakePhoto) -> None:
    rep.open_outlet(page, company.due)
    page.get_by_test_id("take-training").tap()
    page.get_by_test_id("p-content").fill("新收费机怎么补传")
    page.get_by_test_id("p-attendee_count").fill("3")
    photograph(page, make_photo())
    page.get_by_test_id("paper-next").tap()
    sign(page)
    save(page)
    expect(page.get_by_test_id("history-row").first).to_be_visible()


def find_outlet(phone: Phone, make_photo: MakePhoto) -> None:
    page = phone.page
    go(page, "/outlets/new")
    page.get_by_test_id("f-name").fill(NEW_OUTLET)
    page.get_by_test_id("f-address").fill("青石桥 8 号")
    other = page.get_by_test_id("other-outlet")
    expect(page.get_by_test_id("place-state")).to_contain_text(str(ACCURACY_M))
    while other.is_visible():
        other.tap()
    for _ in range(2):
        page.get_by_test_id("new-outlet-next").tap()
    page.get_by_test_id("f-person_in_charge").fill("陈桂英")
    page.get_by_test_id("new-outlet-next").tap()
    page.get_by_test_id("take-storefront_photo").tap()
    page.get_by_test_id("system-camera").first.set_input_files(make_photo())
    expect(page.get_by_test_id("slot-storefront_photo").locator("img")).to_be_visible(timeout=30_000)
    page.get_by_test_id("new-outlet-next").tap()
    expect(page.get_by_test_id("saved-outlet")).to_be_visible()


def stored(server: ServerProcess) -> int:
    """Files that are there whole."""
    with application(server.data, server.database_url):
        return db.session.scalar(select(func.count()).select_from(Blob).where(Blob.stored_at.is_not(None))) or 0


def check_server(server: ServerProcess, company: Company, visits: list[str], complaint_id: str, request_id: str) -> None:
    rep1, today = company.people["rep1"], business_date(now())
    with application(server.data, server.database_url):
        codes = db.session.execute(select(SyncOp.form, SyncOp.code)).all()
        assert {code for _, code in codes} == {"applied"}, codes
        assert len(codes) == VISITS + 4
        made = db.session.scalars(select(Visit).order_by(Visit.id).options(selectinload(Visit.photos))).all()
        assert [one.id for one in made] == sorted(visits)
        assert all(one.counts and one.is_complete and len(one.photos) == len(SLOTS) and one.rep_id == rep1 for one in made)
        assert {one.visited_on for one in made} <= {today, today - timedelta(days=1)}  # a run over midnight
        assert len({one.outlet_id for one in made}) == VISITS
        months = db.session.scalars(select(OutletMonth).where(OutletMonth.month == company.month, OutletMonth.owed == 1)).all()
        assert {(row.counted, row.state) for row in months if row.outlet_id in {one.outlet_id for one in made}} == {(1, "done")}
        complaint, request = db.session.get_one(Complaint, complaint_id), db.session.get_one(MaterialRequest, request_id)
        assert (complaint.state, complaint.feedback_result, request.delivered_by_id) == ("resolved", "satisfied", rep1)
        assert db.session.scalars(select(Training)).one().attendee_count == 3
        assert db.session.scalars(select(Outlet.name).where(Outlet.name == NEW_OUTLET)).all() == [NEW_OUTLET]
        named = set(db.session.scalars(select(BlobRef.sha256)))
        assert len(named) == FILES
    assert all(server.blob(sha256).exists() for sha256 in named)
