"""Strict JSON is judged at its very bounds, wherever in a document the odd value stands."""

from typing import Any

import orjson
import pytest
from mpex_server.kit import strict_json

LARGEST = 2**53 - 1


def nested(value: Any, levels: int, kind: str) -> Any:
    for _ in range(levels):
        value = [value] if kind == "list" else {"in": value}
    return value


@pytest.mark.parametrize("kind", ["list", "dict"])
@pytest.mark.parametrize("inner", [{}, []])
def test_sixteen_levels_are_read_and_seventeen_are_not(kind: str, inner: Any) -> None:
    deep = nested(inner, 15, kind)
    assert strict_json.loads(orjson.dumps(deep)) == deep
    with pytest.raises(strict_json.LimitError, match="deeper than 16"):
        strict_json.loads(orjson.dumps(nested(deep, 1, kind)))


@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (b"[" + b"0," * 1000 + b"0]", "array has more than 1000 items"),
        (orjson.dumps({str(number): 0 for number in range(1001)}), "object has more than 1000 items"),
        (b"%d" % (LARGEST + 1), "beyond 2"),
        (b"-%d" % (LARGEST + 1), "beyond 2"),
        (b"1e999", "out of range"),
        (b'"a\\u0000b"', "U\\+0000"),
        (b'{"a\\u0000b":1}', "U\\+0000"),
    ],
)
def test_what_is_out_of_bounds_is_refused_at_its_place(levels: int, value: bytes, detail: str) -> None:
    text = b'{"a":[true,' * levels + value + b"]}" * levels
    with pytest.raises(strict_json.StrictJsonError, match=detail) as refused:
        strict_json.loads(text)
    assert refused.value.pointer == "/a/1" * levels


@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("value", [[0] * 1000, LARGEST, -LARGEST, 1.5e300, True, None, "", "a\\u0000b"])
def test_what_is_just_within_them_is_read(levels: int, value: Any) -> None:
    whole = nested(nested(value, levels, "list"), levels, "dict")
    assert strict_json.loads(orjson.dumps(whole)) == whole
    assert strict_json.loads(strict_json.canonical(whole)) == whole
