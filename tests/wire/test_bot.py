from pathlib import Path

from bot.clock import SystemClock
from bot.loopback import Loopback
from tests.wire.newsroom import newsroom


async def test_the_bot_starts_imports_the_sample_and_syncs_its_commands_once(
    tmp_path: Path, loopback: Loopback
) -> None:
    async with newsroom(tmp_path, loopback, SystemClock()) as room:
        assert (await room.house.store.stories.revision()) > 0
        first = dict(room.live.client.command_ids)
    async with newsroom(tmp_path, loopback, SystemClock()) as room:
        assert room.live.client.command_ids == first
    synced = [one for one in loopback.traffic.requests if one.method == "PUT" and one.template.endswith("/commands")]
    assert len(synced) == 1
