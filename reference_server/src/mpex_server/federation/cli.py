"""`mpex-server trust`: anchors of the node's choice, marks that it shows, and why somebody is not trusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import OK
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from mpex_spec import codelist

from mpex_server.federation import mandate, refresh, repository, statements
from mpex_server.federation.faults import told
from mpex_server.federation.refresh import Findings
from mpex_server.keys import open_keys
from mpex_server.kit import jws, strict_json
from mpex_server.kit.clock import instant
from mpex_server.oauth import clients
from mpex_server.observation.traces import NoTraces
from mpex_server.peers.client import Access, Partner, Peers
from mpex_server.peers.errors import PeerError
from mpex_server.settings import Settings
from mpex_server.setup import command, folder
from mpex_server.setup.command import Folder

trust = typer.Typer(no_args_is_help=True, help="Choose anchors, show marks, and see who is trusted.")
anchors = typer.Typer(no_args_is_help=True, help="The anchors that the node has chosen.")
marks = typer.Typer(no_args_is_help=True, help="The marks that the node shows.")
trust.add_typer(anchors, name="anchors")
trust.add_typer(marks, name="marks")
Entity = Annotated[str, typer.Argument(help="Entity identifier: its public address.")]


@anchors.command("add")
def choose(
    directory: Folder,
    entity: Entity,
    keys_file: Annotated[Path, typer.Argument(help="JWK set that the anchor handed over by another way.")],
) -> None:
    """Choose an anchor, or give one that was chosen its new keys."""
    with command.work(directory) as work:
        jwks = dict(strict_json.loads(keys_file.read_bytes()))
        statements.keys_of(jwks, entity)
        repository.choose(work.conn, entity, jwks, at=instant(work.now()))
        command.log(work, "administration", reason="anchorChosen")


@anchors.command("remove")
def drop(directory: Folder, entity: Entity) -> None:
    """Choose an anchor no more; with the next look nobody is trusted through it."""
    with command.work(directory) as work:
        if not repository.drop(work.conn, entity):
            raise typer.BadParameter("no anchor of this node", param_hint="ENTITY")
        command.log(work, "administration", reason="anchorDropped")


@anchors.command("list")
def list_anchors(directory: Folder) -> None:
    """Print the anchors and the thumbprints of their keys."""
    with command.work(directory) as work:
        for entity, jwks in repository.anchors(work.conn).items():
            typer.echo(f"{entity}  {' '.join(str(key.get('kid')) for key in jwks['keys'])}")
        command.log(work, "read")


@marks.command("add")
def show(
    directory: Folder, mark_file: Annotated[Path, typer.Argument(help="The mark as it was given.")]
) -> None:
    """Show a mark from now on, in the place of an older one of its type."""
    with command.work(directory) as work:
        token = mark_file.read_text("ascii").strip()
        try:
            claims = jws.parse(token, max_chars=65_536).claims
        except jws.JwsError as error:
            raise typer.BadParameter(str(error), param_hint="MARK_FILE") from error
        if (
            claims.get("sub") != work.settings.public_url
            or claims.get("trust_mark_type") not in mandate.KINDS
        ):
            raise typer.BadParameter("no mark of this node", param_hint="MARK_FILE")
        repository.keep_mark(work.conn, claims["trust_mark_type"], token)
        command.log(work, "administration", reason="markShown")


@marks.command("list")
def list_marks(directory: Folder) -> None:
    """Print the types of the marks that the node shows, and who gave them."""
    with command.work(directory) as work:
        for kind, token in sorted(repository.marks(work.conn).items()):
            typer.echo(f"{kind}  {jws.parse(token, max_chars=65_536).claims['iss']}")
        command.log(work, "read")


@trust.command()
def keys(directory: Folder) -> None:
    """Print the node's public keys in the federation, for whoever enrols it; hand them over safely."""
    typer.echo(strict_json.dumps(open_keys(folder.load(directory)).federation_jwks()).decode())


@trust.command()
def request(directory: Folder) -> None:
    """Print the mandate that the node asks for, for whoever gives it; they attest what is true of it."""
    settings = folder.load(directory)
    wished = {
        "nodeId": settings.node_id,
        "recipientClass": settings.recipient_class,
        "purposes": list(settings.purposes),
        "territories": list(settings.territories),
    }
    typer.echo(strict_json.dumps(wished).decode())


@trust.command("look")
def look(directory: Folder) -> None:
    """Ask the anchors now, print who is trusted and why others are not, and change nothing.

    The node itself looks every `MPEX_TRUST_SECONDS`, and takes what it finds.
    """
    settings = folder.load(directory)
    with command.reading(directory) as work:
        chosen, kept = repository.anchors(work.conn), clients.configurations(work.conn)
    with _peers(settings) as peers:
        _print(refresh.read(chosen, peers.fetch, peers.ask_status, settings.clock().now(), kept))


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
    settings = folder.load(directory)
    access = Access(purpose or settings.purposes[0], legal_basis, ("log:read",))
    with _peers(settings) as peers:
        try:
            answer = peers.ask_token(Partner({"url": entity.rstrip("/")}), access)
            said = answer.json()
        except PeerError as error:
            _refused(f"{entity}: {error}")
    if answer.status == OK:
        typer.echo(f"{entity} gives this node a token for {access.purpose}.")
        return
    fault = codelist("trustFaults").get(str(said.get("trust_fault")))
    words = [f"{entity} refuses: {said.get('error')}", str(said.get("error_description", ""))]
    _refused(". ".join(words + ([f"{fault['title']}: {fault['description']}"] if fault else [])))


@contextmanager
def _peers(settings: Settings) -> Iterator[Peers]:
    peers = Peers(
        node_id=settings.node_id,
        keys=open_keys(settings),
        clock=settings.clock(),
        sandbox=settings.sandbox,
        traces=NoTraces(),
    )
    try:
        yield peers
    finally:
        peers.close()


def _refused(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


def _print(found: Findings) -> None:
    for node_id, trusted in sorted(found.trusted.items()):
        entry = trusted.entry
        typer.echo(f"{node_id}  {entry['recipientClass']}  {entry['url']}  until {instant(trusted.until)}")
        if trusted.unmarked:
            typer.echo(f"  has no access: {told(trusted.unmarked)}")
    for entity, fault in sorted(found.faults.items()):
        typer.echo(f"{entity}  is not trusted: {told(fault)}")
