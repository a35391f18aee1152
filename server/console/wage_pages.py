"""What wages add to the console: sheets, closing, kinds of lines, policy, the calendar, and findings proposed by hand."""

from flask import Blueprint

from server.findings.evidence import CardReader
from server.findings.hand_routes import blueprint as hand_findings
from server.payroll.close_routes import blueprint as closing
from server.payroll.evidence import outlet_cards, sheet_cards, volume_cards
from server.payroll.kind_routes import blueprint as wage_kinds
from server.payroll.policy_routes import blueprint as policies
from server.payroll.table_routes import blueprint as tables
from server.payroll.volume_routes import blueprint as volumes
from server.people.calendar_routes import blueprint as calendar

WAGE_BLUEPRINTS: tuple[Blueprint, ...] = (closing, wage_kinds, tables, volumes, policies, calendar, hand_findings)
WAGE_CARDS: dict[str, CardReader] = {"outlet": outlet_cards, "outlet_volume": volume_cards, "wage_sheet": sheet_cards}
