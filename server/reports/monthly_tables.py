"""The monthly report as a workbook: the sums by rep, and a sheet each for problems, bad answers, open work and the next plan."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from server.reports.columns import Column, Kind, day, number, texts
from server.reports.month_answers import BadAnswer
from server.reports.monthly import MonthlyReport
from server.reports.monthly_details import Detail
from server.reports.sheet_rows import Table

COUNT_WORDS = {
    "outlets": lazy_gettext("计划网点"),
    "owed": lazy_gettext("应巡"),
    "planned": lazy_gettext("计划"),
    "done": lazy_gettext("按计划完成"),
    "waiting": lazy_gettext("待审核"),
    "missed": lazy_gettext("漏巡网点"),
    "made": lazy_gettext("到店次数"),
    "not_counted": lazy_gettext("不计入的巡检"),
    "complained": lazy_gettext("有投诉的巡检"),
    "complaints_received": lazy_gettext("收到投诉"),
    "complaints_resolved": lazy_gettext("投诉处理完"),
    "follow_ups_registered": lazy_gettext("登记的备案"),
    "follow_ups_solved": lazy_gettext("备案解决"),
    "proposed": lazy_gettext("待认定"),
    "upheld": lazy_gettext("已认定"),
    "complaints": lazy_gettext("投诉未处理"),
    "follow_ups": lazy_gettext("备案未解决"),
    "materials": lazy_gettext("物料待配送"),
    "churn": lazy_gettext("离网待确认"),
    "next_visits": lazy_gettext("下月计划巡检"),
    "next_trainings": lazy_gettext("下月计划培训"),
}
FINDING_COUNTS = ("proposed", "upheld")
WHERE = texts((lazy_gettext("区域"), "region"), (lazy_gettext("片区负责人"), "rep"))
DETAILS = [
    *[*WHERE, *texts((lazy_gettext("种类"), "kind")), day(lazy_gettext("日期"), "day")],
    *texts((lazy_gettext("编号"), "code"), (lazy_gettext("网点"), "outlet"), (lazy_gettext("说明"), "text")),
]

ANSWERS = [
    *texts((lazy_gettext("问了什么"), "question"), (lazy_gettext("回答"), "answer")),
    *[number(lazy_gettext("次数"), "times"), number(lazy_gettext("网点数"), "outlets")],
    *texts((lazy_gettext("最近的网点"), "places")),
]


def shown_counts(report: MonthlyReport) -> dict[str, Any]:
    """Names and words of the counts that this reader sees."""
    return {name: words for name, words in COUNT_WORDS.items() if report.has_findings or name not in FINDING_COUNTS}


def report_tables(report: MonthlyReport, answers: list[BadAnswer], problems: list[Detail], waiting: list[Detail], plan: list[Detail]) -> list[Table]:
    rows = [row for _, reps, _ in report.regions for row in reps]
    return [
        Table(gettext("汇总"), [*WHERE, *(_count(name, words) for name, words in shown_counts(report).items())], rows),
        Table(gettext("问题记录"), DETAILS, problems),
        Table(gettext("检查发现的问题"), ANSWERS, answers),
        Table(gettext("未办事项"), DETAILS, waiting),
        Table(gettext("下月计划"), DETAILS, plan),
    ]


def _count(name: str, words: Any) -> Column:
    return Column(words, lambda row: row.counts[name], Kind.NUMBER)
