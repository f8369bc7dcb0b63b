"""Command line of mpex-server: make a node, run it, and keep its clients and partners."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mpex_server.anchor.cli import anchor
from mpex_server.cli_partners import partners
from mpex_server.custody.cli import shutdown
from mpex_server.disclosures.work import Work
from mpex_server.federation.cli import trust
from mpex_server.keys.material import new_signing_jwk, public_jwk
from mpex_server.kit import strict_json
from mpex_server.kit.clock import instant
from mpex_server.kit.ids import new_id
from mpex_server.oauth import clients as registered
from mpex_server.oauth.access import ROLE_ACTIONS
from mpex_server.release_requests.cli import release_requests
from mpex_server.setup import command, folder, sandbox, serve
from mpex_server.setup.command import DryRun, Folder
from mpex_server.setup.given import identifier
from mpex_server.setup.refused import Commands
from mpex_server.storage.engine import used
from mpex_server.storage.schema import prepare, upgrade
from mpex_server.tasks.cli import tasks
from mpex_server.upkeep.cli import backup, check, new_key, rekey, restore
from mpex_server.upkeep.cli_keys import keys

app = typer.Typer(cls=Commands, no_args_is_help=True, help=__doc__, pretty_exceptions_show_locals=False)
db = typer.Typer(no_args_is_help=True, help="Keep the database.")
clients = typer.Typer(no_args_is_help=True, help="Keep the node's own clients.")
app.add_typer(db, name="db")
app.add_typer(clients, name="clients")
app.add_typer(partners, name="partners")
app.add_typer(keys, name="keys")
app.add_typer(trust, name="trust")
app.add_typer(anchor, name="anchor")
app.add_typer(release_requests, name="release-requests")
app.add_typer(shutdown, name="shutdown")
app.command("tasks")(tasks)
for verb in (check, backup, restore, rekey, new_key):
    app.command()(verb)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Database = Annotated[str | None, typer.Option(help="SQLAlchemy address; by default SQLite in the folder.")]
RecipientClass = Annotated[str, typer.Option(help="Class of the node as a recipient.")]
Territories = Annotated[list[str] | None, typer.Option("--territory", help="ISO 3166-1 code; repeatable.")]
Superior = Annotated[
    list[str] | None,
    typer.Option(
        parser=identifier, metavar="ENTITY", help="Anchor or intermediate that vouches for it; repeatable."
    ),
]
_out = Console(soft_wrap=True, highlight=False)


@app.command("sandbox")
def run_sandbox(
    directory: Folder,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
    host: Host = "127.0.0.1",
    name: Annotated[str, typer.Option(help="Name of the node.")] = "Sandbox node",
    recipient_class: RecipientClass = "humanitarian",
    territory: Territories = None,
    purpose: Annotated[
        list[str] | None,
        typer.Option("--purpose", help="Purpose of the mandate; repeatable, by default all."),
    ] = None,
    superior: Superior = None,
    database_url: Database = None,
    partner_one_url: Annotated[
        str | None, typer.Option(help="Where partner one receives; by default on the next port.")
    ] = None,
    partner_two_url: Annotated[
        str | None, typer.Option(help="Where partner two receives; by default on the port after that.")
    ] = None,
    anchor_url: Annotated[
        str | None,
        typer.Option(
            help="Where the conformance suite vouches for nodes; by default on the port after those."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Server processes.")] = 1,
) -> None:
    """Run a node with invented people only; makes it, its clients and two partners on first use."""
    sock = serve.bind(host, port, anywhere=True)
    bound = sock.getsockname()[1]
    settings = sandbox.prepare(
        directory,
        url=f"http://{host}:{bound}",
        partner_urls={
            "one": partner_one_url or f"http://127.0.0.1:{bound + 1}",
            "two": partner_two_url or f"http://127.0.0.1:{bound + 2}",
        },
        # One that has superiors of its own is looked at by its own anchors only.
        anchor_url=anchor_url or (None if superior else f"http://127.0.0.1:{bound + 3}"),
        name=name,
        recipient_class=recipient_class,
        territories=tuple(territory or ()),
        purposes=tuple(purpose or ()),
        superiors=tuple(superior or ()),
        database_url=database_url,
    )
    _out.print(f"MPEX sandbox node  {settings.public_url}")
    _out.print(f"Interface          {settings.public_url}/docs")
    _out.print(f"Profile            {directory / sandbox.PROFILE}")
    serve.run(settings, sock, workers=workers)


@app.command()
def init(
    directory: Folder,
    url: Annotated[
        str, typer.Option(parser=identifier, metavar="ENTITY", help="Public address of the node.")
    ],
    name: Annotated[str, typer.Option(help="Name of the node.")],
    purpose: Annotated[list[str], typer.Option("--purpose", help="Purpose of the mandate; repeatable.")],
    recipient_class: RecipientClass = "humanitarian",
    territory: Territories = None,
    superior: Superior = None,
    database_url: Database = None,
) -> None:
    """Make a production node: folder, keys, settings, schema. `mpex-server serve` runs it.

    The keys go to the folder `keys`; with MPEX_KEYS=pkcs11, MPEX_PKCS11_MODULE,
    MPEX_PKCS11_TOKEN and MPEX_PKCS11_PIN_FILE in the environment they go to a
    hardware token, and MPEX_KEYS=environment takes them from variables.
    """
    settings = folder.create(
        directory,
        environment="production",
        public_url=url,
        name=name,
        recipient_class=recipient_class,
        territories=tuple(territory or ()),
        purposes=tuple(purpose),
        superiors=tuple(superior or ()),
        database_url=database_url,
    )
    _out.print(f"Node {settings.node_id} is ready; start it with: mpex-server serve --dir {directory}")


@app.command("serve")
def run_server(
    directory: Folder,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8443,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes.")] = 1,
    tls_in_front: Annotated[
        bool,
        typer.Option("--tls-in-front", help="Only a proxy that ends TLS reaches --host, from elsewhere."),
    ] = False,
) -> None:
    """Run a node or an anchor behind a proxy that ends TLS; it speaks plain HTTP with that."""
    settings = folder.load(directory)
    command.stand_on_floor(settings)
    sock = serve.bind(host, port, anywhere=settings.sandbox or tls_in_front)
    serve.run(settings, sock, workers=workers)


@db.command("upgrade")
def upgrade_database(directory: Folder) -> None:
    """Bring the database to the newest schema."""
    settings = folder.load(directory)
    with used(settings.database_url, settings.node_id) as engine:
        upgrade(engine)
    _out.print("The database has the newest schema.")


@db.command("prepare")
def prepare_database(
    owner_url: Annotated[str, typer.Option(help="SQLAlchemy address, as the owner of the tables.")],
    application: Annotated[str, typer.Option(help="Role under which nodes use the database.")],
) -> None:
    """Make or upgrade the tables of a PostgreSQL database, and lay the floor below its nodes.

    The owner runs it before the first node is made, with each new version, and for each further role.
    """
    if not owner_url.startswith("postgresql+psycopg://"):
        raise typer.BadParameter("is no address `postgresql+psycopg://…`", param_hint="--owner-url")
    with used(owner_url, "") as engine:
        prepare(engine, application)
    _out.print(f"The database has the newest schema, and {application} may use it.")


@clients.command("add")
def add_client(
    directory: Folder,
    role: Annotated[list[str], typer.Option("--role", help=f"One of {', '.join(ROLE_ACTIONS)}; repeatable.")],
    key_file: Annotated[Path, typer.Option(help="New file for the client's private key.")],
    same_person: Annotated[
        str | None,
        typer.Option(help="First client of the person, who counts once where two persons decide."),
    ] = None,
) -> None:
    """Register a client of the node; its private key is written once and not kept here."""
    if unknown := set(role) - ROLE_ACTIONS.keys():
        raise typer.BadParameter(
            f"unknown role; known are {', '.join(ROLE_ACTIONS)}", param_hint=str(unknown)
        )
    client_id, key = new_id("client"), new_signing_jwk()
    with command.work(directory) as work:
        person = None if same_person is None else _person(work, same_person)
        with key_file.open("xb") as file:
            key_file.chmod(0o600)
            file.write(strict_json.dumps(key))
        jwks, at = {"keys": [public_jwk(key)]}, instant(work.now())
        registered.register_staff(work.conn, client_id, roles=tuple(role), jwks=jwks, at=at, person=person)
        command.log(work, "administration", reason="clientAdded")
    _out.print(f"Client {client_id}")


@clients.command("list")
def list_clients(directory: Folder) -> None:
    """Print the clients of the node with their roles; one that was ended says so."""
    with command.work(directory) as work:
        for client_id, roles, status in registered.staff(work.conn):
            typer.echo(f"{client_id}  {roles}" + ("" if status == registered.ACTIVE else f"  {status}"))
        command.log(work, "read")


@clients.command("end")
def end_client(directory: Folder, client_id: str, dry_run: DryRun = False) -> None:
    """End the access of a client at once, for somebody who leaves or a key that was lost."""
    with command.work(directory, dry_run=dry_run) as work:
        if not registered.end_staff(work.conn, client_id, at=instant(work.now())):
            raise typer.BadParameter("no client of this node", param_hint="CLIENT_ID")
        command.log(work, "administration", reason="clientEnded")
    typer.echo(f"{client_id} {command.is_now(dry_run)} without access.")


def _person(work: Work, client_id: str) -> str:
    person = registered.person_of(work.conn, client_id)
    if person is None:
        raise typer.BadParameter("no client of this node", param_hint="--same-person")
    return person
