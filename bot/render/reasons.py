"""*Why this story?*: the score, in words."""

from bot.domain.answers import WhyAnswer
from bot.domain.articles import Article
from bot.domain.editions import Mode, Why
from bot.render import controls
from bot.render.blocks import button, row, small, text
from bot.render.kinds import Kind
from bot.render.lines import headline
from bot.render.markdown import stamp
from bot.render.message import Layout, Message
from bot.render.voice import Voice

_HOUR_S = 3_600
_DAY_S = 86_400
_HIGH = 0.12  # among the first two of its source


def why(value: WhyAnswer, say: Voice) -> Message:
    """Say why a story stands where it stands, to the reader alone."""
    lines = [f"### {say('Why this story?')}", f"**{headline(value.story.title)}**"]
    if value.rank is not None:
        lines.append(say("Number {rank} of {total} stories here.", rank=value.rank, total=say.number(value.total)))
    lines += [f"- {line}" for line in _parts(value, say)]
    lines.append(small(say("Counted by software from sources, times and your settings. Nobody pays for a place.")))
    back = row(button(say("Back to the story"), controls.OpenStory(value.story.id)))
    return Message(Kind.WHY, Layout(text(*lines), back), ephemeral=True)


def _parts(value: WhyAnswer, say: Voice) -> list[str]:
    why = value.why
    if why.mode is Mode.LATEST:
        return [say("Few sources are read here, so the newest stories come first."), _age(value, say)]
    if why.mode is Mode.ARCHIVE:
        return [say("Nothing is new here, so the stories shown least recently come first.")]
    return [_cover(_newest(value), why, say), _age(value, say), *_weights(why, say)]


def _newest(value: WhyAnswer) -> Article:
    return max(value.story.articles, key=lambda one: one.when)


def _cover(newest: Article, value: Why, say: Voice) -> str:
    line = say.many("{count} outlet tells it", "{count} outlets tell it", value.outlets)
    # Of a single one the age says it; of undated ones nobody knows.
    if value.new_outlets and value.outlets > 1 and newest.published_at is not None:
        line += say.many(
            ", {count} of them in the last 3 hours", ", {count} of them in the last 3 hours", value.new_outlets
        )
    if value.wire_copies:
        line += say.many(
            "; {count} more repeats the same text and counts less",
            "; {count} more repeat the same text and count less",
            value.wire_copies,
        )
    return f"{line}."


def _age(answer: WhyAnswer, say: Voice) -> str:
    value, newest = answer.why, _newest(answer)
    if newest.published_at is None:
        return say("Its newest report was added {time}; the source states no date.", time=stamp(newest.added_at))
    if value.age_s < _HOUR_S:
        return say("Its newest report is less than an hour old.")
    if value.age_s < 2 * _DAY_S:
        hours = round(value.age_s / _HOUR_S)
        return say.many("Its newest report is {count} hour old.", "Its newest report is {count} hours old.", hours)
    days = round(value.age_s / _DAY_S)
    return say.many("Its newest report is {count} day old.", "Its newest report is {count} days old.", days)


def _weights(value: Why, say: Voice) -> list[str]:
    lines = []
    if value.prominence > _HIGH:
        lines.append(say("Its source places it high."))
    if value.topic_weight > 1:
        lines.append(say("Its topic was chosen here."))
    elif value.topic_weight < 1:
        lines.append(say("Its topic counts less here."))
    if value.watched > 1:
        lines.append(say("It matches something followed here."))
    if value.repeat < 1:
        lines.append(say("It was posted here before and has no new outlet, so it counts less."))
    if value.diversity < 1:
        lines.append(say("Similar stories stand above it, so it counts less."))
    return lines
