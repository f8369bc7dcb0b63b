"""Sequence diagrams: what a source may say, and what is drawn of it."""

from xml.parsers import expat

import pytest

from tools.generators.sequences import drawn, generate, read

SOURCE = """title: An exchange
about: One asks and the other answers.
a = Asker
b = Holder
== a question
a -> b: POST /v1/searches for <somebody> (SRCH-001)
b -> b: looks
b --> a: noHit
"""


def test_a_diagram_is_drawn_and_told() -> None:
    drawing = drawn(read(SOURCE))
    expat.ParserCreate().Parse(drawing, True)
    assert '<title id="title">An exchange</title>' in drawing
    assert (
        '<desc id="about">One asks and the other answers. a question.'
        " Asker to Holder: POST /v1/searches for &lt;somebody&gt; (SRCH-001)."
        " Holder: looks. Holder to Asker: noHit.</desc>"
    ) in drawing
    assert drawing.count('<line class="answer"') == 1
    for word in ("Asker", "Holder", "a question", "looks", "noHit"):
        assert f">{word}</text>" in drawing


@pytest.mark.parametrize(
    ("told", "instead", "wrong"),
    [
        ("POST /v1/searches", "POST /v1/guesses", "no operation POST /v1/guesses"),
        ("SRCH-001", "SRCH-999", "no requirement is SRCH-999"),
        ("b --> a: noHit", "b --> c: noHit", "no line of a sequence"),
    ],
)
def test_a_source_says_only_what_there_is(told: str, instead: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read(SOURCE.replace(told, instead))


def test_the_main_exchanges_are_drawn() -> None:
    assert {path.rpartition("/")[2] for path in generate()} == {
        "recall.svg",
        "release.svg",
        "token.svg",
        "trust.svg",
    }
