"""What reports add to the console: exports of lists."""

from flask import Blueprint

from server.reports.export_routes import blueprint as exports

REPORT_BLUEPRINTS: tuple[Blueprint, ...] = (exports,)
