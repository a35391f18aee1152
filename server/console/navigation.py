"""The side navigation: the pages there are, for those who may open them, as the routes say."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext

from server.clock import today
from server.console.tiles import CountedTile, counted_badges, counted_tiles
from server.people.access import may_open
from server.people.models import Person


@dataclass(frozen=True)
class Entry:
    """`section` marks the entry as current for every endpoint that begins with it."""

    endpoint: str
    icon: str
    label: str
    section: tuple[str, ...]


@dataclass(frozen=True)
class ShownEntry:
    entry: Entry
    href: str
    is_current: bool
    count: int
    is_hot: bool


WAGES = ("payroll.", "payroll_closing.", "wage_kinds.")
VISITS = ("visits.visit_list", "visits.visit_page", "visits.photo_wall", "reviews.")
PLANS = ("visit_plans.plan", "visit_plans.new_planned", "visit_plans.add_planned")
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("people.home", "home", lazy_gettext("今天"), ("people.home",)),)),
    (
        lazy_gettext("巡检"),
        (
            Entry("visit_maps.visit_map", "pin", lazy_gettext("巡检地图"), ("visit_maps.",)),
            Entry("dashboards.dashboard", "chart", lazy_gettext("看板"), ("dashboards.",)),
            Entry("visits.compliance", "grid", lazy_gettext("达标情况"), ("visits.compliance", "visit_plans.forecast")),
            Entry("visit_plans.plan", "calendar", lazy_gettext("巡检计划"), PLANS),
            Entry("monthly_reports.latest", "print", lazy_gettext("月度报告"), ("monthly_reports.",)),
            Entry("waiting.start", "inbox", lazy_gettext("待处理记录"), ("waiting.", "duplicates.", "positions.")),
            Entry("visits.visit_list", "eye", lazy_gettext("巡检记录"), VISITS),
            Entry("samples.sample_list", "search", lazy_gettext("盲审抽查"), ("samples.",)),
        ),
    ),
    (
        lazy_gettext("客户"),
        (
            Entry("outlets.outlet_list", "shop", lazy_gettext("网点"), ("outlets.", "outlet_files.", "outlet_edits.")),
            Entry("agents.agent_list", "people", lazy_gettext("代理商名册"), ("agents.",)),
            Entry("complaints.complaint_list", "talk", lazy_gettext("投诉"), ("complaints.",)),
            Entry("followups.follow_up_list", "flag", lazy_gettext("备案问题"), ("followups.",)),
            Entry("materials.request_list", "box", lazy_gettext("物料配送"), ("materials.",)),
            Entry("trainings.plan", "book", lazy_gettext("培训"), ("trainings.", "training_plans.")),
            Entry("callbacks.callback_list", "call", lazy_gettext("电话回访"), ("callbacks.",)),
            Entry("churn.case_list", "leave", lazy_gettext("离网"), ("churn.",)),
        ),
    ),
    (
        lazy_gettext("考核与工资"),
        (
            Entry("findings.finding_list", "scale", lazy_gettext("考核事项"), ("findings.", "hand_findings.")),
            Entry("payroll.latest", "yuan", lazy_gettext("工资表"), WAGES),
            Entry("policies.policy_list", "sliders", lazy_gettext("政策参数"), ("policies.",)),
        ),
    ),
    (
        lazy_gettext("管理"),
        (
            Entry("staff.person_list", "people", lazy_gettext("人员"), ("staff.", "leaves.", "regions.")),
            Entry("calendar.year_list", "calendar", lazy_gettext("工作日历"), ("calendar.",)),
            Entry("checklists.checklist_list", "ok", lazy_gettext("检查清单"), ("checklists.",)),
            Entry("devices.device_list", "phone", lazy_gettext("手机"), ("devices.",)),
            Entry("exports.export_list", "box", lazy_gettext("导出"), ("exports.",)),
            Entry("imports.start", "upload", lazy_gettext("导入"), ("imports.",)),
            Entry("notices.channel_list", "talk", lazy_gettext("通知"), ("notices.",)),
            Entry("maps.tiles", "grid", lazy_gettext("地图底图"), ("maps.",)),
            Entry("report_tokens.token_list", "inbox", lazy_gettext("报表接口"), ("report_tokens.",)),
            Entry("deeds.deed_list", "eye", lazy_gettext("操作记录"), ("deeds.",)),
            Entry("rescue.start", "upload", lazy_gettext("救援文件"), ("rescue.",)),
        ),
    ),
)


def waiting_tiles(person: Person) -> list[CountedTile]:
    """The tiles of the start page, which the navigation beside them need not count again."""
    tiles = request.environ["xundian.tiles"] = counted_tiles(person, today())
    return tiles


def navigation(person: Person) -> list[tuple[str, list[ShownEntry]]]:
    """The groups of entries that the person may open, with what waits in each."""
    counted: list[CountedTile] = request.environ.get("xundian.tiles") or counted_badges(person, today())
    tiles = {one.tile.nav: one for one in counted if one.tile.nav}
    groups = [
        (title, [_shown(entry, tiles.get(entry.endpoint)) for entry in entries if may_open(person, entry.endpoint)]) for title, entries in GROUPS
    ]
    return [(title, entries) for title, entries in groups if entries]


def _shown(entry: Entry, counted: CountedTile | None) -> ShownEntry:
    is_current = (request.endpoint or "").startswith(entry.section)
    count = counted.count if counted else 0
    return ShownEntry(entry, url_for(entry.endpoint), is_current, count, bool(counted and counted.tile.tone == "hot"))
