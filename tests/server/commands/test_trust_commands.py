"""Commands on trust refuse what they cannot mean: another folder, no address, no keys, no mark."""

from pathlib import Path
from typing import Any

from mpex_server.federation import marks, own
from mpex_server.setup import command

from tests.server.commands.calls import ended, reasons, refused, run

WORLD, KIND = "https://world.example", "urn:mpex:mark:no-immigration-enforcement"
TRACING, DAY = "urn:mpex:mark:tracing-mandate", 86_400


def test_a_node_does_not_act_as_an_anchor(node: Path) -> None:
    for words in (
        ("keys",),
        ("enrol", WORLD),
        ("withdraw", WORLD),
        ("accredit", KIND, WORLD),
        ("issue-mark", KIND, WORLD),
        ("revoke", KIND, WORLD),
        ("list",),
    ):
        assert "is the folder of a node" in refused("anchor", *words, "--dir", node)
    assert reasons(node) == []


def test_an_anchor_does_not_act_as_a_node(above: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text("{}")
    for words in (
        ("trust", "anchors", "add", WORLD, given),
        ("trust", "anchors", "remove", WORLD),
        ("trust", "anchors", "list"),
        ("trust", "marks", "add", given),
        ("trust", "marks", "remove", KIND),
        ("trust", "marks", "list"),
        ("trust", "keys"),
        ("trust", "request"),
        ("trust", "look"),
        ("trust", "try", WORLD),
        ("partners", "entry"),
        ("partners", "list"),
        ("clients", "list"),
        ("tasks",),
        ("release-requests", "list"),
        ("shutdown", "plan"),
    ):
        assert "is the folder of an anchor" in refused(*words, "--dir", above)
    assert reasons(above) == []


ODD = {
    "https://anchor.example/": "slash at its end",
    "https://anchor.example?": "query or fragment",
    "https://anchor.example#a": "query or fragment",
    "https://me@anchor.example": "has no user",
    "http://anchor.example": "begins with https://",
    "anchor.example": "is an address",
    "https://[::1": "is an address",
    "https://anchor.example:none": "is an address",
    "not a url": "is an address",
}


def test_what_is_no_entity_identifier_is_refused(node: Path, above: Path, tmp_path: Path) -> None:
    keys = tmp_path / "anchor.jwks"
    keys.write_text(run("anchor", "keys", "--dir", above))
    new = ("anchor", "init", "--dir", tmp_path / "new", "--url", WORLD, "--name", "new")
    made = ("init", "--dir", tmp_path / "new", "--name", "new", "--purpose", "searchLiving")
    for entity, why in ODD.items():
        for words in (
            ("trust", "anchors", "add", "--dir", node, entity, keys),
            ("trust", "try", "--dir", node, entity),
            ("partners", "move", "--dir", node, "node:any", entity),
            ("anchor", "enrol", "--dir", above, entity),
            ("anchor", "accredit", "--dir", above, KIND, entity),
            ("anchor", "issue-mark", "--dir", above, KIND, entity),
            (*new, "--superior", entity),
            (*made, "--url", entity),
        ):
            assert why in refused(*words)
    assert (reasons(node), reasons(above)) == ([], [])


def test_a_file_that_holds_no_json_object_is_refused(
    node: Path, above: Path, trial: Path, tmp_path: Path
) -> None:
    file = tmp_path / "given.json"
    mandate = (TRACING, WORLD, "--mandate", file)
    for text, why in {"[]": "no JSON object", "{": "not JSON", '{"a": 1, "a": 2}': "occurs twice"}.items():
        file.write_text(text)
        for words in (
            ("trust", "anchors", "add", "--dir", node, WORLD, file),
            ("anchor", "issue-mark", "--dir", above, *mandate),
            ("partners", "add", "--dir", trial, file),
        ):
            assert why in refused(*words)
    assert "none.json: No such file" in ended("partners", "add", "--dir", trial, tmp_path / "none.json")


def test_a_setting_that_is_refused_is_named_and_not_repeated(tmp_path: Path) -> None:
    new = ("init", "--dir", tmp_path, "--name", "Node", "--purpose", "searchLiving", "--url")
    said = ended(*new, "http://localhost")
    assert said == "MPEX_PUBLIC_URL must not be a loopback address outside a sandbox\n"
    barred = (*new, "https://node.example", "--recipient-class", "immigrationAuthority")
    assert ended(*barred) == "MPEX_RECIPIENT_CLASS must be a class that may be a partner (TRUST-031)\n"
    settings = tmp_path / "settings.env"
    settings.write_text("MPEX_SUPERIORS='[\"https://above.example/\"]'\nMPEX_THREADS='many'\n")
    said = ended("check", "--dir", tmp_path)
    assert "MPEX_SUPERIORS: an entity identifier has no slash at its end" in said
    assert "MPEX_THREADS: Input should be a valid integer" in said
    assert "many" not in said


def mark(node: Path, typ: str = marks.TYP, days: int = 90, **claims: Any) -> str:
    """Return a mark for a node that whoever calls itself the issuer has signed."""
    with command.work(node) as work:
        issued = int(work.now().timestamp())
        said = {"iss": WORLD, "sub": work.settings.public_url, "trust_mark_type": KIND, "jti": "mark:a"}
        term = {"iat": issued, "exp": issued + days * DAY}
        return own.signed(work.keys, typ, said | term | claims)


OTHERS = {"nodeId": f"node:{'a' * 26}", "recipientClass": "humanitarian", "purposes": ["searchLiving"]}
OF_ANOTHER = {
    "sha256": "0" * 64,
    "nodeId": f"node:{'a' * 26}",
    "environment": "sandbox",
    "conformanceClass": "exchange",
    "specVersion": "1.0-draft",
    "suiteVersion": "1.0.0",
    "finishedAt": "2026-11-21T10:00:00Z",
}
UNSOUND: list[tuple[dict[str, Any], str]] = [
    ({"typ": "entity-statement+jwt"}, "typ is trust-mark+jwt"),
    ({"iss": None}, "trust_mark_type, iss and jti"),
    ({"jti": 5}, "trust_mark_type, iss and jti"),
    ({"trust_mark_type": "urn:another"}, "trust_mark_type is none of urn:mpex"),
    ({"sub": WORLD}, "the mark is of another entity"),
    ({"days": 367}, "more than 366 days"),
    ({"days": -1}, "exp is past"),
    ({"exp": "never"}, "exp is a number"),
    ({"iat": 2**33 - 1}, "iat is in the future"),
    ({"trust_mark_type": TRACING}, "tracing-mandate: "),
    ({"trust_mark_type": "urn:mpex:mark:conformance"}, "attested-report: "),
    ({"trust_mark_type": TRACING, "mandate": OTHERS}, "for another node"),
    ({"trust_mark_type": "urn:mpex:mark:conformance", "report": OF_ANOTHER}, "the report is on another node"),
]


def test_a_mark_that_is_not_sound_takes_the_place_of_none(node: Path, tmp_path: Path) -> None:
    shown = tmp_path / "mark.jwt"
    shown.write_text(mark(node))
    add = ("trust", "marks", "add", "--dir", node, shown)
    assert "Nobody was asked about it: no anchor is chosen yet." in run(*add)
    before = run("trust", "marks", "list", "--dir", node)
    for claims, why in UNSOUND:
        shown.write_text(mark(node, **claims))
        assert why in ended(*add)
    for text in ("no token", "\u00e4.\u00e4.\u00e4"):
        shown.write_text(text, "utf-8")
        assert "Not readable" in ended(*add)
    assert run("trust", "marks", "list", "--dir", node) == before


def test_a_mark_can_be_shown_no_more(node: Path, tmp_path: Path) -> None:
    shown = tmp_path / "mark.jwt"
    shown.write_text(mark(node))
    run("trust", "marks", "add", "--dir", node, shown)
    remove = ("trust", "marks", "remove", "--dir", node, KIND)
    assert "would be shown no more" in run(*remove, "--dry-run")
    assert KIND in run("trust", "marks", "list", "--dir", node)
    assert "is shown no more" in run(*remove)
    assert run("trust", "marks", "list", "--dir", node) == ""
    assert "shows none of this type" in refused(*remove)
    assert reasons(node) == ["markShown", "markRemoved"]
