"""Checks of parameters and bodies against the OpenAPI document; messages never repeat a value."""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from mpex_server.errors import Fault, Problem
from mpex_server.http.call import Call
from mpex_server.http.spec import Parameter
from mpex_server.kit import strict_json

_MAX_FAULTS = 20
_MAX_PARAMETERS = 20
_NAMED_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be greater than {}",
    "exclusiveMaximum": "must be less than {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minProperties": "must have at least {} members",
    "maxProperties": "must have at most {} members",
}
_MESSAGES = {
    "anyOf": "fits none of the forms that are allowed here",
    "oneOf": "fits none, or more than one, of the forms that are allowed here",
    "const": "is not the one value that is allowed here",
    "enum": "is not a code of the list",
    "falseSchema": "is not allowed here",
    "not": "has a form that is not allowed here",
    "pattern": "does not have the form that is required",
    "uniqueItems": "must not repeat an item",
    "multipleOf": "is not a multiple of the required step",
    "contains": "lacks a required item",
}


def query_of(call: Call) -> dict[str, Any]:
    """Return the checked query parameters with their defaults; raises Problem `invalidParameter`."""
    try:
        pairs = parse_qsl(call.query, keep_blank_values=True, strict_parsing=True) if call.query else []
    except ValueError:
        raise Problem("invalidParameter", "The query string cannot be read.") from None
    known = {entry.name: entry for entry in call.operation.parameters if entry.place == "query"}
    faults = [
        Fault(name if name in known else "query", "is unknown or repeated") for name in _odd(pairs, known)
    ]
    values: dict[str, Any] = {}
    for name, entry in known.items():
        text = dict(pairs).get(name)
        if text is not None:
            values[name] = _read(entry, text, faults)
        elif entry.required:
            faults.append(Fault(name, "is required"))
        elif entry.default is not None:
            values[name] = entry.default
    _refuse(faults)
    return values


def path_of(call: Call) -> dict[str, str]:
    """Return the checked path parameters; raises Problem `invalidParameter`."""
    faults: list[Fault] = []
    for entry in call.operation.parameters:
        if entry.place == "path":
            _read(entry, call.path.get(entry.name, ""), faults)
    _refuse(faults)
    return dict(call.path)


def idempotency_key_of(call: Call) -> str | None:
    """Return the Idempotency-Key where the operation takes one; raises Problem."""
    for entry in call.operation.parameters:
        if entry.place == "header" and entry.name.lower() == "idempotency-key":
            key = call.header(entry.name)
            if key is None:
                raise Problem("idempotencyKeyMissing")
            faults: list[Fault] = []
            _read(entry, key, faults)
            _refuse(faults)
            return key
    return None


def body_of(call: Call) -> Any:
    """Return the checked body: parsed JSON, text for other media types, None where none is taken."""
    if isinstance(call.body, Problem):
        raise call.body
    if not call.operation.bodies:
        if call.body:
            raise Problem("invalidParameter", "This operation takes no body.")
        return None
    media, validator = _media(call)
    if not media.endswith("json"):
        # Its errors have a form of their own (RFC 8935), so the handler reads it.
        return call.body.decode("utf-8", "replace")
    value = _json(call.body)
    check(validator, value)
    return value


def check(validator: jsonschema_rs.Draft202012Validator, value: Any) -> None:
    """Raise Problem `schemaViolation` with a JSON Pointer for every wrong place, 20 at most."""
    if not validator.is_valid(value):
        faults = list(islice(_faults(validator.iter_errors(value)), _MAX_FAULTS))
        raise Problem("schemaViolation", faults=faults)


def _media(call: Call) -> tuple[str, jsonschema_rs.Draft202012Validator]:
    media, _, parameters = (call.header("content-type") or "").partition(";")
    media, charset = media.strip().lower(), parameters.replace(" ", "").replace('"', "").lower()
    if media not in call.operation.bodies or charset not in {"", "charset=utf-8"}:
        raise Problem("unsupportedMediaType", f"This operation takes {', '.join(call.operation.bodies)}.")
    if (call.header("content-encoding") or "identity").lower() != "identity":
        raise Problem("unsupportedMediaType", "Bodies are sent without content coding.")
    return media, call.operation.bodies[media]


def _json(data: bytes) -> Any:
    try:
        return strict_json.loads(data)
    except strict_json.StrictJsonError as error:
        code = "limitExceeded" if isinstance(error, strict_json.LimitError) else "malformedJson"
        raise Problem(code, error.detail, faults=[Fault(error.pointer, error.detail)]) from None


def _odd(pairs: list[tuple[str, str]], known: dict[str, Parameter]) -> list[str]:
    names = [name for name, _ in pairs[:_MAX_PARAMETERS]]
    return [name for i, name in enumerate(names) if name not in known or name in names[:i]]


def _read(entry: Parameter, text: str, faults: list[Fault]) -> Any:
    value: Any = text
    if entry.integer:
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 16):
            faults.append(Fault(entry.name, "must be a whole number"))
            return None
        value = int(text)
    if not entry.validator.is_valid(value):
        faults += [Fault(entry.name, fault.detail) for fault in _faults(entry.validator.iter_errors(value))]
    return value


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Problem("invalidParameter", faults=faults[:_MAX_FAULTS])


def _faults(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterable[Fault]:
    for error in errors:
        path = tuple(error.instance_path)
        kind: Any = error.kind  # its members differ by keyword
        name = kind.name
        if name == "required":
            yield Fault(strict_json.pointer((*path, kind.property)), "is required")
        elif name in {"additionalProperties", "unevaluatedProperties"}:
            for member in kind.unexpected:
                yield Fault(strict_json.pointer((*path, member)), "is not a member that is known here")
        else:
            yield Fault(strict_json.pointer(path), _message(name, kind))


def _message(name: str, kind: Any) -> str:
    if name in _NAMED_LIMITS:
        return _NAMED_LIMITS[name].format(kind.limit)
    if name == "format":
        return f"is not a valid {kind.format}"
    if name == "type":
        return "has the wrong JSON type"
    return _MESSAGES.get(name, "does not follow the schema")


def parsed_or_none(call: Call) -> Any:
    """Return the JSON of a body that may break its schema, or None when it is not JSON at all."""
    try:
        return strict_json.loads(call.body) if isinstance(call.body, bytes) else None
    except strict_json.StrictJsonError:
        return None
