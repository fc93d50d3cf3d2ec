"""A local stand-in for Discord that the unmodified client talks to."""

from bot.loopback.entry import CannotDoError
from bot.loopback.faults import Fault
from bot.loopback.people import Exchange
from bot.loopback.scenery import crowd, try_out
from bot.loopback.server import Loopback
from bot.loopback.world import World

__all__ = ["CannotDoError", "Exchange", "Fault", "Loopback", "World", "crowd", "try_out"]
