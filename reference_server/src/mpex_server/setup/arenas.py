"""Memory that threads share, where the C library is glibc."""

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8
_ARENAS = 2


def shared() -> None:
    """Let all threads allocate from two arenas; another C library is left as it is.

    By itself glibc gives each thread its own, and each keeps the most that its thread has ever needed: eight
    threads that have each read a large import hold eight times its memory for good.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
