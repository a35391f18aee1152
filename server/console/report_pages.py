"""What reports add to the console: exports of lists, the monthly report, the reporting API with its tokens, paper forms, the audit."""

from flask import Blueprint

from server.deeds.routes import blueprint as deeds
from server.papers.routes import blueprint as papers
from server.reports.api_routes import blueprint as reporting_api
from server.reports.dashboard_routes import blueprint as dashboards
from server.reports.export_routes import blueprint as exports
from server.reports.monthly_routes import blueprint as monthly_reports
from server.reports.token_routes import blueprint as report_tokens

REPORT_BLUEPRINTS: tuple[Blueprint, ...] = (exports, dashboards, monthly_reports, report_tokens, reporting_api, papers, deeds)
