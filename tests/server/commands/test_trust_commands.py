"""Commands on trust refuse what they cannot mean: another folder, no address, no keys, no mark."""

from pathlib import Path

import pytest

from tests.server.commands.calls import reasons, refused

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
        ("trust", "anchors", "add", WORLD, "no.jwks"),
        ("trust", "anchors", "remove", WORLD),
        ("trust", "anchors", "list"),
        ("trust", "marks", "add", "no.jwt"),
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
def test_an_anchor_does_not_act_as_a_node(above: Path, words: tuple[str, ...]) -> None:
    assert "is the folder of an anchor" in refused(*words, "--dir", above)
    assert reasons(above) == []
