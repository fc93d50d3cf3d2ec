"""The default world of try mode: one server, four channels, three people, and the bot's DMs."""

from datetime import timedelta

from bot.clock import Clock
from bot.loopback.guilds import Channel, Guild, Kind
from bot.loopback.permissions import BOT, MEMBER, Overwrite, Permission
from bot.loopback.world import World

MODERATOR = MEMBER | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES | Permission.MANAGE_CHANNELS


def try_out(clock: Clock, *, skew: timedelta = timedelta()) -> World:
    """Build the server "Try-out" with #news (read-only for members), #general, #announcements and #moderators."""
    world = World(clock, skew=skew)
    admin = world.add_user("admin", "Admin")
    member = world.add_user("member", "Member")
    german = world.add_user("mitglied", "Mitglied", locale="de")
    guild = world.add_guild("Try-out", admin, bot=BOT, features=("COMMUNITY", "NEWS"))
    admins = world.add_role(guild, "Admins", MODERATOR)
    world.set_roles(guild, admin, admins)
    world.add_member(guild, member)
    world.add_member(guild, german)
    bot = world.bot_role(guild)
    send, see = Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL
    read_only = (
        Overwrite(guild.id, deny=send),
        Overwrite(bot.id, allow=send),
        Overwrite(admins.id, allow=send),
    )
    hidden = (Overwrite(guild.id, deny=see), Overwrite(bot.id, allow=see | send), Overwrite(admins.id, allow=see))
    world.add_channel(guild, "news", Kind.TEXT, *read_only)
    general = world.add_channel(guild, "general")
    world.add_channel(guild, "announcements", Kind.ANNOUNCEMENT, *read_only)
    updates = world.add_channel(guild, "moderators", Kind.TEXT, *hidden)
    world.change_guild(guild, system_channel_id=general.id, public_updates_channel_id=updates.id)
    return world


def crowd(world: World, guilds: int) -> list[tuple[Guild, Channel]]:
    """Add many small servers, each with one channel the bot may post in (for storms and load)."""
    places = []
    for number in range(1, guilds + 1):
        guild = world.add_guild(f"Server {number}", world.owner, bot=BOT)
        places.append((guild, world.add_channel(guild, "news")))
    return places
