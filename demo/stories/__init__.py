"""The stories that `make demo STORY=…` can play, by name."""

from demo.stories import boat, located_adult, minor, misidentified, mother, withdrawal
from demo.story import Story

_ALL = (
    mother.STORY,
    boat.STORY,
    minor.STORY,
    located_adult.STORY,
    misidentified.STORY,
    withdrawal.STORY,
)
STORIES: dict[str, Story] = {story.name: story for story in _ALL}
