"""The world keeps Discord's rules of permissions, ids, history and who sees what."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SimulatedClock
from bot.loopback.changes import Change
from bot.loopback.guilds import Kind
from bot.loopback.judge import Draft
from bot.loopback.mentions import pings
from bot.loopback.messages import Extra, Pings
from bot.loopback.permissions import ALL, BOT, NONE, Overwrite, Permission, in_channel
from bot.loopback.scenery import crowd, try_out
from bot.loopback.world import World

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SEE, SEND = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES
EVERYONE, ROLE, OTHER, USER = 1, 2, 3, 9


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def world(clock: SimulatedClock) -> World:
    return try_out(clock)


OVERWRITES = {
    "none": ((), SEE | SEND),
    "everyone may not send": ((Overwrite(EVERYONE, deny=SEND),), SEE),
    "a role may after all": ((Overwrite(EVERYONE, deny=SEND), Overwrite(ROLE, allow=SEND)), SEE | SEND),
    "one role's allow beats another's deny": ((Overwrite(OTHER, deny=SEND), Overwrite(ROLE, allow=SEND)), SEE | SEND),
    "the member's own line comes last": (
        (Overwrite(ROLE, allow=SEND), Overwrite(USER, deny=SEND, is_member=True)),
        SEE,
    ),
    "who does not see may do nothing": ((Overwrite(EVERYONE, deny=SEE),), NONE),
}


@pytest.mark.parametrize(("lines", "expected"), OVERWRITES.values(), ids=OVERWRITES)
def test_overwrites_apply_in_discords_order(lines: tuple[Overwrite, ...], expected: Permission) -> None:
    overwrites = {line.target_id: line for line in lines}
    held = in_channel(SEE | SEND, overwrites, everyone_id=EVERYONE, role_ids={ROLE, OTHER}, user_id=USER)
    assert held == expected


def test_administrators_pass_every_overwrite() -> None:
    lines = {EVERYONE: Overwrite(EVERYONE, deny=SEE)}
    assert in_channel(Permission.ADMINISTRATOR, lines, everyone_id=EVERYONE, role_ids=set(), user_id=USER) == ALL


WHO_MAY = {
    "the bot posts in #news": ("bot", "news", SEE | SEND, True),
    "a member reads #news": ("member", "news", SEE, True),
    "a member does not write there": ("member", "news", SEND, False),
    "an admin does": ("admin", "news", SEND, True),
    "a member writes in #general": ("member", "general", SEND, True),
    "members see no #moderators": ("member", "moderators", SEE, False),
    "the bot posts in #moderators": ("bot", "moderators", SEE | SEND, True),
    "the bot is no manager": ("bot", "general", Permission.MANAGE_GUILD, False),
    "the admin is": ("admin", "general", Permission.MANAGE_GUILD, True),
}


@pytest.mark.parametrize(("who", "where", "what", "may"), WHO_MAY.values(), ids=WHO_MAY)
def test_in_the_try_out_server(world: World, who: str, where: str, what: Permission, may: bool) -> None:  # noqa: FBT001 - a table's column
    user = world.bot if who == "bot" else world.person(who)
    assert (what in world.permissions(user, world.channel(where))) is may


def test_a_dm_belongs_to_the_bot_and_one_person(world: World) -> None:
    direct = world.direct(world.person("member"))
    assert direct is world.direct(world.person("member"))
    assert SEND in world.permissions(world.bot, direct)
    assert world.permissions(world.person("admin"), direct) == NONE


def test_who_is_no_member_may_nothing(world: World) -> None:
    assert world.permissions(world.owner, world.channel("general")) == NONE


def test_people_are_found_by_name_label_or_language(world: World) -> None:
    assert world.person("de") is world.person("Mitglied")
    with pytest.raises(KeyError):
        world.person("nobody")
    with pytest.raises(KeyError):
        world.channel("nowhere")


def test_a_thread_follows_its_parents_permissions_and_goes_with_it(world: World) -> None:
    parent = world.channel("moderators")
    thread = world.add_thread(parent, "Talk", world.bot)
    assert SEE not in world.permissions(world.person("member"), thread)
    world.remove_channel(parent)
    assert thread.id not in world.channels


def test_a_removed_role_grants_nothing_any_more(world: World) -> None:
    (guild,) = world.guilds.values()
    role = next(role for role in guild.roles.values() if role.name == "Admins")
    world.remove_role(guild, role)
    assert role.id not in guild.members[world.person("admin").id].role_ids


def test_each_change_is_told_as_the_event_it_makes(world: World) -> None:
    (guild,) = world.guilds.values()
    heard: list[Change] = []
    stop = world.changes.listen(heard.append)
    role = world.add_role(guild, "News managers")
    world.change_role(guild, role, SEND)
    world.remove_role(guild, role)
    world.set_overwrite(world.channel("news"), Overwrite(guild.id, deny=SEE))
    world.remove_bot(guild)
    world.remove_bot(guild)
    stop()
    world.change_guild(guild, name="Renamed")
    assert [change.event for change in heard] == [
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_DELETE",
        "CHANNEL_UPDATE",
        "GUILD_DELETE",
    ]


async def test_changes_come_as_a_stream_too(world: World) -> None:
    async with world.subscribe() as stream:
        world.messages.create(world.channel("general"), world.bot, Draft(content="Text"))
        change = await anext(stream)
    assert change.data["content"] == "Text"


def test_a_crowd_of_servers_each_has_a_channel_for_the_bot(world: World) -> None:
    places = crowd(world, 3)
    assert len(world.bot_guilds()) == 4
    assert all(SEND in world.permissions(world.bot, channel) for _, channel in places)


def test_ids_grow_even_while_the_clock_stands_still(clock: SimulatedClock, world: World) -> None:
    ids = [world.time.snowflake() for _ in range(5000)]
    assert ids == sorted(set(ids))


async def test_an_id_tells_its_moment(clock: SimulatedClock) -> None:
    world = World(clock, skew=timedelta(minutes=10))
    await clock.advance(timedelta(days=1))
    moment = (world.time.snowflake() >> 22) + 1_420_070_400_000
    assert moment == int((NOW + timedelta(days=1, minutes=10)).timestamp() * 1000)


def test_discord_stays_right_when_the_bots_clock_is_set_wrong(clock: SimulatedClock, world: World) -> None:
    clock.step_wall(timedelta(days=3650))
    assert world.time.now() == NOW


# Messages


def test_history_pages_as_discord_does(world: World) -> None:
    channel = world.channel("general")
    ids = [world.messages.create(channel, world.bot, Draft(content=str(n))).id for n in range(10)]

    def page(**about: int) -> list[int]:
        return [ids.index(message.id) for message in world.messages.history(channel, **about)]

    assert page(limit=3) == [9, 8, 7]
    assert page(limit=3, before=ids[5]) == [4, 3, 2]
    assert page(limit=3, after=ids[5]) == [8, 7, 6]
    assert page(limit=4, around=ids[5]) == [6, 5, 4, 3]
    assert page(limit=50, before=ids[0]) == []


def test_an_ephemeral_message_is_seen_by_one_person_and_no_history(world: World) -> None:
    channel, member = world.channel("general"), world.person("member")
    message = world.messages.create(channel, world.bot, Draft(content="x"), Extra(only_for=member.id))
    assert world.messages.visible(channel, member) == [message]
    assert world.messages.visible(channel, world.person("admin")) == []
    assert world.messages.history(channel) == []
    assert world.messages.stands(message)
    world.messages.delete(message)
    assert not world.messages.stands(message)


def test_only_the_newest_ephemeral_messages_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.loopback.messages.PRIVATE_KEPT", 2)
    channel, member = world.channel("general"), world.person("member")
    made = [world.messages.create(channel, world.bot, Draft(content="x"), Extra(only_for=member.id)) for _ in range(3)]
    assert world.messages.visible(channel, member) == made[1:]


async def test_a_nonce_is_remembered_for_its_window(clock: SimulatedClock, world: World) -> None:
    channel = world.channel("general")
    message = world.messages.create(channel, world.bot, Draft(content="x"), Extra(nonce="n"))
    world.messages.remember_nonce(message)
    await clock.advance(world.messages.nonce_window_s)
    assert world.messages.sent_with("n") == (True, message)
    world.messages.delete(message)
    assert world.messages.sent_with("n") == (True, None)
    await clock.advance(1)
    assert world.messages.sent_with("n") == (False, None)


def test_components_are_numbered_depth_first(world: World) -> None:
    tree = (
        {
            "type": 17,
            "components": [{"type": 9, "components": [{"type": 10}], "accessory": {"type": 2}}, {"type": 10, "id": 9}],
        },
    )
    message = world.messages.create(world.channel("general"), world.bot, Draft(components=tree, flags=1 << 15))
    (container,) = message.json()["components"]
    section, text = container["components"]
    numbers = [container["id"], section["id"], section["components"][0]["id"], section["accessory"]["id"], text["id"]]
    assert numbers == [1, 2, 3, 4, 9]


MENTIONS: dict[str, tuple[str, dict[str, list[str]] | None, tuple[bool, bool, bool]]] = {
    "all by default": ("<@{user}> <@&{role}>", None, (True, True, False)),
    "none": ("<@{user}> <@&{role}>", {"parse": []}, (False, False, False)),
    "one role only": ("<@{user}> <@&{role}>", {"parse": [], "roles": ["{role}"]}, (False, True, False)),
    "everyone needs a permission": ("@everyone", None, (False, False, False)),
    "nobody unknown": ("<@1> <@&2>", None, (False, False, False)),
}


@pytest.mark.parametrize(("text", "allowed", "expected"), MENTIONS.values(), ids=MENTIONS)
def test_a_message_notifies(
    world: World, text: str, allowed: dict[str, list[str]] | None, expected: tuple[bool, bool, bool]
) -> None:
    (guild,) = world.guilds.values()
    role = world.add_role(guild, "Readers", mentionable=True)
    names = {"user": world.person("member").id, "role": role.id}
    if allowed:
        allowed = {kind: [value.format(**names) for value in values] for kind, values in allowed.items()}
    found = pings(world, world.channel("general"), world.bot, Draft(content=text.format(**names)), allowed)
    assert (bool(found.users), bool(found.roles), found.everyone) == expected
    assert bool(found) is any(expected)


def test_a_role_that_is_not_mentionable_is_not_notified(world: World) -> None:
    (guild,) = world.guilds.values()
    role = world.add_role(guild, "Quiet")
    draft = Draft(components=({"type": 10, "content": f"<@&{role.id}>"},), flags=1 << 15)
    assert pings(world, world.channel("general"), world.bot, draft, None) == Pings()
    world.change_role(guild, world.bot_role(guild), BOT | Permission.MENTION_EVERYONE)
    assert pings(world, world.channel("general"), world.bot, draft, None) == Pings(roles=(role.id,))


def test_forum_channels_say_what_a_forum_has(world: World) -> None:
    (guild,) = world.guilds.values()
    assert "available_tags" in world.add_channel(guild, "stories", Kind.FORUM).json()
