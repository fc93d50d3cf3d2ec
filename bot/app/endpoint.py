"""The opt-in endpoint of a running bot on 127.0.0.1: `/health` for supervisors, `/metrics` for Prometheus."""

import contextlib
import importlib.util
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

from aiohttp import web

from bot.app.health import Health, Pulse
from bot.clock import Clock
from bot.errors import SetupError
from bot.store.overview import Day, Lateness
from bot.store.store import Store

log = logging.getLogger(__name__)

MISSING = "Metrics need prometheus-client: run .venv/bin/python -m pip install prometheus-client, then restart.\n"
_SECURE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_HELP = {
    "ready": "1 while connected to Discord with its servers known",
    "heartbeat_age_s": "Seconds since the event loop last took a turn of its own",
    "latency_s": "Seconds between a heartbeat to Discord and its answer",
    "servers": "Servers the bot is in",
    "undelivered": "Briefings due and not posted yet",
    "oldest_due_s": "Seconds since the oldest of these was due",
    "feeds_overdue": "Feeds that should have been asked by now",
    "source_lag_s": "Seconds since the feed that waits longest should have been asked",
    "disk_free": "Bytes free where the database is",
    "database_bytes": "Bytes of the database with its log",
    "store_answers": "1 while the database answers",
}


@contextlib.asynccontextmanager
async def serve(port: int, pulse: Pulse, store: Store, clock: Clock) -> AsyncIterator[None]:
    """Serve until the block ends; port 0 serves nothing.

    Raises:
        SetupError: the port is taken.
    """
    if port == 0:
        yield
        return
    runner = web.AppRunner(_application(pulse, store, clock), access_log=None)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError as error:
        raise SetupError(
            f"Port {port} of DATELINE_METRICS_PORT is taken, so Dateline does not start. Choose another, or 0 for none."
        ) from error
    log.info("Health and metrics are served", extra={"address": f"http://127.0.0.1:{port}/health"})
    if importlib.util.find_spec("prometheus_client") is None:
        log.warning(MISSING.strip())


def _application(pulse: Pulse, store: Store, clock: Clock) -> web.Application:
    async def health(_: web.Request) -> web.Response:
        seen = await pulse.look()
        return web.json_response(seen.as_json(), status=503 if seen.faults else 200, headers=_SECURE)

    async def metrics(_: web.Request) -> web.Response:
        if importlib.util.find_spec("prometheus_client") is None:
            return web.Response(text=MISSING, status=501, headers=_SECURE)
        since = clock.now() - timedelta(days=1)
        days, late = await store.overview.days(since), await store.overview.lateness(since)
        body = exposition(await pulse.look(), days, late)
        return web.Response(body=body, headers={**_SECURE, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    application = web.Application()
    application.router.add_get("/health", health)
    application.router.add_get("/metrics", metrics)
    return application


def exposition(health: Health, days: Iterable[Day], late: Lateness | None) -> bytes:
    """Give the metrics in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest  # noqa: PLC0415 - an extra

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    for name, text in _HELP.items():
        value = getattr(health, name)
        unit = {"disk_free": "disk_free_bytes"}.get(
            name, name.removesuffix("_s") + ("_seconds" if name.endswith("_s") else "")
        )
        Gauge(f"dateline_{unit}", text, registry=registry).set(0 if value is None else value)
    told = list(days)
    deliveries = Gauge("dateline_deliveries_last_day", "Briefings due in the last day", ["outcome"], registry=registry)
    for outcome in ("sent", "late", "failed", "quiet"):
        deliveries.labels(outcome).set(sum(getattr(day, outcome) for day in told))
    lateness = Gauge(
        "dateline_lateness_seconds", "Lateness of the last day's briefings", ["quantile"], registry=registry
    )
    for quantile, seconds in (("0.5", late.median_s), ("0.95", late.p95_s), ("1", late.worst_s)) if late else ():
        lateness.labels(quantile).set(seconds)
    return generate_latest(registry)
