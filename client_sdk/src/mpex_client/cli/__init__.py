"""Command line of a node's clients.

Exit codes: 0 done · 1 refused, or the answer is negative · 2 wrong use · 3 an import with rejected rows ·
4 the node was not reached.
"""

import typer

from mpex_client.cli import (
    access,
    asking,
    between,
    directives,
    discovering,
    doctor,
    enquirers,
    erasures,
    exporting,
    groups,
    importing,
    log,
    mapping,
    matches,
    onward,
    outbox,
    outcome,
    persons,
    profiles,
    proposals,
    recalls,
    received,
    register,
    release,
    remains,
    samples,
    search,
    tasks,
    withdraw,
)
from mpex_client.cli._state import options

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help=__doc__,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(options)
app.add_typer(register.app, name="register")
app.command("search")(search.search)
app.command("partner-search")(search.partner_search)
app.command("surge")(search.surge)
app.add_typer(asking.app, name="partner-requests")
app.add_typer(matches.app, name="matches")
app.add_typer(persons.app, name="persons")
app.add_typer(release.app, name="release-requests")
app.add_typer(onward.app, name="onward-requests")
app.add_typer(remains.app, name="remains")
app.add_typer(directives.app, name="directives")
app.add_typer(samples.app, name="samples")
app.command("withdraw")(withdraw.withdraw)
app.add_typer(recalls.app, name="recalls")
app.add_typer(received.app, name="received")
app.add_typer(proposals.app, name="proposals")
app.add_typer(importing.app, name="import")
app.add_typer(mapping.app, name="mapping")
app.add_typer(exporting.app, name="export")
app.add_typer(tasks.app, name="tasks")
app.command("access-report")(access.access_report)
app.add_typer(between.assistance, name="assistance")
app.add_typer(between.custody, name="custody")
app.add_typer(between.messages, name="messages")
app.add_typer(enquirers.app, name="enquirers")
app.add_typer(erasures.app, name="erasures")
app.add_typer(groups.app, name="groups")
app.add_typer(outcome.identifications, name="identifications")
app.add_typer(outcome.doubts, name="identity-errors")
app.add_typer(log.app, name="log")
app.add_typer(outbox.app, name="outbox")
app.command("discover")(discovering.discover)
app.command("login")(discovering.login)
app.command("doctor")(doctor.doctor)
app.command("profiles")(profiles.profiles)
