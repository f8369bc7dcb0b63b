"""`mpex-server trust`: anchors of the node's choice, marks that it shows, and why somebody is not trusted."""

from datetime import datetime
from http.client import METHOD_NOT_ALLOWED, NOT_FOUND, OK
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from mpex_spec import codelist

from mpex_server.federation import (
    cli_logs,
    followed,
    mandate,
    refresh,
    reports,
    repository,
    showing,
    statements,
)
from mpex_server.federation.asking import Inquiry
from mpex_server.federation.faults import TrustError, told
from mpex_server.federation.findings import Findings
from mpex_server.federation.marks import Mark
from mpex_server.keys import open_keys
from mpex_server.kit import jws, strict_json
from mpex_server.kit.clock import instant, parse_instant
from mpex_server.oauth import clients, vetoes
from mpex_server.peers.client import Access, Partner
from mpex_server.peers.errors import PeerError
from mpex_server.setup import command
from mpex_server.setup.command import DryRun, Folder
from mpex_server.setup.given import Entity, Json, json_object

_SOON_DAYS = 30
trust = typer.Typer(no_args_is_help=True, help="Choose anchors, show marks, and see who is trusted.")
anchors = typer.Typer(no_args_is_help=True, help="The anchors that the node has chosen.")
marks = typer.Typer(no_args_is_help=True, help="The marks that the node shows.")
trust.add_typer(anchors, name="anchors")
trust.add_typer(marks, name="marks")
trust.command("log")(cli_logs.decisions)
trust.command("follow")(cli_logs.follow)


@anchors.command("add")
def choose(
    directory: Folder,
    entity: Entity,
    jwks: Annotated[
        Json,
        typer.Argument(
            parser=json_object, metavar="FILE", help="JWK set that the anchor handed over by another way."
        ),
    ],
    dry_run: DryRun = False,
) -> None:
    """Choose an anchor, or give one that was chosen its new keys, and print the thumbprints to compare."""
    with command.work(directory) as work:
        for kid, key in statements.keys_of(jwks, entity).items():
            typer.echo(f"{kid}  {key.thumbprint}")
        if not dry_run:
            repository.choose(work.conn, entity, jwks, at=instant(work.now()))
            command.log(work, "administration", reason="anchorChosen")
    typer.echo(f"{entity} {command.is_now(dry_run)} an anchor of this node.")


@anchors.command("remove")
def drop(directory: Folder, entity: Entity, dry_run: DryRun = False) -> None:
    """Choose an anchor no more, and say what partners lose for it with the look that follows at once."""
    with command.reading(directory) as work:
        chosen, known = repository.anchors(work.conn), clients.federated(work.conn)
    if entity not in chosen:
        raise typer.BadParameter("no anchor of this node", param_hint="ENTITY")
    found, _ = _looked(directory, without=entity)
    ends = command.is_now(dry_run)
    for entry in known:
        if lost := _lost(found, entry):
            typer.echo(f"{entry['nodeId']}  {entry['url']}  {ends} {lost}")
    if not dry_run:
        with command.work(directory) as changing:
            repository.drop(changing.conn, entity, at=instant(changing.now()))
            command.log(changing, "administration", reason="anchorDropped")
    typer.echo(f"{entity} {ends} no anchor of this node any more.")


@anchors.command("list")
def list_anchors(directory: Folder) -> None:
    """Print the anchors, and the names (`kid`) of the keys by which they are known."""
    with command.work(directory) as work:
        for entity, jwks in repository.anchors(work.conn).items():
            typer.echo(f"{entity}  {' '.join(str(key.get('kid')) for key in jwks['keys'])}")
        command.log(work, "read")


@marks.command("add")
def show(
    directory: Folder,
    mark_file: Annotated[Path, typer.Argument(metavar="FILE", help="The mark as it was given.")],
    dry_run: DryRun = False,
) -> None:
    """Show a mark from now on, in the place of an older one of its type, if it is sound.

    Who gave it is asked as well, as far as the chosen anchors lead there; else what was not verified is said.
    """
    settings, text = command.settings_of(directory), mark_file.read_text("ascii", "replace").strip()
    now = settings.clock().now()
    mark = showing.read(text, settings, now)
    with command.reading(directory) as work:
        chosen = repository.anchors(work.conn)
    with command.asking(settings) as peers:
        fault = showing.unverified(text, mark, chosen, Inquiry.by(peers, settings.clock()))
    until = instant(mark.expires)
    with command.work(directory, dry_run=dry_run) as changing:
        repository.keep_mark(changing.conn, mark.kind, text, until=until)
        command.log(changing, "administration", reason="markShown")
    if not chosen:
        typer.echo("Nobody was asked about it: no anchor is chosen yet.")
    elif fault is not None:
        typer.echo(f"Who gave it could not be asked. {told(fault)}")
    typer.echo(f"It {command.is_now(dry_run)} shown until {until}; ask for the next one a month before.")


@marks.command("remove")
def hide(
    directory: Folder,
    kind: Annotated[str, typer.Argument(help="Its type, as `list` prints it.")],
    dry_run: DryRun = False,
) -> None:
    """Show a mark of a type no more; partners give no access without the first two."""
    with command.work(directory) as work:
        if kind not in repository.marks(work.conn):
            raise typer.BadParameter("the node shows none of this type", param_hint="KIND")
        if not dry_run:
            repository.drop_mark(work.conn, kind)
            command.log(work, "administration", reason="markRemoved")
    typer.echo(f"The mark {command.is_now(dry_run)} shown no more.")


@marks.command("list")
def list_marks(directory: Folder) -> None:
    """Print the types of the marks that the node shows, who gave them, and until when."""
    with command.work(directory) as work:
        ends = repository.ends(work.conn)
        for kind, token in sorted(repository.marks(work.conn).items()):
            issuer = jws.parse(token, max_chars=65_536).claims["iss"]
            typer.echo(f"{kind}  {issuer}  {_left(ends[kind], work.now())}")
        command.log(work, "read")


def _left(end: str, now: datetime) -> str:
    days = (parse_instant(end) - now).days
    if days < 0:
        return f"ended {end}: partners give no access until it is renewed"
    return f"until {end}" + (f", in {days} days: ask for the next one" if days < _SOON_DAYS else "")


@trust.command()
def keys(directory: Folder) -> None:
    """Print the node's public keys in the federation, for whoever enrols it; hand them over safely."""
    typer.echo(strict_json.dumps(open_keys(command.settings_of(directory)).federation_jwks()).decode())


@trust.command()
def request(
    directory: Folder,
    authority_of: Annotated[
        str | None, typer.Option(help="State of which it is an authority, by its ISO 3166-1 code.")
    ] = None,
    ministry: Annotated[str | None, typer.Option(help="Ministry above it.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit that runs it.")] = None,
    legal_mandate: Annotated[
        list[str] | None, typer.Option("--mandate", help="Legal mandate that it has; repeatable.")
    ] = None,
) -> None:
    """Print the mandate that the node asks for, for whoever gives it; they attest what is true of it.

    What belongs to a State names it: by that nodes know whom a record must not reach (CONS-008).
    """
    settings = command.settings_of(directory)
    more = {
        "nationalAuthorityOf": authority_of,
        "parentMinistry": ministry,
        "unit": unit,
        "mandates": legal_mandate,
    }
    wished = {
        "nodeId": settings.node_id,
        "recipientClass": settings.recipient_class,
        "purposes": list(settings.purposes),
        "territories": list(settings.territories),
        **{name: said for name, said in more.items() if said},
    }
    try:
        mandate.check_mandate(wished, settings.public_url)
    except TrustError as error:
        raise typer.BadParameter(error.detail) from None
    typer.echo(strict_json.dumps(wished).decode())


@trust.command("look")
def look(directory: Folder) -> None:
    """Ask the anchors now, print who is trusted and why others are not, and change nothing.

    The node itself looks every `MPEX_TRUST_SECONDS`, and takes what it finds.
    """
    settings = command.settings_of(directory)
    with command.reading(directory) as work:
        anchors = repository.anchors(work.conn)
    if not anchors:
        typer.echo("No anchor is chosen: `trust anchors add` chooses one.")
        return
    found, kept_out = _looked(directory)
    with command.asking(settings) as peers:
        inquiry = Inquiry.by(peers, settings.clock())
        attested = dict(reports.shown(found, anchors, inquiry))
    _print(found, kept_out, attested)
    if not found.names(settings.public_url):
        typer.echo(f"{settings.public_url}  is this node: nobody who answered lists it")


@trust.command("try")
def try_partner(
    directory: Folder,
    entity: Entity,
    purpose: Annotated[
        str | None, typer.Option(help="Purpose to ask for; by default the first of the node.")
    ] = None,
    legal_basis: Annotated[str, typer.Option(help="Legal basis to name.")] = "vitalInterest",
) -> None:
    """Ask a partner for a token with the node's own key, and print why it refuses."""
    settings = command.settings_of(directory)
    access = Access(purpose or settings.purposes[0], legal_basis, ("log:read",))
    with command.asking(settings) as peers:
        try:
            answer = peers.ask_token(Partner({"url": entity}), access)
            said = answer.json()
        except PeerError as error:
            _refused(f"{entity}: {error}")
    if answer.status == OK:
        typer.echo(f"{entity} gives this node a token for {access.purpose}.")
        return
    if "error" not in said:
        none = answer.status in {NOT_FOUND, METHOD_NOT_ALLOWED}
        why = "is no node: it has no token endpoint" if none else f"answers {answer.status} and says not why"
        _refused(f"{entity} {why}.")
    fault = codelist("trustFaults").get(str(said.get("trust_fault")))
    words = [f"{entity} refuses: {said['error']}", str(said.get("error_description", ""))]
    words += [f"{fault['title']}: {fault['description']}"] if fault else []
    _refused(" ".join(f"{word.removesuffix('.')}." for word in words if word))


def _lost(found: Findings, entry: Json) -> str:
    """Return what a partner that is known loses by what was found; nothing when that is silence."""
    url = entry["url"]
    if found.ends(entry):
        recalled = "in 12 hours" if found.grace(found.faults.get(url), url) else "at once"
        return f"a partner no more; recalled {recalled}"
    trusted = found.trusted.get(entry["nodeId"])
    if trusted is None or trusted.unmarked is None or found.unsure(trusted):
        return ""
    return f"without access: {told(trusted.unmarked)}"


def _looked(directory: Path, *, without: str | None = None) -> tuple[Findings, set[str]]:
    """Ask the anchors but one, as the node would; return what they say, and whom of those staff keep out."""
    settings = command.settings_of(directory)
    with command.asking(settings) as peers:
        inquiry = Inquiry.by(peers, settings.clock())
        with command.reading(directory) as work:
            anchors = {name: jwks for name, jwks in repository.anchors(work.conn).items() if name != without}
            kept, places = clients.configurations(work.conn), clients.addresses(work.conn)
            judged = clients.judged(work.conn)
            watch = followed.watch(work.conn, inquiry.fetch)
        found = refresh.read(anchors, inquiry, watch, kept, places, judged)
    with command.reading(directory) as work:
        return found, {
            node_id
            for node_id, trusted in found.trusted.items()
            if vetoes.covers(work.conn, trusted.entry, found.texts[trusted.entry["url"]])
        }


def _conformance(mark: Mark | TrustError | None) -> str:
    """Return in words what a partner shows of conformance, on which no access rests (TRUST-032)."""
    if mark is None or (isinstance(mark, TrustError) and mark.reason == "markMissing"):
        return "shows no mark of conformance"
    if isinstance(mark, TrustError):
        return f"shows no mark of conformance that counts: {told(mark)}"
    report = mark.claims["report"]
    passed = f"class {report['conformanceClass']}, tested {report['finishedAt']} ({report['environment']})"
    return f"mark of conformance by {mark.issuer} until {instant(mark.expires)}: {passed}"


def _refused(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


def _distrusted(fault: TrustError, *, unknown: bool) -> str:
    """Return why an entity is not trusted, or that nobody knows today; its anchor may be the silent one."""
    if not unknown:
        return f"is not trusted: {told(fault)}"
    why = "" if fault.reason == "noAnchor" else f": {told(fault)}"
    return f"no word of today on it can be believed; what was said before counts while it lasts{why}"


def _print(found: Findings, kept_out: set[str], attested: dict[str, Mark | TrustError]) -> None:
    for node_id, trusted in sorted(found.trusted.items()):
        entry = trusted.entry
        typer.echo(f"{node_id}  {entry['recipientClass']}  {entry['url']}  until {instant(trusted.until)}")
        if node_id in kept_out:
            typer.echo("  is kept out by staff, until `partners admit`")
        if trusted.unmarked:
            typer.echo(f"  has no access: {told(trusted.unmarked)}")
        typer.echo(f"  {_conformance(attested.get(node_id))}")
    for entity, fault in found.left_out():
        typer.echo(f"{entity}  {_distrusted(fault, unknown=found.without_word(entity))}")
    for entity, fault in sorted(found.logs.items()):
        typer.echo(f"{entity}  its log is not read: {told(fault)}")
