"""How the settings of a briefing lie in a column: JSON that newer and older versions can both read."""

import json
from typing import Any

from bot.domain.editions import LeadChoice
from bot.domain.places import BriefingSettings, QuietDay, Style
from bot.domain.topics import Topic


def settings_to_json(settings: BriefingSettings) -> str:
    """Give the settings as the text that is stored."""
    return json.dumps(
        {
            "name": settings.name,
            "style": settings.style.value,
            "topics": [topic.value for topic in settings.topics],
            "source_ids": list(settings.source_ids),
            "lead_choice": settings.lead_choice.value,
            "max_stories": settings.max_stories,
            "quiet_day": settings.quiet_day.value if settings.quiet_day else None,
            "role_id": settings.role_id,
            "publish": settings.publish,
            "discussion": settings.discussion,
        },
        ensure_ascii=False,
    )


def settings_from_json(text: str) -> BriefingSettings:
    """Read settings back; a key that is missing has its default, an unknown one is left alone."""
    raw: dict[str, Any] = json.loads(text)
    usual = BriefingSettings()
    return BriefingSettings(
        name=raw.get("name", usual.name),
        style=Style(raw.get("style", usual.style)),
        topics=tuple(Topic(topic) for topic in raw.get("topics", ())),
        source_ids=tuple(raw.get("source_ids", ())),
        lead_choice=LeadChoice(raw.get("lead_choice", usual.lead_choice)),
        max_stories=raw.get("max_stories", usual.max_stories),
        quiet_day=QuietDay(raw["quiet_day"]) if raw.get("quiet_day") else None,
        role_id=raw.get("role_id"),
        publish=raw.get("publish", False),
        discussion=raw.get("discussion", False),
    )
