"""Completions: what is offered while somebody types an option; at most 25, cut to what fits."""

from collections.abc import Iterable
from datetime import datetime

from discord import app_commands

from bot.domain.personal import FollowKind
from bot.domain.places import Schedule
from bot.domain.sources import Source
from bot.domain.suggestions import Suggestion
from bot.domain.text import fold
from bot.domain.topics import Topic
from bot.render.limits import CHOICE, CHOICES, cut
from bot.render.markdown import clean
from bot.render.terms import source_name, topic_name
from bot.render.voice import Voice

Choices = list[app_commands.Choice[str]]

_MOST_TOPICS = 8


def stories(found: Iterable[Suggestion]) -> Choices:
    """Offer stories by their headlines; the value is the story's key. Two headlines that look alike get their keys."""
    return shown_stories((story.key, story.title) for story in found)


def shown_stories(found: Iterable[tuple[str, str]]) -> Choices:
    """Offer stories as briefings showed them, as (key, headline)."""
    labels: dict[str, str] = {}
    for key, headline in found:
        label = cut(clean(headline), CHOICE) or key
        if label in labels:
            end = f" · {key}"
            label = cut(label, CHOICE - len(end)) + end
        labels[label] = key
    return _choices(labels)


def topics(typed: str, say: Voice) -> Choices:
    """Offer the topics whose name begins with what is typed, in the reader's language."""
    named = {topic_name(topic, say): topic.value for topic in Topic}
    return _choices({name: value for name, value in named.items() if fold(name).startswith(fold(typed.strip()))})


def topic_named(typed: str, say: Voice) -> Topic | None:
    """Read a topic back, from its value or its name in the reader's language."""
    text = fold(typed.strip())
    return next((topic for topic in Topic if text in {topic.value, fold(topic_name(topic, say))}), None)


def sources(found: Iterable[Source], say: Voice) -> Choices:
    """Offer sources by their titles; the value is the source's number."""
    labels: dict[str, str] = {}
    for source in found:
        label = cut(source_name(source, say), CHOICE) or str(source.id)
        if label in labels:
            end = f" · {source.id}"
            label = cut(label, CHOICE - len(end)) + end
        labels[label] = str(source.id)
    return _choices(labels)


def zone_label(city: str, clock: datetime, zone: str, say: Voice) -> str:
    """Name a zone by a city, with the clock there."""
    return cut(say("{city} — now {time} ({zone})", city=city, time=f"{clock:%H:%M}", zone=zone), CHOICE)


def zones(found: Iterable[tuple[str, datetime, str]], say: Voice) -> Choices:
    """Offer time zones, as (city, clock there, IANA name)."""
    return _choices({zone_label(city, clock, zone, say): zone for city, clock, zone in found})


def schedules(found: Iterable[Schedule], typed: str, say: Voice) -> Choices:
    """Offer the briefings of a place; the value is the schedule's number."""
    labels: dict[str, str] = {}
    for one in found:
        label = cut(f"{clean(one.settings.name) or say('Daily briefing')} · {one.local_time:%H:%M}, {one.zone}", CHOICE)
        if label in labels:
            end = f" · {one.id}"
            label = cut(label, CHOICE - len(end)) + end
        if fold(typed.strip()) in fold(label):
            labels[label] = str(one.id)
    return _choices(labels)


def briefings(found: Iterable[tuple[str, str, str]], say: Voice) -> Choices:
    """Offer briefings, as (reference, local date, name), the latest first."""
    labels = {say("Latest"): "latest"}
    for reference, day, name in found:
        labels.setdefault(cut(f"{day} · {clean(name) or say('Daily briefing')}", CHOICE), reference)
    return _choices(labels)


def followable(
    typed: str, names: Iterable[str], found_sources: Iterable[Source], found_stories: Iterable[Suggestion], say: Voice
) -> Choices:
    """Offer what can be followed; the value says its kind, e.g. "topic:sport"."""
    words = topics(typed, say)[:_MOST_TOPICS]
    labels = {f"{one.name} · {say('topic')}": f"{FollowKind.TOPIC}:{one.value}" for one in words}
    for name in names:
        _offer(labels, clean(name), say("name"), f"{FollowKind.NAME}:{name}")
    for source in found_sources:
        _offer(labels, source_name(source, say), say("source"), f"{FollowKind.SOURCE}:{source.id}")
    for story in found_stories:
        _offer(labels, clean(story.title), say("story"), f"{FollowKind.STORY}:{story.key}")
    return _choices(labels)


def _offer(labels: dict[str, str], label: str, kind: str, value: str) -> None:
    end = f" · {kind}"
    if label and len(value) <= CHOICE:
        labels.setdefault(cut(label, CHOICE - len(end)) + end, value)


def _choices(labels: dict[str, str]) -> Choices:
    return [app_commands.Choice(name=label, value=value) for label, value in labels.items()][:CHOICES]
