"""The eight topics, as words that the store, the commands and the languages share."""

from enum import StrEnum


class Topic(StrEnum):
    """What a story is about. A story may have none: nothing is shown when unclear."""

    WORLD = "world"
    POLITICS = "politics"
    BUSINESS = "business"
    TECHNOLOGY = "technology"
    SCIENCE = "science"
    HEALTH = "health"
    SPORT = "sport"
    ENTERTAINMENT = "entertainment"
