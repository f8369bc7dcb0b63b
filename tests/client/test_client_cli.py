"""The command line against a node in memory: what it prints, and with which code it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from mpex_client import Identity, SigningKey
from mpex_client.cli import app
from mpex_client.testing import FakeNode
from typer.testing import CliRunner, Result

from tests.client.conftest import PLANTED

Mpex = Callable[..., Result]


@pytest.fixture
def node() -> FakeNode:
    """A node in memory that goes by the machine's clock, as the command line does."""
    return FakeNode()


def write_profile(folder: Path, node: FakeNode, identity: Identity) -> Path:
    path = folder / "profile.toml"
    path.write_text(
        f"default = 'registrar'\n[node]\nurl = '{node.url}'\nnode_id = '{node.node_id}'\n"
        f"environment = 'sandbox'\n[identity.registrar]\nclient_id = '{identity.client_id}'\n"
        f"key = '{identity.key.private_text()}'\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def mpex(node: FakeNode, tmp_path: Path) -> Mpex:
    profile = write_profile(tmp_path, node, node.identity())

    def run(*arguments: str, transport: httpx2.BaseTransport = node.transport, text: str = "") -> Result:
        return CliRunner().invoke(app, ["--profile", str(profile), *arguments], obj=transport, input=text)

    return run


def unreachable(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("no route", request=request)


DOWN = httpx2.MockTransport(unreachable)


def test_profiles_shows_the_node_and_no_key(mpex: Mpex, node: FakeNode) -> None:
    result = mpex("profiles")
    client_id = json.loads(mpex("--json", "profiles").stdout)["identities"]["registrar"]
    assert result.stdout == f"{node.url}  {node.node_id}  sandbox\n* registrar  {client_id}\n"
    assert '"d"' not in result.stdout


def test_a_person_is_registered_from_a_file_or_from_standard_input(
    mpex: Mpex, node: FakeNode, person: dict[str, object], tmp_path: Path
) -> None:
    (tmp_path / "person.json").write_text(json.dumps(person), encoding="utf-8")
    first = mpex("register", "person", str(tmp_path / "person.json"))
    second = mpex("register", "person", "-", text=json.dumps(person))
    assert first.exit_code == second.exit_code == 0
    identifiers = list(node.documents.held)
    assert first.stdout == f"Stored {identifiers[0]}, version 1.\n"
    assert second.stdout == f"Stored {identifiers[1]}, version 1.\n"


def test_json_output_is_the_whole_answer(mpex: Mpex, person: dict[str, object]) -> None:
    result = mpex("--json", "register", "person", "-", text=json.dumps(person))
    assert json.loads(result.stdout)["contributions"] == person["contributions"]


def test_a_refused_document_names_the_place_and_not_the_value(mpex: Mpex, person: dict[str, object]) -> None:
    result = mpex("register", "person", "-", text=json.dumps({**person, "type": PLANTED}))
    assert result.exit_code == 1
    assert result.stderr == (
        "mpex: The body does not follow the schema (422 schemaViolation)\n"
        "  /type: The keyword `enum` is not fulfilled.\n"
        "  Correct each place that `errors` names.\n"
    )


def test_errors_are_json_too_when_asked_for(mpex: Mpex) -> None:
    result = mpex("--json", "withdraw", "directive:" + "a" * 26)
    assert json.loads(result.stderr) == {
        "error": "Not found (404 notFound)",
        "advice": ["Check the identifier and the address."],
        "exitCode": 1,
    }


@pytest.mark.parametrize("text", ["", "not json", "[1]", '"x"'])
def test_what_is_no_document_is_wrong_use(mpex: Mpex, node: FakeNode, text: str) -> None:
    result = mpex("register", "person", "-", text=text)
    assert result.exit_code == 2
    assert result.stderr.startswith("mpex: standard input ")
    assert not any(seen.operation == "createPerson" for seen in node.requests)


def test_a_missing_file_or_profile_or_identity_is_wrong_use(mpex: Mpex, tmp_path: Path) -> None:
    for arguments in (
        ("register", "person", str(tmp_path / "absent.json")),
        ("--as", "nobody", "tasks"),
        ("--profile", str(tmp_path / "absent.toml"), "tasks"),
        ("--purpose", "searchLiving", "tasks"),
        ("unheardOf",),
    ):
        assert mpex(*arguments).exit_code == 2, arguments


def test_an_unknown_identity_is_answered_with_those_that_exist(mpex: Mpex) -> None:
    assert (
        mpex("--as", "nobody", "tasks").stderr
        == "mpex: the profile has no identity 'nobody'; it has: registrar\n"
    )


def test_a_node_out_of_reach_is_told_apart(mpex: Mpex) -> None:
    result = mpex("tasks", transport=DOWN)
    assert result.exit_code == 4
    assert result.stderr == (
        "mpex: the node cannot be reached\n"
        "  Check that the node runs at the address in the profile; `mpex doctor` tells more.\n"
    )


def test_a_refused_token_says_what_to_do(node: FakeNode, tmp_path: Path) -> None:
    stranger = Identity(node.url, "client:stranger", SigningKey.generate())
    profile = write_profile(tmp_path, node, stranger)
    result = CliRunner().invoke(app, ["--profile", str(profile), "tasks"], obj=node.transport)
    assert result.exit_code == 1
    assert "invalid_client" in result.stderr
    assert "mpex doctor" in result.stderr


def test_doctor_is_content_with_a_healthy_node(mpex: Mpex) -> None:
    result = mpex("doctor")
    assert result.exit_code == 0
    assert result.stdout == (
        "ok  node: A node in memory answers at https://node.example;"
        " a node for tests, with invented people only\n"
        "ok  clock: the node does not tell its time, so the clocks were not compared\n"
        "ok  access: as registrar: a token was issued and accepted for this purpose\n"
    )


def test_doctor_explains_a_node_out_of_reach(mpex: Mpex) -> None:
    result = mpex("doctor", transport=DOWN)
    assert result.exit_code == 4
    assert result.stdout.startswith(
        "NO  node: the node cannot be reached.\n      the operator of your node: Check that"
    )


def test_doctor_explains_a_wrong_clock(mpex: Mpex, node: FakeNode) -> None:
    def slow(request: httpx2.Request) -> httpx2.Response:
        response = node.transport.handle_request(request)
        response.headers["Date"] = "Wed, 21 Oct 2015 07:28:00 GMT"
        return response

    result = mpex("doctor", transport=httpx2.MockTransport(slow))
    assert result.exit_code == 1
    assert "NO  clock: this machine is " in result.stdout
    assert "seconds ahead of the node" in result.stdout


def test_doctor_explains_a_refused_token(mpex: Mpex, node: FakeNode) -> None:
    node.tokens.forget()
    result = mpex("doctor")
    assert result.exit_code == 1
    assert "NO  access: as registrar: the token endpoint refused: invalid_client" in result.stdout


def partner_profile(folder: Path, node: FakeNode) -> str:
    """Write a profile with a partner, which names no anchors, and return its path."""
    partner = node.identity("node")
    profile = write_profile(folder, node, node.identity())
    with profile.open("a", encoding="utf-8") as file:
        file.write(
            f"[partner.one]\nclient_id = '{partner.client_id}'\nkey = '{partner.key.private_text()}'\n"
        )
    return str(profile)


def test_a_partner_without_anchors_is_told_what_it_lacks(node: FakeNode, tmp_path: Path) -> None:
    asked = ["--profile", partner_profile(tmp_path, node), "--as", "partner.one", "log", "verify"]
    result = CliRunner().invoke(app, asked, obj=node.transport)
    assert (result.exit_code, "[anchors] in the profile" in result.stderr) == (2, True)
    assert node.requests == []


@pytest.mark.parametrize("signed", [True, False])
def test_doctor_explains_to_a_partner_why_it_is_refused(node: FakeNode, tmp_path: Path, signed: bool) -> None:
    profile = partner_profile(tmp_path, node)

    def careless(request: httpx2.Request) -> httpx2.Response:
        if not signed:
            request.headers.pop("signature", None)
        return node.transport.handle_request(request)

    asked = ["--profile", profile, "--as", "partner.one", "doctor"]
    result = CliRunner().invoke(app, asked, obj=httpx2.MockTransport(careless))
    assert result.exit_code == (0 if signed else 1)
    well, refused = "ok  access: as partner.one", "NO  access: as partner.one: 401 signatureMissing"
    assert (well if signed else refused) in result.stdout


def test_the_outbox_keeps_and_flushes(
    mpex: Mpex, node: FakeNode, tmp_path: Path, person: dict[str, object]
) -> None:
    outbox = str(tmp_path / "out.db")
    kept = mpex("register", "person", "-", "--outbox", outbox, text=json.dumps(person), transport=DOWN)
    assert kept.exit_code == 0
    identifier = kept.stdout.split()[1]
    assert kept.stdout == f"Kept {identifier} until `mpex outbox flush`.\n"
    assert "createPerson  pending  until" in mpex("outbox", "list", outbox).stdout
    down = mpex("outbox", "flush", outbox, transport=DOWN)
    assert (down.exit_code, down.stdout) == (4, "0 sent, 0 refused or expired, 1 waiting.\n")
    up = mpex("outbox", "flush", outbox)
    assert (up.exit_code, up.stdout) == (0, "1 sent, 0 refused or expired, 0 waiting.\n")
    assert list(node.documents.held) == [identifier]
    assert mpex("outbox", "list", outbox).stdout == "The outbox is empty.\n"


def test_a_refused_entry_of_the_outbox_is_told_and_can_be_dropped(mpex: Mpex, tmp_path: Path) -> None:
    outbox = str(tmp_path / "out.db")
    mpex("register", "directive", "-", "--outbox", outbox, text="{}")
    assert mpex("outbox", "flush", outbox).exit_code == 1
    [entry] = json.loads(mpex("--json", "outbox", "list", outbox).stdout)
    assert (entry["state"], entry["reason"]) == ("dead", "schemaViolation")
    assert mpex("outbox", "drop", outbox, entry["id"]).exit_code == 0
    assert mpex("outbox", "list", outbox).stdout == "The outbox is empty.\n"


def test_the_log_is_verified_and_compared_with_what_was_seen(
    mpex: Mpex, node: FakeNode, tmp_path: Path
) -> None:
    keep = str(tmp_path / "checkpoint")
    assert mpex("log", "verify", "--keep", keep).stdout == (
        "The log of node.example holds: 1 entries, signed; kept as the first checkpoint seen.\n"
    )
    assert "; it contains the 1 entries seen before." in mpex("log", "verify", "--keep", keep).stdout
    node.log.entries[0]["actor"] = "client:altered"
    forged = mpex("log", "verify", "--keep", keep)
    assert forged.exit_code == 1
    assert "the newer log does not contain the older one" in forged.stderr


def test_exports_are_csv_or_a_document_a_line_and_run_no_formula(mpex: Mpex, node: FakeNode) -> None:
    with node.client(purpose="statistics", legal_basis="publicInterest") as client:
        made = client.incidents.create(
            {
                "type": "incident",
                "counts": {"dead": -1},
                "place": {"name": "=cmd()"},
                "causes": ["drowning", "x"],
            }
        )
    lines = mpex("export", "incidents").stdout.splitlines()
    assert lines[0].startswith("incidentId,type,source.system")
    assert lines[1].startswith(f"{made['incidentId']},incident,,,,'=cmd(),,,drowning;x,-1,")
    exported = mpex("export", "incidents", "--format", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in exported] == [made]


def test_an_import_with_rejected_rows_ends_with_its_own_code(mpex: Mpex, tmp_path: Path) -> None:
    from tests.client.test_client_import_mmp import COLUMNS

    directive = tmp_path / "d.json"
    directive.write_text(
        json.dumps(
            {
                "legalBasis": "publicInterest",
                "dataSubject": "incident",
                "givenBy": {"authority": "institution"},
                "givenAt": "2026-01-01T00:00:00Z",
                "method": "institutional",
                "grants": [],
            }
        )
    )
    good, bad = ["NA"] * len(COLUMNS), ["NA"] * len(COLUMNS)
    good[COLUMNS.index("Incident ID")] = "1"
    header = ",".join(f'"{name}"' for name in COLUMNS)
    path = tmp_path / "f.csv"
    path.write_text("\n".join([header, ",".join(good), ",".join(bad)]) + "\n")
    result = mpex(
        "import", "mmp", str(path), "--directive", str(directive), "--report", str(tmp_path / "r.json")
    )
    assert result.exit_code == 3
    assert result.stdout.splitlines()[0] == "2 rows: 0 accepted, 1 warned, 1 rejected"
    assert json.loads((tmp_path / "r.json").read_text())["rows"][1]["errors"]


def test_help_lists_every_command_and_the_exit_codes() -> None:
    text = CliRunner().invoke(app, ["--help"]).stdout
    for word in (
        "register",
        "search",
        "partner-search",
        "release-requests",
        "directives",
        "withdraw",
        "import",
        "export",
        "tasks",
        "access-report",
        "log",
        "outbox",
        "doctor",
        "profiles",
        "Exit codes",
    ):
        assert word in text
