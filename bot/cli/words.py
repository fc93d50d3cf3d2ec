"""A UserError as one plain English sentence for the terminal."""

from bot.clock import SystemClock
from bot.errors import UserError
from bot.i18n import texts_for
from bot.render.errors import sentence
from bot.render.markdown import unescape
from bot.render.voice import Voice


def say(error: UserError) -> str:
    """Give the sentence that a person would read in Discord, without its code and the marks that only Discord needs."""
    return unescape(sentence(error, Voice(texts_for("en"), SystemClock().now())))
