"""The few pieces every message is built from, each within Discord's limits."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import discord
from discord import ButtonStyle, ui

from bot.render.custom_ids import Control
from bot.render.limits import BUTTON_LABEL, OPTION, OPTIONS, PLACEHOLDER, cut
from bot.render.markdown import clean, web_url

TEXT_CHANNELS = (discord.ChannelType.text, discord.ChannelType.news)
POST_CHANNELS = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.forum,
)


class Option(NamedTuple):
    """One line of a select."""

    label: str
    value: str
    description: str = ""
    default: bool = False


def text(*lines: str) -> ui.TextDisplay[Any]:
    """Show lines of markdown."""
    return ui.TextDisplay("\n".join(line for line in lines if line))


def small(line: str) -> str:
    """Make a line subtext; empty stays empty."""
    return f"-# {line}" if line else ""


def rule() -> ui.Separator[Any]:
    """Draw a thin line."""
    return ui.Separator()


def button(
    label: str, control: Control, *, primary: bool = False, danger: bool = False, off: bool = False
) -> ui.Button[Any]:
    """Make a button that stands for `control`."""
    style = ButtonStyle.primary if primary else ButtonStyle.danger if danger else ButtonStyle.secondary
    return ui.Button(label=cut(label, BUTTON_LABEL), style=style, custom_id=control.custom_id, disabled=off)


def link_button(label: str, url: str | None) -> ui.Button[Any] | None:
    """Make a button that opens a page; None when the address is not one we open."""
    safe = web_url(url)
    return ui.Button(label=cut(label, BUTTON_LABEL), url=safe) if safe else None


def row(*buttons: ui.Button[Any] | None) -> ui.ActionRow[Any]:
    """Set up to five buttons side by side, leaving out those that are None."""
    return ui.ActionRow(*(item for item in buttons if item is not None))


def select(
    control: Control,
    placeholder: str,
    options: Sequence[Option],
    *,
    several: bool = False,
    least: int = 1,
) -> ui.ActionRow[Any]:
    """Offer up to 25 options; labels are made unique where cutting made them equal."""
    shown = list(options)[:OPTIONS]
    labels = unique_labels(clean(option.label) for option in shown)
    made = [
        discord.SelectOption(
            label=label,
            value=option.value,
            description=cut(clean(option.description), OPTION) or None,
            default=option.default,
        )
        for label, option in zip(labels, shown, strict=True)
    ]
    most = len(made) if several else 1
    menu: ui.Select[Any] = ui.Select(
        custom_id=control.custom_id,
        placeholder=cut(placeholder, PLACEHOLDER),
        options=made,
        min_values=min(least, most),
        max_values=most,
    )
    return ui.ActionRow(menu)


def unique_labels(labels: Iterable[str]) -> list[str]:
    """Cut labels to 100; where two are then the same, end the later ones with "(2)", "(3)"."""
    seen: set[str] = set()
    unique = []
    for label in labels:
        fitted = cut(label, OPTION) or "–"
        count = 2
        while fitted in seen:
            mark = f" ({count})"
            fitted = cut(label, OPTION - len(mark)) + mark
            count += 1
        seen.add(fitted)
        unique.append(fitted)
    return unique


def channel_select(
    control: Control,
    placeholder: str,
    chosen: Sequence[int] = (),
    *,
    types: Sequence[discord.ChannelType] = TEXT_CHANNELS,
    most: int = 1,
) -> ui.ActionRow[Any]:
    """Offer the server's channels."""
    defaults = [discord.SelectDefaultValue(id=i, type=discord.SelectDefaultValueType.channel) for i in chosen[:most]]
    menu: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=control.custom_id,
        placeholder=cut(placeholder, PLACEHOLDER),
        channel_types=list(types),
        default_values=defaults,
        min_values=0,
        max_values=most,
    )
    return ui.ActionRow(menu)


def role_select(control: Control, placeholder: str, chosen: int | None = None) -> ui.ActionRow[Any]:
    """Offer the server's roles."""
    defaults = [discord.SelectDefaultValue(id=chosen, type=discord.SelectDefaultValueType.role)] if chosen else []
    menu: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=control.custom_id,
        placeholder=cut(placeholder, PLACEHOLDER),
        default_values=defaults,
        min_values=0,
        max_values=1,
    )
    return ui.ActionRow(menu)
