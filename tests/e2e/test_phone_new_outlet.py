"""A rep finds a shop without a network: four steps, a kill in between, saved, submitted, another file changed; then all of it on the server."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.intake.models import SyncOp
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.identity import whole_number
from server.outlets.models import Agent, Assignment, Outlet, OutletDuplicate
from tests.e2e import console, rep
from tests.e2e.company import Company, application, reassign
from tests.e2e.page_checks import ScreenWalk
from tests.e2e.phone import Phone, wait_until
from tests.e2e.phone_storage import places_of, retype_rows
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, speak, walking_phone

NAME, ADDRESS, WHERE = "鑫源通信解放路", "云溪县解放路 203 号", "菜市场北门对面"
OWNER, CASHIER, NUMBER = "陈桂英", "李敏", "13900000001"
NEW_NUMBER, OFFICE_NUMBER = "13911112222", "02885550123"
IDENTITY, MASKED = "11010519491231002X", "1****************X"  # the example of GB 11643
REASON = "柜台照片太暗，请重拍"
AGENT, CONTACT = "蜀都代理商", "微信 chen-1968"
GIVEN = {NAME, ADDRESS, WHERE, OWNER, CASHIER, REASON, AGENT, CONTACT}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_outlet_found_offline_and_a_changed_file_reach_the_server(
    server: ServerProcess, company: Company, new_phone: MakePhone, desk: Browser, tmp_path: Path, language: str
) -> None:
    phone, walk = walking_phone(server, company, new_phone, language, GIVEN)
    phone.page.evaluate("location.hash = '#/outlets'")
    expect(phone.page.get_by_test_id("outlet-row")).to_have_count(3)
    phone.wait_for_shell()
    phone.cut_network()
    say_where(phone.page, walk)
    say_how_large(phone.page, walk)
    say_who(phone.page, walk)
    photos = rep.photo_files(tmp_path, phone.here)
    take_photos(phone, walk, photos)
    outlet_id = save(phone.page, walk)
    miss_the_key(phone.page, walk, company, outlet_id)
    enter_identity(phone.page, walk, outlet_id)
    submit(phone.page, walk, outlet_id)
    other_id = change_a_phone_number(phone.page, walk, company)
    change_it_in_the_office(server, company, other_id)

    phone.restore_network()
    wait_until(lambda: not phone.page.wait_for_timeout(200) and arrived(server, outlet_id), 90, "the new outlet did not arrive")
    check_server(server, company, outlet_id, other_id)
    see_what_became_of_the_change(phone.page, walk, other_id)
    give_back(server, desk, outlet_id, walk.given_words)
    see_the_reason(phone.page, walk, outlet_id)
    assert not walk.findings, "\n".join(walk.findings)


def test_a_rep_without_outlets_begins_with_a_new_one(server: ServerProcess, company: Company, new_phone: MakePhone) -> None:
    reassign(server.data, server.database_url, company, list(company.others), "rep1")
    phone = new_phone(server, company.place(company.due))
    phone.switch_on()
    rep.sign_in(phone.page, "rep2")
    phone.page.get_by_test_id("new-outlet").tap()
    expect(phone.page.get_by_test_id("f-name")).to_be_visible()


def say_where(page: Page, walk: ScreenWalk) -> None:
    page.get_by_test_id("new-outlet").tap()
    page.get_by_test_id("new-outlet-next").tap()
    expect(page.locator("#bad-name")).to_be_visible()
    page.get_by_test_id("f-name").fill(NAME)
    expect(page.get_by_test_id("place-state")).to_contain_text("35")
    expect(page.get_by_test_id("duplicate")).to_contain_text("鑫源通讯（解放路店）")
    walk.look(page, "new-outlet-duplicate")
    page.get_by_test_id("drop-new-outlet").tap()
    expect(page.get_by_test_id("f-name")).to_have_value("")
    walk.look(page, "new-outlet-cleared")
    page.get_by_test_id("undrop").tap()
    expect(page.get_by_test_id("f-name")).to_have_value(NAME)
    page.get_by_test_id("other-outlet").tap()
    expect(page.get_by_test_id("duplicate")).to_have_count(0)
    page.get_by_test_id("f-address").fill(ADDRESS)
    page.get_by_test_id("f-position_text").fill(WHERE)
    walk.look(page, "new-outlet-place")
    page.get_by_test_id("new-outlet-next").tap()


def say_how_large(page: Page, walk: ScreenWalk) -> None:
    expect(page.get_by_test_id("class-now")).to_contain_text("C")
    for _ in range(2):
        page.get_by_test_id("more-chain_outlets").tap()
    page.get_by_test_id("f-is_franchised_or_own_hall-no").tap()
    page.get_by_test_id("f-floor_area_m2").fill("很大")
    page.get_by_test_id("new-outlet-next").tap()
    expect(page.locator("#bad-floor_area_m2")).to_be_visible()
    page.get_by_test_id("f-floor_area_m2").fill("150")
    page.get_by_test_id("f-monthly_payments").fill("420")
    page.get_by_test_id("f-households_nearby").fill("600")
    expect(page.get_by_test_id("class-now").locator(".class")).to_have_text("B")
    walk.look(page, "new-outlet-size")
    page.get_by_test_id("new-outlet-next").tap()


def say_who(page: Page, walk: ScreenWalk) -> None:
    page.get_by_test_id("f-person_in_charge").fill(OWNER)
    page.get_by_test_id("f-phone").fill(NUMBER)
    page.get_by_test_id("f-contact").fill(CONTACT)
    page.get_by_test_id("f-agent_name").fill(AGENT)
    page.get_by_test_id("add-cashier").tap()
    page.get_by_test_id("cashier-0").fill(CASHIER)
    page.get_by_test_id("certified-0-yes").tap()
    walk.look(page, "new-outlet-people")
    page.get_by_test_id("new-outlet-next").tap()


def take_photos(phone: Phone, walk: ScreenWalk, photos: dict[str, Path]) -> None:
    """The storefront; then the phone is killed, and goes on where it was."""
    take(phone.page, "storefront", photos)
    phone.kill()
    phone.switch_on(is_offline=True)
    walk.listen(phone.page)
    page = phone.page
    speak(page, walk.language)  # the kill came before Chromium wrote down what was chosen
    page.evaluate("location.hash = '#/outlets'")
    expect(page.get_by_test_id("new-outlet")).to_contain_text(NAME)
    walk.look(page, "outlets-new-outlet-begun")
    page.get_by_test_id("new-outlet").tap()
    expect(page.get_by_test_id("slot-storefront_photo").locator("img")).to_be_visible()
    take(page, "counter", photos)
    walk.look(page, "new-outlet-photos")


def take(page: Page, slot: str, photos: dict[str, Path]) -> None:
    page.get_by_test_id(f"take-{slot}_photo").tap()
    page.get_by_test_id("system-camera").first.set_input_files(photos[slot])
    expect(page.get_by_test_id(f"slot-{slot}_photo").locator("img")).to_be_visible(timeout=30_000)


def save(page: Page, walk: ScreenWalk) -> str:
    """Returns the new outlet's id."""
    page.get_by_test_id("new-outlet-next").tap()
    expect(page.get_by_test_id("saved-outlet")).to_be_visible()
    walk.look(page, "new-outlet-saved")
    outlet_id = page.url.split("/")[-2]
    walk.given_words |= {"X" + outlet_id.replace("-", "")[-12:].upper()}
    page.evaluate("location.hash = '#/outlets'")
    on_phone = "草稿，在手机" if walk.language == "zh" else "Draft, on this phone"
    expect(page.get_by_test_id("outlet-row").filter(has_text=NAME)).to_contain_text(on_phone)
    walk.look(page, "outlets-with-new-outlet")
    return outlet_id


def miss_the_key(page: Page, walk: ScreenWalk, company: Company, outlet_id: str) -> None:
    """Before the company's key has come, no number is asked for."""
    rep_id = company.people["rep1"]
    retype_rows(page, rep_id, "identity_key", "identity_key_to_come")
    page.evaluate(f"location.hash = '#/outlets/{outlet_id}/saved'")
    page.get_by_test_id("identity-now").tap()
    expect(page.get_by_test_id("identity-no-key").locator("a")).to_have_attribute("href", "#/sync")
    for part in ("identity-number", "identity-passport", "save-identity"):
        expect(page.get_by_test_id(part)).to_have_count(0)
    walk.look(page, "identity-no-key")
    retype_rows(page, rep_id, "identity_key_to_come", "identity_key")


def enter_identity(page: Page, walk: ScreenWalk, outlet_id: str) -> None:
    """The owner's resident ID: checked as it is typed, sealed as it is saved, and then nowhere on this phone."""
    page.evaluate(f"location.hash = '#/outlets/{outlet_id}/saved'")
    page.get_by_test_id("identity-now").tap()
    page.get_by_test_id("save-identity").tap()
    expect(page.locator("#bad-number")).to_be_visible()
    page.get_by_test_id("identity-number").fill(IDENTITY[:-1] + "1")
    expect(page.locator("#bad-number")).to_be_visible()
    walk.look(page, "identity-wrong")
    page.get_by_test_id("identity-number").fill(IDENTITY[:10])
    expect(page.locator("#bad-number")).to_have_count(0)
    page.get_by_test_id("identity-number").fill(IDENTITY)
    expect(page.get_by_test_id("identity-fits")).to_be_visible()
    walk.look(page, "identity")
    assert places_of(page, IDENTITY) == set()
    page.get_by_test_id("save-identity").tap()
    expect(page.get_by_test_id("identity")).to_contain_text(MASKED)
    walk.look(page, "new-outlet-identity")
    turn = page.get_by_test_id("enter-identity").inner_text()
    assert turn == ("换证件号码" if walk.language == "zh" else "Change ID number")
    page.get_by_test_id("edit-file").tap()
    expect(page.get_by_test_id("identity-where")).to_contain_text(turn)
    wait_until(lambda: not page.wait_for_timeout(100) and "xundian-spare" in places_of(page, MASKED), 15, "no spare copy was made")
    assert places_of(page, MASKED) == {"xundian-capture/ops", "xundian-spare"}
    assert places_of(page, IDENTITY) == set()


def submit(page: Page, walk: ScreenWalk, outlet_id: str) -> None:
    """A visit can begin at once; the file is laid before the manager."""
    page.evaluate(f"location.hash = '#/outlets/{outlet_id}/visit'")
    expect(page.get_by_test_id("checkin-confirm")).to_be_visible()
    page.evaluate(f"location.hash = '#/outlets/{outlet_id}'")
    walk.look(page, "new-outlet-page")
    page.get_by_test_id("submit-file").tap()
    expect(page.get_by_test_id("submit-file")).to_have_count(0)
    walk.look(page, "new-outlet-submitted")


def change_a_phone_number(page: Page, walk: ScreenWalk, company: Company) -> str:
    name = company.new[0]
    rep.open_outlet(page, name)
    page.get_by_test_id("edit-file").tap()
    page.get_by_test_id("save-edit").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.get_by_test_id("f-phone").fill(NEW_NUMBER)
    page.get_by_test_id("drop-edit").tap()
    expect(page.get_by_test_id("f-phone")).not_to_have_value(NEW_NUMBER)
    page.get_by_test_id("undrop").tap()
    expect(page.get_by_test_id("f-phone")).to_have_value(NEW_NUMBER)
    page.get_by_test_id("f-floor_area_m2").fill("120")
    expect(page.get_by_test_id("class-now").locator(".class")).to_have_text("B")
    walk.look(page, "edit-file")
    page.get_by_test_id("save-edit").tap()
    expect(page.get_by_test_id("unsent-changes")).to_be_visible()
    walk.look(page, "outlet-changed")
    return company.outlets[name]


def change_it_in_the_office(server: ServerProcess, company: Company, outlet_id: str) -> None:
    """Meanwhile the supervisor enters other values for the same fields."""
    writer = Writer(company.people["zhoumin"], now())
    with application(server.data, server.database_url):
        set_outlet_field(outlet_id, "phone", OFFICE_NUMBER, writer)
        set_outlet_field(outlet_id, "floor_area_m2", "80.00", writer)
        db.session.commit()


def arrived(server: ServerProcess, outlet_id: str) -> bool:
    """With its photos, and the changes behind it."""
    with application(server.data, server.database_url):
        outlet = db.session.get(Outlet, outlet_id)
        codes = list(db.session.scalars(select(SyncOp.code)))
        hashes = [] if outlet is None else [outlet.storefront_photo, outlet.counter_photo]
    return len(codes) == 4 and all(sha256 and server.blob(sha256).exists() for sha256 in hashes)


def check_server(server: ServerProcess, company: Company, outlet_id: str, other_id: str) -> None:
    with application(server.data, server.database_url):
        outlet = db.session.get_one(Outlet, outlet_id)
        kept = (outlet.name, outlet.address, outlet.position_text, outlet.person_in_charge, outlet.phone, outlet.state, outlet.region_id)
        assert kept == (NAME, ADDRESS, WHERE, OWNER, NUMBER, "submitted", company.region_id)
        assert (outlet.chain_outlets, outlet.is_franchised_or_own_hall, outlet.monthly_payments, outlet.households_nearby) == (2, False, 420, 600)
        assert (outlet.outlet_class, outlet.class_reasons, str(outlet.floor_area_m2)) == ("B", ["B.area"], "150.00")
        assert outlet.cashiers == [{"name": CASHIER, "is_certified": True}]
        assert (outlet.contact, db.session.scalar(select(Agent.name).where(Agent.id == outlet.agent_id))) == (CONTACT, AGENT)
        assert (outlet.lat, outlet.lon, outlet.position_accuracy_m) == (*company.place(company.due), 35.0)
        assert outlet.storefront_photo != outlet.counter_photo
        assert db.session.scalar(select(Assignment.person_id).where(Assignment.outlet_id == outlet_id)) == company.people["rep1"]
        assert db.session.scalars(select(OutletDuplicate.other_id)).all() == [company.outlets[company.due]]
        other = db.session.get_one(Outlet, other_id)
        assert (other.phone, str(other.floor_area_m2), other.outlet_class) == (NEW_NUMBER, "80.00", "C")
        ops = db.session.scalars(select(SyncOp)).all()
        taken = dict.fromkeys(("new_outlet.v1", "identity.v1", "outlet_submit.v1"), "applied")
        assert {op.form: op.code for op in ops} == taken | {"outlet_edit.v1": "parked"}
        assert all(IDENTITY.encode() not in op.body for op in ops)
        assert (outlet.id_kind, outlet.id_masked, whole_number(outlet)) == ("resident_id", MASKED, IDENTITY)


def see_what_became_of_the_change(page: Page, walk: ScreenWalk, other_id: str) -> None:
    page.evaluate(f"location.hash = '#/outlets/{other_id}'")
    expect(page.get_by_test_id("edit-results")).to_be_visible()
    expect(page.get_by_test_id("unsent-changes")).to_have_count(0)
    walk.look(page, "outlet-change-waits")


def give_back(server: ServerProcess, desk: Browser, outlet_id: str, given_words: frozenset[str]) -> None:
    """The manager looks at the file and its photos, and returns it with a reason."""
    desk_walk = ScreenWalk("desk", "zh", given_words=given_words, other_widths=(360,))
    with console.signed_in(desk, server.url, "manager") as page:
        page.goto(f"{server.url}/outlets/{outlet_id}")
        expect(page.get_by_text(MASKED).first).to_be_visible()
        assert IDENTITY not in page.content()
        page.get_by_role("link", name="去审核").click()
        expect(page.locator("img.shot")).to_have_count(2)
        desk_walk.look(page, "outlet-file")
        page.locator("textarea[name=reason]").fill(REASON)
        page.get_by_role("button", name="退回").click()
        expect(page.get_by_text(REASON).first).to_be_visible()
        desk_walk.look(page, "outlet-file-returned")
    assert not desk_walk.findings, "\n".join(desk_walk.findings)


def see_the_reason(page: Page, walk: ScreenWalk, outlet_id: str) -> None:
    page.evaluate("location.hash = '#/sync'")
    page.get_by_test_id("sync-now").tap()
    page.evaluate(f"location.hash = '#/outlets/{outlet_id}'")
    expect(page.get_by_test_id("returned")).to_contain_text(REASON, timeout=30_000)
    walk.look(page, "outlet-returned")
