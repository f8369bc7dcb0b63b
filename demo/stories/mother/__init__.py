"""A mother asks: from her request to her withdrawal, between nodes that anchors vouch for (the default)."""

from demo.incidents import load_incidents
from demo.nodes import Plan
from demo.stories.mother.refusing import eight_not_trusted, seven_refuse
from demo.stories.mother.releasing import five_identify, four_release, six_withdraw
from demo.stories.mother.searching import one_register_offline, three_search, two_holders
from demo.story import Story

STORY = Story(
    "mother",
    "A mother asks for her son",
    (
        Plan(
            "A",
            "Example National Society",
            "humanitarian",
            "XA",
            ("searchLiving", "identifyDeceased", "notifyFamily"),
            region="north",
        ),
        Plan(
            "B",
            "Example Forensic Institute",
            "forensic",
            "XB",
            ("identifyDeceased", "searchLiving", "statistics"),
            region="south",
        ),
        Plan(
            "C",
            "Example Red Cross Reception Service",
            "humanitarian",
            "XC",
            ("searchLiving", "identifyDeceased"),
            region="south",
        ),
        Plan(
            "D",
            "Example Office of Many Tasks",
            "police",
            "XD",
            ("searchLiving", "identifyDeceased"),
            region="north",
            marked=False,
            of_state=True,
        ),
    ),
    (
        one_register_offline,
        two_holders,
        three_search,
        four_release,
        five_identify,
        six_withdraw,
        seven_refuse,
        eight_not_trusted,
    ),
    before=lambda stage: load_incidents(stage["B"]),
    federated=True,
)
