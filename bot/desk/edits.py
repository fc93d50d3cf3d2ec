"""Edits of a schedule, decided: out of a draft and back, where its calendar goes on, how it is remembered. Pure."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from bot.domain.answers import SettingChange, SetupDraft
from bot.domain.due import Timing, timing_of
from bot.domain.places import BriefingSettings, Place, Schedule, TargetKind

USUAL_TIME = time(8)
USUAL_ZONE = "UTC"
_WORDS = {  # the fields of the settings, as `SettingChange` names them
    "topics": "topics",
    "source_ids": "briefing-sources",
    "lead_choice": "leads",
    "max_stories": "length",
    "quiet_day": "quiet-day",
    "style": "style",
    "publish": "publish",
    "discussion": "discussion",
}


def as_draft(schedule: Schedule) -> SetupDraft:
    """Give a schedule as the setup panel holds it; what is missing there, and its first firing, are found out later."""
    settings = schedule.settings
    return SetupDraft(
        name=settings.name,
        channel_id=schedule.channel_id or None,
        target=schedule.target,
        local_time=schedule.local_time,
        zone=schedule.zone,
        weekdays=schedule.weekdays,
        topics=settings.topics,
        source_ids=settings.source_ids,
        max_stories=settings.max_stories,
        grace_s=schedule.grace_s,
        schedule_id=schedule.id,
        role_id=settings.role_id,
        lead_choice=settings.lead_choice,
        style=settings.style,
        discussion=settings.discussion,
        publish=settings.publish,
        quiet_day=settings.quiet_day,
    )


def made_of(draft: SetupDraft, place: Place, settings: BriefingSettings, now: datetime) -> Schedule:
    """Give the new schedule that a draft makes, with usual values for what is not chosen yet."""
    at, zone = draft.local_time or USUAL_TIME, draft.zone or USUAL_ZONE
    firing = Timing(at, zone, draft.weekdays).ahead(now)
    return Schedule(
        id=0,
        key=secrets.token_bytes(8),
        place=place,
        channel_id=draft.channel_id or 0,
        target=draft.target,
        local_time=at,
        zone=zone,
        next_due=firing.at,
        next_date=firing.local_date,
        weekdays=draft.weekdays,
        settings=settings,
        grace_s=draft.grace_s,
    )


def edited(old: Schedule, draft: SetupDraft, settings: BriefingSettings | None) -> Schedule:
    """Give a schedule as its draft has it, turned on."""
    return replace(
        old,
        channel_id=draft.channel_id or old.channel_id,
        target=draft.target,
        local_time=draft.local_time or old.local_time,
        zone=draft.zone or old.zone,
        weekdays=draft.weekdays,
        settings=settings or old.settings,
        grace_s=draft.grace_s if draft.target is not TargetKind.DM else old.grace_s,
        enabled=True,
        disabled_code=None,
        fail_streak=0,
    )


def moved(old: Schedule, new: Schedule, now: datetime, taken: frozenset[date]) -> Schedule:
    """Set the next firing where time, zone or days changed, or where the schedule was off."""
    if timing_of(old) == timing_of(new) and not (_was_off(old) and new.enabled):
        return new
    firing = timing_of(new).ahead(now, taken)
    return replace(new, next_due=firing.at, next_date=firing.local_date)


def described(old: Schedule, new: Schedule, by: int | None, now: datetime) -> tuple[SettingChange, ...]:
    """Say in a word each what an edit changed, from what to what; turning on comes last."""
    return tuple(SettingChange(now, what, by, detail) for what, detail in _differences(old, new))


def is_same(old: Schedule, new: Schedule) -> bool:
    """Whether an edit changed nothing."""
    return replace(new, changed_by=old.changed_by, changed_at=old.changed_at) == old


def _was_off(schedule: Schedule) -> bool:
    return not schedule.enabled or schedule.disabled_code is not None


def _differences(old: Schedule, new: Schedule) -> Iterator[tuple[str, str]]:
    if old.weekdays != new.weekdays:
        yield "days", ""
    if old.local_time != new.local_time:
        yield "time", f"{old.local_time:%H:%M} → {new.local_time:%H:%M}"
    if old.zone != new.zone:
        yield "zone", f"{old.zone} → {new.zone}"
    if old.channel_id != new.channel_id:
        yield "channel", f"{old.channel_id or ''} → {new.channel_id or ''}"
    if old.grace_s != new.grace_s:
        yield "grace", ""
    yield from _settings(old.settings, new.settings)
    if _was_off(old) and not _was_off(new):
        yield "turned-on", ""
    elif old.enabled and not new.enabled:
        yield "turned-off", ""


def _settings(old: BriefingSettings, new: BriefingSettings) -> Iterator[tuple[str, str]]:
    if old.name != new.name:
        yield "name", f"{old.name} → {new.name}"
    if old.role_id != new.role_id:
        yield "ping", f"{old.role_id or ''} → {new.role_id or ''}"
    for field, word in _WORDS.items():
        if getattr(old, field) != getattr(new, field):
            yield word, ""
