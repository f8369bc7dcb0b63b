"""`mpex access-report`."""

from typing import Annotated

import typer

from mpex_client.cli._state import Purpose, current

__all__ = ["access_report"]


def access_report(
    context: typer.Context,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="request:… of the family, or erasure:…")],
) -> None:
    """Show who had what, as a family may read it."""
    state = current(context)
    with state.client("registrar", default=Purpose("familySupport", "consent")) as client:
        of_erasure = request.startswith("erasure:")
        reports = client.erasure_requests if of_erasure else client.search_requests
        report = reports.access_report(request)
        lines = [f"Access report of {request}, {report['issuedAt']}"]
        for entry in report["entries"]:
            who = entry.get("recipient", entry["recipientClass"])
            what = ", ".join(entry["categories"])
            lines.append(
                f"{entry['at']}  {who}  {entry['kind']}  {entry['purpose']}  {what}  {entry['state']}"
            )
        lines += [report["note"]] if "note" in report else []
        state.show(report, "\n".join(lines if report["entries"] else [*lines, "Nobody else had anything."]))
