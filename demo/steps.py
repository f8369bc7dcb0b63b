"""The seven steps of the story, in order. Each talks HTTP through the SDK, prints and checks."""

from collections.abc import Callable

from demo.case import Case
from demo.refusing import seven_refuse
from demo.releasing import five_identify, four_release, six_withdraw
from demo.searching import one_register_offline, three_search, two_holders

STEPS: tuple[Callable[[Case], None], ...] = (
    one_register_offline,
    two_holders,
    three_search,
    four_release,
    five_identify,
    six_withdraw,
    seven_refuse,
)
