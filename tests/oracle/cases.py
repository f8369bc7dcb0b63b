"""Cases of consent decisions, drawn where texts are easily misread: at bounds, ranks and overlaps."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from mpex_spec import codelist

Json = dict[str, Any]
_INSTANTS = [f"2026-11-{day}T10:00:00Z" for day in (19, 20, 21, 22)]
_DAYS = ["2010-01-01", "2010-01-01", *(instant[:10] for instant in _INSTANTS)]
_CONTRIBUTIONS = [f"contribution:{name * 26}" for name in "abc"]
_DIRECTIVES = [f"directive:{name * 26}" for name in "abcde"]
_NODES = [f"node:{name * 26}" for name in "ab"]
_PURPOSES = (
    "searchLiving",
    "identifyDeceased",
    "criminalInvestigation",
    "protectLife",
    "statistics",
    "commercial",
    "curiosity",
)
_CLASSES = ("humanitarian", "forensic", "health", "rescue", "consular", "police")
_COUNTRIES = ("ER", "NO", "CH")
_TEXTS = ("Ministry of the  Interior", "ministry of the interior", "Unit 7", "tracing", "border")
_SETS = ("existence", "identity", "forensic", "contact")
_CATEGORIES = ("existence", "names", "birth", "identity", "contact", "informant", "medical", "shoeSize")


class _Odds(Random):
    """Draws in which what is out of the ordinary happens more or less often."""

    def odd(self, chance: float) -> bool:
        """Tell whether something that has a chance in an unquiet case happens in this one."""
        return self.random() < chance * self.unrest

    unrest = 1.0


def case(seed: int) -> Json:
    """Return one case without its outcomes; one seed gives one case. Every second case is quiet."""
    draw = _Odds(seed)
    draw.unrest = (0.15, 1.0)[seed % 2]
    return _case(draw)


def _case(draw: _Odds) -> Json:
    directives = [_directive(draw, name) for name in _DIRECTIVES[: draw.randint(1, 4)]]
    draw.shuffle(directives)
    named = [item["directiveId"] for item in directives]
    given = draw.sample(_CONTRIBUTIONS, draw.randint(1, 3))
    return {
        "query": {
            "requester": _requester(draw),
            "purpose": _often(draw, _PURPOSES),
            "categories": sorted(draw.sample(_CATEGORIES, draw.randint(1, 4))),
            "at": _INSTANTS[2],
            "living": draw.random() < 0.5,
            "ofAgeOn": draw.choice([None, *_DAYS]),
            "countries": draw.choice([[], ["ER"], ["ER", "NO"]]),
            "contributions": {
                name: None if draw.odd(0.2) else draw.choice([*named, named[0]]) for name in given
            },
        },
        "directives": directives,
    }


def reduced(found: Json, fails: Callable[[Json], bool]) -> Json:
    """Return the smallest case near a failing one that still fails."""
    for smaller in _smaller(found):
        if _sound(smaller) and fails(smaller):
            return reduced(smaller, fails)
    return found


def _requester(draw: _Odds) -> Json:
    requester: Json = {
        "nodeId": _NODES[0],
        "recipientClass": _often(draw, _CLASSES),
        "territories": draw.choice([[], ["CH"], ["CH", "NO"]]),
        "purposes": ["statistics"] if draw.odd(0.1) else list(_PURPOSES),
    }
    if draw.odd(0.3):
        requester["nationalAuthorityOf"] = draw.choice(_COUNTRIES)
    if draw.random() < 0.3:
        requester |= {"parentMinistry": _TEXTS[0], "unit": _TEXTS[2], "mandates": list(_TEXTS[3:])}
    return requester


def _directive(draw: _Odds, name: str) -> Json:
    given_by: Json = {"authority": draw.choice([*codelist("authorities"), "enquirer", "self"])}
    if draw.odd(0.15):
        given_by["validUntil"] = draw.choice(_INSTANTS)
    if draw.odd(0.15):
        given_by["scope"] = _scope(draw)
    made: Json = {
        "directiveId": name,
        "legalBasis": "consent",
        "dataSubject": _often(draw, tuple(codelist("dataSubjects"))),
        "givenBy": given_by,
        "givenAt": draw.choice(_INSTANTS),
        "method": "oral",
        "grants": [_grant(draw) for _ in range(draw.choice([0, 1, 1, 2, 3]))],
    }
    if draw.odd(0.15):
        made["doNotShareWith"] = [_exclusion(draw) for _ in range(draw.randint(1, 2))]
    if draw.odd(0.15):
        made["withdrawals"] = [_withdrawal(draw)]
    if draw.odd(0.2):
        made["frozenAt"] = draw.choice(_INSTANTS)
        if draw.random() < 0.7:
            made["succeededBy"] = draw.choice(_DIRECTIVES)
    return made


def _scope(draw: _Odds) -> Json:
    scope = {"purposes": [draw.choice(_PURPOSES[:2])], "categories": draw.sample(_CATEGORIES[:-1], 3)}
    return {name: scope[name] for name in draw.choice((["purposes"], ["categories"], list(scope)))}


def _grant(draw: _Odds) -> Json:
    deny = draw.odd(0.3)
    purposes = sorted({draw.choice(_PURPOSES), *(_PURPOSES[:1] if draw.random() < 0.7 else ())})
    grant: Json = {"effect": "deny" if deny else "permit", "purposes": purposes}
    if draw.random() < (0.3 if deny else 0.85):
        grant["releaseSets"] = draw.sample(_SETS, draw.randint(0, 3))
    if draw.random() < 0.3:
        grant["categories"] = draw.sample(_CATEGORIES[:-1], draw.randint(0, 3))
    if draw.random() < (0.3 if deny else 0.8):
        grant["recipientClasses"] = sorted({"humanitarian", *draw.sample(_CLASSES, draw.randint(0, 4))})
    if draw.odd(0.25):
        grant["recipientIds"] = [draw.choice(_NODES)]
    if draw.odd(0.2):
        grant["territories"] = draw.sample(_COUNTRIES, draw.randint(0, 3))
    for bound in ("notBefore", "expires"):
        if draw.odd(0.12):
            grant[bound] = draw.choice(_INSTANTS)
    if draw.random() < 0.3:
        grant["onward"] = draw.choice(["none", "samePurpose", "ask"])
    return grant


def _exclusion(draw: _Odds) -> Json:
    member = draw.choice(["nodeId", "recipientClass", "parentMinistry", "unit", "mandate"])
    pools = {"nodeId": _NODES, "recipientClass": _CLASSES}
    return {member: draw.choice(pools.get(member, _TEXTS))}


def _withdrawal(draw: _Odds) -> Json:
    purposes = draw.choice([None, [], ["searchLiving"], ["statistics"]])
    return {"at": draw.choice(_INSTANTS)} | ({"purposes": purposes} if purposes is not None else {})


def _often(draw: _Odds, codes: tuple[str, ...]) -> str:
    """Return the first code half the time or more, so that what follows is reached."""
    return draw.choice(codes) if draw.odd(0.5) else codes[0]


def _sound(found: Json) -> bool:
    return bool(found["query"]["contributions"]) and all(
        grant["purposes"] for item in found["directives"] for grant in item["grants"]
    )


_REQUIRED = {
    "effect",
    "purposes",
    "directiveId",
    "givenBy",
    "authority",
    "dataSubject",
    "grants",
    "givenAt",
    "at",
}
_REQUIRED |= {"method", "legalBasis", "query", "directives", "requester", "purpose", "categories", "living"}
_REQUIRED |= {"contributions", "nodeId", "recipientClass", "ofAgeOn", "countries"}


def _smaller(value: Any) -> Iterator[Any]:
    """Yield the value with one item or one optional member less, anywhere within."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _REQUIRED:
                yield {other: value[other] for other in value if other != name}
            yield from ({**value, name: less} for less in _smaller(inner))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield value[:number] + value[number + 1 :]
            yield from ([*value[:number], less, *value[number + 1 :]] for less in _smaller(inner))
