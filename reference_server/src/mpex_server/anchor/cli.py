"""`mpex-server anchor`: make an anchor or an intermediate, and decide for whom it vouches."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mpex_server.anchor import doubts, repository, service
from mpex_server.anchor.repository import IssuedMark
from mpex_server.audit import repository as log
from mpex_server.audit import sequencer
from mpex_server.audit.leaves import Vouched
from mpex_server.disclosures.work import OwnWork, Work
from mpex_server.federation import mandate, statements
from mpex_server.federation.chains import WELL_KNOWN
from mpex_server.federation.directory import NODE
from mpex_server.federation.statements import Statement
from mpex_server.keys import open_keys
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant
from mpex_server.settings import Settings
from mpex_server.setup import command, folder
from mpex_server.setup.command import DryRun, Folder
from mpex_server.setup.given import Entity, Json, identifier, json_object, passed_report

_HELP = """Vouch for nodes, and give them marks.

An anchor is run like a node, by the same commands: `mpex-server serve`,
`keys`, `new-key`, `backup`, `restore`, `check` and `db`. The guide "Run a node"
has a chapter on it, and the runbook says what to do when its key was stolen.
"""
anchor = typer.Typer(no_args_is_help=True, help=_HELP)
_WHEN = "nodes learn of it with their next look, within an hour."
_RECALLED = "Partners then call back at once what the entity holds (RECL-018); `withdraw` leaves 12 hours."
Kind = Annotated[str, typer.Argument(help=f"One of {', '.join(mandate.KINDS)}.")]


@anchor.command()
def init(
    directory: Folder,
    url: Annotated[
        str, typer.Option(parser=identifier, metavar="ENTITY", help="Public address of the anchor.")
    ],
    name: Annotated[str, typer.Option(help="Name of the organisation.")],
    superior: Annotated[
        list[str] | None,
        typer.Option(
            parser=identifier,
            metavar="ENTITY",
            help="Who vouches for it, when it is an intermediate; repeatable.",
        ),
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="SQLAlchemy address; by default SQLite in the folder.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="For invented nodes only.")] = False,
) -> None:
    """Make an anchor or an intermediate: folder, keys, settings, schema. `mpex-server serve` runs it.

    The keys go to the folder `keys`; with MPEX_KEYS=pkcs11, MPEX_PKCS11_MODULE,
    MPEX_PKCS11_TOKEN and MPEX_PKCS11_PIN_FILE in the environment they go to a
    hardware token, and MPEX_KEYS=environment takes them from variables.
    """
    folder.create(
        directory,
        role="anchor",
        environment="sandbox" if sandbox else "production",
        public_url=url,
        name=name,
        superiors=tuple(superior or ()),
        database_url=database_url,
    )
    typer.echo(f"The anchor is ready; start it with: mpex-server serve --dir {directory}")


@anchor.command()
def keys(directory: Folder) -> None:
    """Print the public keys, for those who choose the anchor; hand them over safely."""
    typer.echo(
        strict_json.dumps(open_keys(command.settings_of(directory, "anchor")).federation_jwks()).decode()
    )


@anchor.command("log-key")
def log_key(directory: Folder) -> None:
    """Print the key of the log, for nodes that must read it again from its beginning."""
    settings = command.settings_of(directory, "anchor")
    typer.echo(str(log.verifier(settings, open_keys(settings))))


@anchor.command()
def enrol(
    directory: Folder,
    entity: Entity,
    key: Annotated[
        str | None,
        typer.Option(
            help="Thumbprint of its key, as the organisation told it by another way; "
            "needed for new ones; of others no other new key is taken.",
        ),
    ] = None,
    intermediate: Annotated[
        bool | None,
        typer.Option(
            "--intermediate/--node",
            help="Whether it vouches for others or gives marks; by default what it was, for new ones a node.",
            show_default=False,
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Vouch for an entity with the keys that it publishes; again, when it exchanges them."""
    settings = command.settings_of(directory, "anchor")
    text = _published(settings, entity)
    said = statements.configuration(text, entity=entity, now=settings.clock().now())
    for kid, vouched in said.keys.items():
        typer.echo(f"{kid}  {vouched.thumbprint}" + ("  signs" if vouched.thumbprint == said.signer else ""))
    with command.work(directory, "anchor") as work:
        if wrong := _wrong(key, said, repository.keys_of(work.conn, entity)):
            raise typer.BadParameter(wrong, param_hint="--key")
        words = _becomes(work, entity, intermediate)
        if dry_run:
            service.to_vouch_for(work, text, entity)
        else:
            enrolled = service.enrol(work, text, entity, intermediate=intermediate)
            between = repository.is_intermediate(work.conn, entity)
            _log(
                work, "intermediateEnrolled" if between else "entityEnrolled", Vouched(entity, keys=enrolled)
            )
    typer.echo(f"{entity} {command.is_now(dry_run)} enrolled as {words}")


@anchor.command()
def withdraw(directory: Folder, entity: Entity, dry_run: DryRun = False) -> None:
    """Vouch for an entity no more, and print the marks that it still has of this anchor."""
    with command.work(directory, "anchor") as work:
        if repository.keys_of(work.conn, entity) is None:
            raise typer.BadParameter("is not enrolled", param_hint="ENTITY")
        _print_marks(repository.standing(work.conn, instant(work.now()), entity=entity))
        if not dry_run:
            repository.withdraw(work.conn, entity)
            _log(work, "entityWithdrawn", Vouched(entity))
    typer.echo(f"{entity} {command.is_now(dry_run)} vouched for no more; {_WHEN}")


@anchor.command()
def accredit(
    directory: Folder,
    kind: Kind,
    entity: Entity,
    end: Annotated[bool, typer.Option("--end", help="It may give them no more.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Let an organisation give marks of a type, or end that for all that it gave."""
    _check_kind(kind)
    with command.work(directory, "anchor") as work:
        if end and entity not in repository.accredited(work.conn).get(kind, ()):
            raise typer.BadParameter("is not accredited", param_hint="ENTITY")
        for doubt in () if end else doubts.on_accreditation(work, entity):
            typer.echo(doubt, err=True)
        if not dry_run:
            (repository.unaccredit if end else repository.accredit)(work.conn, kind, entity)
            _log(work, "accreditationEnded" if end else "accredited", Vouched(entity, kind))
    counts = "count no more" if end else "count"
    typer.echo(f"Marks {kind} of {entity} {'would ' if dry_run else ''}{counts}; {_WHEN}")


@anchor.command("issue-mark")
def issue_mark(
    directory: Folder,
    kind: Kind,
    entity: Entity,
    asked: Annotated[
        Json | None,
        typer.Option(
            "--mandate",
            parser=json_object,
            metavar="FILE",
            help="File with what it may search for; `mpex-server trust request` at the node makes it.",
        ),
    ] = None,
    report: Annotated[
        Json | None,
        typer.Option(
            parser=passed_report,
            metavar="FILE",
            help="File with the report of the conformance suite on the node (results.json).",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until the mark expires.")] = 90,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what the mark would say.")] = False,
) -> None:
    """Print a mark for an entity to show.

    A tracing mandate needs --mandate, a mark of conformance --report, and the mark of no immigration
    enforcement neither. What may be a mistake is said beside it.
    """
    _check_kind(kind)
    said = {"mandate": asked, "report": report}
    for name, of in (("mandate", mandate.TRACING), ("report", mandate.CONFORMANCE)):
        if (kind == of) != (said[name] is not None):
            raise typer.BadParameter(f"goes with {of}, and with no other mark", param_hint=f"--{name}")
    said = {name: claim for name, claim in said.items() if claim is not None}
    tested = _node_of(directory, entity) if report else None
    with command.work(directory, "anchor") as work:
        claims = service.mark_claims(work, entity, kind, days=days, said=said, node_id=tested)
        for doubt in doubts.on_mark(work, kind, entity, asked):
            typer.echo(doubt, err=True)
        if dry_run:
            printed = strict_json.dumps(claims).decode()
        else:
            printed = service.give_mark(work, claims)
            _log(work, "markGiven", Vouched(entity, kind, claims["jti"]))
    typer.echo(printed)


@anchor.command()
def revoke(
    directory: Folder,
    kind: Kind,
    entity: Entity,
    dry_run: DryRun = False,
) -> None:
    """Take the marks of a type back."""
    _check_kind(kind)
    with command.work(directory, "anchor") as work:
        standing = repository.standing(work.conn, instant(work.now()), entity=entity, kind=kind)
        if not standing:
            raise typer.BadParameter("has no such mark of this anchor that stands", param_hint="ENTITY")
        _print_marks(standing)
        if not dry_run:
            repository.take_back(work.conn, entity, kind, at=instant(work.now()))
            for mark in standing:
                _log(work, "markRevoked", Vouched(entity, kind, mark.mark_id))
    typer.echo(f"Each of them {command.is_now(dry_run)} taken back; {_WHEN}")
    if kind in mandate.FOR_ACCESS:
        typer.echo(_RECALLED)


@anchor.command("list")
def show(directory: Folder) -> None:
    """Print whom the anchor vouches for, who may give marks, and the marks that it gave."""
    with command.work(directory, "anchor") as work:
        for entity in repository.enrolled(work.conn):
            between = repository.is_intermediate(work.conn, entity)
            typer.echo(f"{entity}  {'intermediate' if between else 'node'}")
        for kind, entities in repository.accredited(work.conn).items():
            typer.echo(f"{kind}  by {' '.join(entities)}")
        for mark in repository.marks(work.conn):
            state = f"revoked {mark.revoked_at}" if mark.revoked_at else f"until {mark.expires_at}"
            typer.echo(f"{mark.mark_id}  {mark.kind}  {mark.entity}  {state}")
        command.log(work, "read")


def _log(work: OwnWork, reason: str, vouched: Vouched) -> None:
    """Write what was decided into the log, together with which it is seen (TRUST-014, TRUST-030)."""
    command.log(work, "administration", reason=reason, vouched=vouched)
    sequencer.place(work)


def _node_of(directory: Path, entity: str) -> str:
    """Return which node an entity says to be; raises TrustError when it does not answer."""
    settings = command.settings_of(directory, "anchor")
    said = statements.configuration(_published(settings, entity), entity=entity, now=settings.clock().now())
    return str(said.metadata(NODE).get("nodeId"))


def _wrong(key: str | None, said: Statement, before: dict[str, Any] | None) -> str | None:
    """Return what is wrong with the key that was given, None when nothing is; `before` is what is enrolled.

    Who has stolen a key that is enrolled signs with it for one of their own, beside the right one or not.
    """
    if before is None:
        if key is None:
            return "is needed for an entity that is not enrolled yet: get the thumbprint by another way"
        return None if key == said.signer else "is not the thumbprint of the key that signs"
    new = said.thumbprints - service.thumbprints(before, said.subject)
    if key is None or new <= {key} <= said.thumbprints:
        return None
    return "is not among the keys that the entity publishes, or another of them is new"


def _print_marks(marks: list[IssuedMark]) -> None:
    for mark in marks:
        typer.echo(f"{mark.mark_id}  {mark.kind}  until {mark.expires_at}")


def _becomes(work: Work, entity: str, intermediate: bool | None) -> str:
    """Return in words what an entity becomes, and what it was when that changes."""
    was = repository.is_intermediate(work.conn, entity)
    new = repository.keys_of(work.conn, entity) is None
    becomes = was if intermediate is None else intermediate
    before = "" if new or becomes == was else f", and was {_role(was)}"
    return _role(becomes) + before


def _role(intermediate: bool) -> str:
    return "an intermediate" if intermediate else "a node"


def _published(settings: Settings, entity: str) -> str:
    with command.asking(settings) as peers:
        return peers.fetch(entity + WELL_KNOWN)


def _check_kind(kind: str) -> None:
    if kind not in mandate.KINDS:
        raise typer.BadParameter(f"one of {', '.join(mandate.KINDS)}", param_hint="KIND")
