"""`xundian rescue …`: the console's import of rescue files, for files too large for a browser and for servers without one."""

from pathlib import Path

import click
from flask import Flask

from server.clock import now
from server.intake.rescue import import_rescue
from server.intake.rescue_file import mapped
from server.intake.rescue_report import RescueReport
from sync.problems import Problem


@click.group("rescue")
def rescue_group() -> None:
    """Rescue files that phones exported."""


@rescue_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def import_file(context: click.Context, file: Path) -> None:
    """Bring in what a phone could not send. Safe to repeat."""
    app: Flask = context.obj
    with app.app_context(), file.open("rb") as opened:
        try:
            report = import_rescue(mapped(opened), None, now())
        except Problem as problem:
            raise click.ClickException(problem.extras.get("fields", {}).get("file", problem.refusal.code)) from problem
    for line in report_lines(report):
        click.echo(line)


def report_lines(report: RescueReport) -> list[str]:
    """What came of the file, a line each."""
    lines = [f"{report.person_name}: {report.new} new, {report.known} here before, {report.parked} parked, {report.kept_aside} quarantined"]
    lines += [f"  {code:<24}{count:>7}" for code, count in sorted(report.results.items())]
    lines += [f"  quarantined: {code:<24}{count:>7}" for code, count in sorted(report.refused.items())]
    refused, missing = len(report.refused_files), report.missing_files
    lines.append(f"files: {report.files} kept, {report.known_files} here before, {refused} refused, {missing} still missing")
    lines += [f"  {sha256} {why}" for sha256, why in sorted(report.refused_files.items())]
    lines += [f"unfinished, left in the file: {row['kind']:<16} {row['outlet_id']} {row['saved_at']}".rstrip() for row in report.drafts]
    return [*lines, "nothing was changed"] if report.is_unchanged else lines
