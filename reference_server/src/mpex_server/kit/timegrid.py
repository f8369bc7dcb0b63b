"""Time grid and padding (design R7): a refusal and a missing record leave alike."""

import math

GRID_SECONDS = 0.25
BLOCK_BYTES = 4096


def departure(arrival: float, ready: float, grid: float = GRID_SECONDS) -> float:
    """Return the first tick after arrival, counted from arrival, at which the answer is ready."""
    return arrival + grid * max(1, math.ceil(round((ready - arrival) / grid, 6)))


def padded(body: bytes, block: int = BLOCK_BYTES) -> bytes:
    """Return `body` followed by spaces up to the next multiple of `block` bytes."""
    return body + b" " * (-len(body) % block)
