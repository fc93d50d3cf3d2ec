"""Every failed interaction gets one clear, private answer; what was not expected is logged with a code.

The order: a UserError is said as it is; the store's own refusal is E17; a missing permission of ours is E01; an
interaction that Discord has already given up on is only logged; everything else is E16 with a code to look up.
"""

import logging
import secrets
from datetime import datetime, timedelta

import discord
from discord import app_commands

from bot.errors import Code, StoreError, UserError

log = logging.getLogger(__name__)

_TOO_LATE = frozenset({10062, 40060})  # unknown interaction; already answered
_RETRY = timedelta(minutes=1)


def _unwrap(error: BaseException) -> BaseException:
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, app_commands.TransformerError) and error.__cause__ is not None:
        return error.__cause__
    return error


def as_user_error(error: BaseException, now: datetime) -> UserError | None:
    """Give what to tell the person, or None when nobody is there to be told."""
    error = _unwrap(error)
    if isinstance(error, UserError):
        return error
    if isinstance(error, StoreError):
        log.error("The store refused a command", extra={"kind": error.kind.value, "why": str(error)})
        return UserError(Code.STORE_UNREACHABLE, retry_at=now + _RETRY)
    if isinstance(error, discord.HTTPException) and error.code in _TOO_LATE:
        log.warning("An answer came too late", extra={"code": error.code})
        return None
    if isinstance(error, app_commands.CheckFailure):
        return UserError(Code.NOT_ALLOWED)
    return unexpected(error)


def unexpected(error: BaseException) -> UserError:
    """Log what nobody expected, and give the error that carries its reference."""
    reference = secrets.token_hex(3)
    log.error("An interaction failed", exc_info=error, extra={"reference": reference})
    return UserError(Code.INTERNAL, reference=reference)
