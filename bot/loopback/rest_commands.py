"""Command sync over REST: the global set and a guild's own, read, replaced, changed one by one."""

from bot.loopback import problems
from bot.loopback.rest import NOTHING, Answer, Call, Route, Routes, Stand


def _scope(stand: Stand, call: Call) -> int:
    if call.number("application_id") != stand.world.bot.id:
        raise problems.unknown("Application")
    return stand.guild(call).id if "guild_id" in call.params else 0


def listed(stand: Stand, call: Call) -> Answer:
    """Give a set."""
    return Answer(stand.world.commands.listed(_scope(stand, call)))


def replace(stand: Stand, call: Call) -> Answer:
    """Replace a set."""
    return Answer(stand.world.commands.replace(_scope(stand, call), call.body))


def create(stand: Stand, call: Call) -> Answer:
    """Add one command."""
    return Answer(stand.world.commands.upsert(_scope(stand, call), call.fields), 201)


def fetch(stand: Stand, call: Call) -> Answer:
    """Give one command."""
    found = stand.world.commands.by_id(_scope(stand, call), call.number("command_id"))
    if found is None:
        raise problems.unknown("application command")
    return Answer(found)


def edit(stand: Stand, call: Call) -> Answer:
    """Change one command."""
    found = fetch(stand, call).json
    kept = {name: found[name] for name in ("name", "description", "type", "options") if name in found}
    return Answer(stand.world.commands.upsert(_scope(stand, call), kept | call.fields))


def delete(stand: Stand, call: Call) -> Answer:
    """Delete one command."""
    if not stand.world.commands.remove(_scope(stand, call), call.number("command_id")):
        raise problems.unknown("application command")
    return NOTHING


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES: Routes = tuple(
    route
    for base in (_GLOBAL, _GUILD)
    for route in (
        Route("GET", base, listed),
        Route("PUT", base, replace),
        Route("POST", base, create),
        Route("GET", f"{base}/{{command_id}}", fetch),
        Route("PATCH", f"{base}/{{command_id}}", edit),
        Route("DELETE", f"{base}/{{command_id}}", delete),
    )
)
