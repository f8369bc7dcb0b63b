"""Recalls as rules: what a partner is told of a cause, what it does, and what it may say that it did.

The tables are the codelists `recallCauses` (cause to notice) and `recallNotices` (notice to effect). Effects
only ever grow: what was erased stays erased, whatever comes after, so that the order in which recalls arrive
does not matter.
"""

from typing import Final

from mpex_spec import codelist

ACTIVE: Final = "active"
MARKED: Final = "marked"
RECALLED: Final = "recalled"
ERASED: Final = "erased"
TRANSFERRED: Final = "transferred"

TRANSFER: Final = "transfer"

NOTICES: Final = {code: str(row["notice"]) for code, row in codelist("recallCauses").items()}
"""Cause, which stays with the holder -> notice, which the recipient reads; causes of one look alike."""

EFFECTS: Final = {code: str(row["effect"]) for code, row in codelist("recallNotices").items()}
"""Notice -> what the recipient does: erase, replace, mark or restrict."""

_CALLED_BACK_FROM: Final = {
    "mark": frozenset({"active"}),
    "replace": frozenset({"active", "marked"}),
    "restrict": frozenset({"active", "marked"}),
    "erase": frozenset({"active", "marked", "restricted"}),
}
_SPARED: Final = {
    "query": frozenset({"mark", "replace"}),
    "release": frozenset[str](),
    "transfer": frozenset({"mark", "replace", "restrict"}),
}
_OUTCOME: Final = {"mark": "marked", "replace": "restricted", "restrict": "restricted", "erase": "erased"}
_STRENGTH: Final = ("active", "marked", "restricted", "recalled", "retainedByLaw", "erased", "transferred")


def cause_of(notice: str) -> str:
    """Return the cause under which a recipient calls back, in its turn, what it had passed on."""
    return next(cause for cause, told in NOTICES.items() if told == notice)


def concerns(cause: str, state: str, kind: str) -> bool:
    """Tell whether a recall for `cause` still asks something of a disclosure in `state`.

    A query that was sent bears no mark, and a correct one is sent anew. What was collected of an offered
    record is not used before it is taken over, so that it is erased or nothing.
    """
    effect = EFFECTS[NOTICES[cause]]
    return state in _CALLED_BACK_FROM[effect] and effect not in _SPARED[kind]


def ends_use(cause: str) -> bool:
    """Tell whether the recipient may not use the data from the moment on at which it is called back."""
    return EFFECTS[NOTICES[cause]] == "erase"


def outcome(notice: str, *, retained: bool) -> str:
    """Return what the receipt says of data; `retained` when a law compels the recipient to keep them."""
    effect = EFFECTS[notice]
    return "retainedByLaw" if effect == "erase" and retained else _OUTCOME[effect]


def suffices(cause: str, stated: str) -> bool:
    """Tell whether a receipt with the outcome `stated` says at least what a recall for `cause` asks for."""
    effect = EFFECTS[NOTICES[cause]]
    least = "retainedByLaw" if effect == "erase" else _OUTCOME[effect]
    return _STRENGTH.index(stated) >= _STRENGTH.index(least)


def weaker(state: str) -> frozenset[str]:
    """Return the states of a disclosure that `state` may take the place of."""
    return frozenset(_STRENGTH[: _STRENGTH.index(state)])
