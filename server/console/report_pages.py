"""What reports add to the console: exports of lists, and the reporting API with its tokens."""

from flask import Blueprint

from server.reports.api_routes import blueprint as reporting_api
from server.reports.export_routes import blueprint as exports
from server.reports.token_routes import blueprint as report_tokens

REPORT_BLUEPRINTS: tuple[Blueprint, ...] = (exports, report_tokens, reporting_api)
