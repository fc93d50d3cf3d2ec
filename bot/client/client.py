"""The bot itself: it owns the gateway, loads the cogs by name, and answers whatever goes wrong."""

import asyncio
import importlib.util
import logging
import pkgutil
import sys
from collections.abc import Iterator

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.client import sync
from bot.client.answering import Interaction, answer
from bot.client.dispatch import IS_CONTROL, Handler, collect, dispatch
from bot.client.errors import as_user_error
from bot.client.servers import Servers
from bot.clock import Clock
from bot.desk.services import Services
from bot.errors import Code, StoreError, UserError
from bot.i18n import command_text, texts_for
from bot.render.custom_ids import Control
from bot.render.errors import error_message
from bot.render.voice import Voice

log = logging.getLogger(__name__)

_LONGEST_RATE_LIMIT_S = 30.0
_GUILDS_PAUSE_S = 0.25  # ready when no server has come in for so long; later ones are simply available later
discord.VoiceClient.warn_nacl = False  # the bot has no voice
discord.VoiceClient.warn_dave = False


class Translator(app_commands.Translator):
    """Descriptions of commands and options in Discord's languages; names are never translated."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Give the description, or None to keep the English one."""
        is_name = context.location in {
            app_commands.TranslationContextLocation.command_name,
            app_commands.TranslationContextLocation.group_name,
            app_commands.TranslationContextLocation.parameter_name,
        }
        return None if is_name else command_text(string.message, locale.value)


class Tree(app_commands.CommandTree["Client"]):
    """The commands; a failed one always gets an answer."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let only the served servers, and DMs, through."""
        self.client.require_served(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer with what went wrong."""
        await self.client.answer_error(interaction, error)


class Client(commands.AutoShardedBot):
    """Dateline in Discord. Cogs take `services` from it and nothing else; `app` sets them before it starts."""

    services: Services

    def __init__(
        self,
        *,
        clock: Clock,
        served: frozenset[int] = frozenset(),
        connector: aiohttp.BaseConnector | None = None,
        http_trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_S,
            guild_ready_timeout=_GUILDS_PAUSE_S,
            connector=connector,
            http_trace=http_trace or aiohttp.TraceConfig(),
        )
        self.clock = clock
        self.command_ids: dict[str, int] = {}
        self.knows_commands = asyncio.Event()
        self._served = served
        self._controls: dict[type[Control], Handler] = {}

    async def setup_hook(self) -> None:
        """Load every cog once, and learn which controls they handle."""
        await self.tree.set_translator(Translator())
        for name in _cog_names():
            if name not in self.extensions:
                await self.load_extension(name)
        if Servers.__cog_name__ not in self.cogs:
            await self.add_cog(Servers(self, self.services, self._served, self.voice))
        self._controls = collect(self.cogs.values())

    async def sync_commands(self, notes: sync.Notes) -> None:
        """Send the commands if they changed, and learn their ids."""
        if self.application_id is None:
            raise RuntimeError("log in first")
        ids = await sync.sync(self.tree, self.application_id, notes, self.tree.sync)
        self.command_ids.update(ids)
        self.knows_commands.set()

    async def on_error(self, event_method: str, /, *args: object, **named: object) -> None:
        """Log what failed while it handled an event; an end that took the store away from it is no fault."""
        error = sys.exc_info()[1]
        if self.is_closed() and isinstance(error, StoreError):
            log.info("An event was cut short by the end", extra={"event": event_method, "why": repr(error)})
        elif isinstance(error, StoreError):
            log.error("The store refused an event", extra={"event": event_method, "why": str(error)})
        else:
            await super().on_error(event_method, *args, **named)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Route what is not a command to the handler of its control."""
        if interaction.type not in IS_CONTROL:
            return
        try:
            self.require_served(interaction)
            await dispatch(interaction, self._controls)
        except Exception as error:  # noqa: BLE001 - a supervisor: whatever failed, the person gets an answer
            await self.answer_error(interaction, error)

    def require_served(self, interaction: Interaction) -> None:
        """Refuse servers that the operator did not list.

        Raises:
            UserError: this server is not served (E26).
        """
        if self._served and interaction.guild_id is not None and interaction.guild_id not in self._served:
            raise UserError(Code.NOT_SERVED)

    def voice(self, *locales: str | None) -> Voice:
        """Give the voice that speaks the first language we know of `locales`, now."""
        return Voice(texts_for(*locales), self.clock.now(), self.command_ids)

    async def answer_error(self, interaction: Interaction, error: BaseException) -> None:
        """Answer privately with the sentence, or with nothing where Discord no longer takes an answer."""
        told = as_user_error(error, self.clock.now())
        if told is None or interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            await answer(interaction, error_message(told, self.voice(interaction.locale.value)))
        except discord.HTTPException as failed:
            log.warning("An error could not be told", extra={"code": told.code.value, "why": repr(failed)})


def _cog_names() -> Iterator[str]:
    spec = importlib.util.find_spec("cogs")
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    for module in pkgutil.iter_modules(folders):
        if not module.name.startswith("_"):
            yield f"cogs.{module.name}"
