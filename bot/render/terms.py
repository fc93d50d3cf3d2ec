"""Names of our own things in the reader's language: topics, permissions, days, spans, outlets."""

from collections.abc import Iterable

from bot.domain.answers import Since
from bot.domain.articles import Article
from bot.domain.sources import Source
from bot.domain.topics import Topic
from bot.i18n import mark
from bot.render.markdown import clean, fit
from bot.render.voice import Voice

OUTLET_ROOM = 48

_TOPICS = {
    Topic.WORLD: mark("World"),
    Topic.POLITICS: mark("Politics"),
    Topic.BUSINESS: mark("Business"),
    Topic.TECHNOLOGY: mark("Technology"),
    Topic.SCIENCE: mark("Science"),
    Topic.HEALTH: mark("Health"),
    Topic.SPORT: mark("Sport"),
    Topic.ENTERTAINMENT: mark("Entertainment"),
}

_PACKS = {  # of the catalogue; a pack is known everywhere by its English name
    "World": mark("World"),
    "US": mark("US"),
    "UK": mark("UK"),
    "Europe": mark("Europe"),
    "Tech": mark("Tech"),
    "Science": mark("Science"),
    "Business": mark("Business"),
    "Health": mark("Health"),
    "Climate": mark("Climate"),
    "Sport": mark("Sport"),
    "Culture": mark("Culture"),
}

_PERMISSIONS = {
    "view_channel": mark("View Channel"),
    "send_messages": mark("Send Messages"),
    "send_messages_in_threads": mark("Send Messages in Threads"),
    "read_message_history": mark("Read Message History"),
    "create_public_threads": mark("Create Public Threads"),
    "manage_messages": mark("Manage Messages"),
    "mention_everyone": mark("Mention Everyone"),
    "attach_files": mark("Attach Files"),
}

_SINCE = {
    Since.TODAY: mark("today"),
    Since.THREE_DAYS: mark("last 3 days"),
    Since.WEEK: mark("last 7 days"),
}

_DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_WORKDAYS = 0b001_1111
_ALL = 0b111_1111


# Each in itself, as people look for their own.
_LANGUAGES = {
    "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
    "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français",
    "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "nb": "Norsk bokmål", "nl": "Nederlands",
    "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sk": "Slovenčina",
    "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "ta": "தமிழ்", "th": "ไทย", "tr": "Türkçe",
    "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


def language_name(code: str) -> str:
    """Name a language as its speakers do; one that is not known by its code."""
    name = _LANGUAGES.get(code.split("-", maxsplit=1)[0].lower(), code)
    return f"{name} ({code})" if "-" in code else name


def topic_name(topic: Topic, say: Voice) -> str:
    """Name a topic."""
    return say(_TOPICS[topic])


def pack_name(name: str, say: Voice) -> str:
    """Name a pack of sources."""
    return say(_PACKS[name]) if name in _PACKS else name


def since_name(since: Since, say: Voice) -> str:
    """Name how far back a list goes."""
    return say(_SINCE[since])


def permission_names(names: Iterable[str], say: Voice) -> str:
    """Name permissions as Discord's settings do; accepts "send_messages" and "Send Messages"."""
    known = (_PERMISSIONS.get(name.lower().replace(" ", "_"), name) for name in names)
    return say.texts.join(fit(say(name), OUTLET_ROOM) for name in known)


def day_name(day: int, say: Voice) -> str:
    """Name a weekday, Monday = 0."""
    return say(_DAYS[day])


def days_text(weekdays: int, say: Voice) -> str:
    """Say which days a bit mask (Monday = 1) holds."""
    if weekdays & _ALL == _ALL:
        return say("every day")
    if weekdays & _ALL == _WORKDAYS:
        return say("Monday to Friday")
    return say.texts.join(day_name(day, say) for day in range(7) if weekdays >> day & 1)


def outlet(article: Article, say: Voice, room: int = OUTLET_ROOM) -> str:
    """Name who published an article, escaped; the bundled sample has no publisher."""
    if article.is_sample:
        return say("Bundled sample document")
    return fit(article.outlet or article.source_title, room)


def source_title(source: Source, say: Voice, room: int = OUTLET_ROOM) -> str:
    """Name a source, escaped."""
    return say("Bundled sample document") if source.is_sample else fit(source.title or source.name, room)


def source_name(source: Source, say: Voice) -> str:
    """Name a source where nothing is formatted: in the options of selects."""
    return say("Bundled sample document") if source.is_sample else clean(source.title or source.name)
