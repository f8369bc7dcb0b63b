"""Commands on trust refuse what they cannot mean: another folder, no address, no keys, no mark."""

from pathlib import Path

import pytest

from tests.server.commands.calls import ended, reasons, refused, run

WORLD, KIND = "https://world.example", "urn:mpex:mark:no-immigration-enforcement"


@pytest.mark.parametrize(
    "words",
    [
        ("keys",),
        ("enrol", WORLD),
        ("withdraw", WORLD),
        ("accredit", KIND, WORLD),
        ("issue-mark", KIND, WORLD),
        ("revoke", KIND, WORLD),
        ("list",),
    ],
)
def test_a_node_does_not_act_as_an_anchor(node: Path, words: tuple[str, ...]) -> None:
    assert "is the folder of a node" in refused("anchor", *words, "--dir", node)
    assert reasons(node) == []


@pytest.mark.parametrize(
    "words",
    [
        ("trust", "anchors", "add", WORLD, "GIVEN"),
        ("trust", "anchors", "remove", WORLD),
        ("trust", "anchors", "list"),
        ("trust", "marks", "add", "GIVEN"),
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
    ],
)
def test_an_anchor_does_not_act_as_a_node(above: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text("{}")
    command = (given if word == "GIVEN" else word for word in words)
    assert "is the folder of an anchor" in refused(*command, "--dir", above)
    assert reasons(above) == []


@pytest.mark.parametrize(
    ("entity", "why"),
    [
        ("https://anchor.example/", "slash at its end"),
        ("https://anchor.example?", "query or fragment"),
        ("https://anchor.example#a", "query or fragment"),
        ("https://me@anchor.example", "has no user"),
        ("http://anchor.example", "begins with https://"),
        ("anchor.example", "is an address"),
        ("https://[::1", "is an address"),
        ("https://anchor.example:none", "is an address"),
        ("not a url", "is an address"),
    ],
)
def test_what_is_no_entity_identifier_is_refused(
    node: Path, above: Path, tmp_path: Path, entity: str, why: str
) -> None:
    keys = tmp_path / "anchor.jwks"
    keys.write_text(run("anchor", "keys", "--dir", above))
    for words in (
        ("trust", "anchors", "add", "--dir", node, entity, keys),
        ("trust", "try", "--dir", node, entity),
        ("anchor", "enrol", "--dir", above, entity),
        ("anchor", "accredit", "--dir", above, KIND, entity),
        ("anchor", "issue-mark", "--dir", above, KIND, entity),
        ("anchor", "init", "--dir", tmp_path / "new", "--url", WORLD, "--name", "new", "--superior", entity),
    ):
        assert why in refused(*words)
    assert (reasons(node), reasons(above)) == ([], [])


@pytest.mark.parametrize(
    ("text", "why"), [("[]", "no JSON object"), ("{", "is not JSON"), ('{"a": 1, "a": 2}', "occurs twice")]
)
def test_a_file_that_holds_no_json_object_is_refused(
    node: Path, above: Path, trial: Path, tmp_path: Path, text: str, why: str
) -> None:
    file = tmp_path / "given.json"
    file.write_text(text)
    mandate = ("urn:mpex:mark:tracing-mandate", WORLD, "--mandate", file)
    for words in (
        ("trust", "anchors", "add", "--dir", node, WORLD, file),
        ("anchor", "issue-mark", "--dir", above, *mandate),
        ("partners", "add", "--dir", trial, file),
    ):
        assert why in refused(*words)
    assert "none.json: No such file" in ended("partners", "add", "--dir", trial, tmp_path / "none.json")


def test_a_setting_that_is_refused_is_named_and_not_repeated(tmp_path: Path) -> None:
    new = ("init", "--dir", tmp_path, "--name", "Node", "--purpose", "searchLiving", "--url")
    said = ended(*new, "ftp://node.example")
    assert said == "MPEX_PUBLIC_URL must be an http(s) address without query and fragment\n"
    settings = tmp_path / "settings.env"
    settings.write_text("MPEX_SUPERIORS='[\"https://above.example/\"]'\nMPEX_THREADS='many'\n")
    said = ended("check", "--dir", tmp_path)
    assert "MPEX_SUPERIORS: an entity identifier has no slash at its end" in said
    assert "MPEX_THREADS: Input should be a valid integer" in said
    assert "many" not in said
