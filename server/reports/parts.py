"""The parts of the reporting API: what a token may read."""

from flask_babel import lazy_gettext

VISITS, OUTLETS, OUTLET_MONTHS, FINDINGS, WAGE_SHEETS = "visits", "outlets", "outlet-months", "findings", "wage-sheets"
PART_WORDS = {
    VISITS: lazy_gettext("巡检记录"),
    OUTLETS: lazy_gettext("网点"),
    OUTLET_MONTHS: lazy_gettext("达标情况"),
    FINDINGS: lazy_gettext("考核事项"),
    WAGE_SHEETS: lazy_gettext("工资单"),
}
PARTS = tuple(PART_WORDS)
