"""Fetches what discovery asks for: https, no redirect, short times, small answers, and an end to it all."""

from functools import partial
from typing import TypeVar

import httpx2

from mpex_client._answers import failure
from mpex_client._auth import checked_base_url
from mpex_client._clock import async_within, seconds
from mpex_client._errors import ConfigurationError, ProtocolError, TransportError
from mpex_client._trust.flow import Ask, Flow, Got

__all__ = ["fetched"]

Result = TypeVar("Result")
_TIMES = httpx2.Timeout(10.0, connect=5.0)
_LONGEST_SECONDS, _LONGEST_ASK_SECONDS = 120.0, 30.0
_MOST_BYTES = 2 * 1024 * 1024
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "mpex-client"}


async def fetched(flow: Flow[Result], *, transport: httpx2.AsyncBaseTransport | None = None) -> Result:
    """Fetch what a flow asks for, and return what it makes of that.

    Who answers a byte now and then holds nobody up for longer than half a minute, and all who do for no
    longer than two minutes.
    """
    ends = seconds() + _LONGEST_SECONDS
    async with httpx2.AsyncClient(transport=transport, timeout=_TIMES, trust_env=False) as http:
        try:
            ask = next(flow)
            while True:
                try:
                    got = await _got_in_time(http, ask, ends)
                except (TransportError, ProtocolError) as error:
                    ask = flow.throw(error)
                else:
                    ask = flow.send(got)
        except StopIteration as end:
            result: Result = end.value
            return result


async def _got_in_time(http: httpx2.AsyncClient, ask: Ask, ends: float) -> Got:
    left = ends - seconds()
    if left <= 0:
        raise TransportError("there was no time left to ask", sent=False)
    try:
        return await async_within(min(left, _LONGEST_ASK_SECONDS), partial(_got, http, ask))
    except TimeoutError:
        raise TransportError("the answer did not come in time", sent=True) from None


async def _got(http: httpx2.AsyncClient, ask: Ask) -> Got:
    try:
        checked_base_url(ask.url)
    except ConfigurationError as error:
        raise TransportError(str(error), sent=False) from error
    headers = dict(_HEADERS)
    if ask.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        async with http.stream(ask.method, ask.url, headers=headers, content=ask.content) as response:
            body = b""
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise ProtocolError("an answer is compressed, which nobody asked for")
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    raise ProtocolError("an answer is longer than any document of the standard")
    except httpx2.RequestError as error:
        raise failure(error) from None
    return Got(response.status_code, body, dict(response.headers))
