"""The stories that `make demo STORY=…` can play, by name."""

from demo.stories import boat, located_adult, minor, misidentified, mother
from demo.story import Story

STORIES: dict[str, Story] = {
    story.name: story
    for story in (mother.STORY, boat.STORY, minor.STORY, located_adult.STORY, misidentified.STORY)
}
