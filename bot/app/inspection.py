"""The part of `dateline check` that needs no network: settings, folder, database, zones, sources, backups.

It reads only: the database is opened `mode=ro`, and nothing is made or changed.
"""

import asyncio
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.app.findings import Finding, Level, few, megabytes
from bot.domain.due import TZDATA_VERSION
from bot.errors import StoreError, StoreFault
from bot.settings import Settings, home
from bot.store.backup import backups, check
from bot.store.database import SIDES
from bot.store.store import Store

_MB = 1 << 20
_TIGHT = 500 * _MB
_TOO_TIGHT = 50 * _MB
_BACKUP_AGE = timedelta(days=2)
_LATE = timedelta(minutes=10)
_START_AGAIN = "Start the bot, or look into its log if it runs."


async def inspect(settings: Settings, now: datetime) -> list[Finding]:
    """Look at everything on this machine."""
    findings = [_secrecy(), *_folder(settings)]
    if not settings.database.exists():
        text = f"There is none yet in {settings.data}; the first start makes it."
        return [*findings, Finding("database", Level.NOTE, text), _zones()]
    findings += _files(settings.database)
    try:
        async with await Store.open(settings.database, read_only=True) as store:
            for look in (_database, _schedules, _sources):
                findings += await look(store)
            findings += await _deliveries(store, now)
    except StoreError as error:
        findings.append(Finding("database", Level.PROBLEM, error.sentence, error.cure or _cure(error)))
    findings += await asyncio.to_thread(_backups, settings, now)
    return findings


def _secrecy() -> Finding:
    path = home() / ".env"
    if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("settings", Level.WARNING, f"Others here can read {path}.", f"Run chmod 600 {path}.")
    return Finding("settings", Level.OK, "Every setting can be used.")


def _folder(settings: Settings) -> list[Finding]:
    folder = settings.data
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        cure = "Make it writable for the bot’s user, or name another one in DATELINE_DATA."
        return [Finding("data folder", Level.PROBLEM, f"{folder} can’t be written.", cure)]
    free = shutil.disk_usage(there).free
    level = Level.PROBLEM if free < _TOO_TIGHT else Level.WARNING if free < _TIGHT else Level.OK
    cure = "" if level is Level.OK else "Make room on that disk, or lower DATELINE_RETENTION_DAYS."
    return [Finding("data folder", level, f"{folder} can be written; {megabytes(free)} free.", cure)]


def _files(database: Path) -> list[Finding]:
    """Name what of the database can't be written; what is one's own the next start makes writable."""
    files = (database.with_name(database.name + side) for side in ("", *SIDES, ".lock"))
    cure = "Give it to the bot’s user with chown, and see that the disk can be written."
    return [
        Finding("database", Level.PROBLEM, f"{file} can’t be written by this user.", cure)
        for file in files
        if file.exists() and not os.access(file, os.W_OK) and file.stat().st_uid != os.geteuid()
    ]


async def _database(store: Store) -> list[Finding]:
    version, newest = await store.overview.version()
    if version > newest:
        cure = "Install the newer Dateline again, or restore the backup made before the upgrade."
        return [Finding("database", Level.PROBLEM, f"It is from a newer Dateline (schema {version}).", cure)]
    if version < newest:
        text = f"Schema {version} of {newest}; the next start copies it aside and brings it up to date."
        return [Finding("database", Level.NOTE, text)]
    if problems := await store.overview.problems():
        text = f"It is damaged: {problems[0]}."
        return [Finding("database", Level.PROBLEM, text, "Stop the bot and run dateline restore with the last backup.")]
    size = await store.overview.size()
    text = f"Whole, schema {version}, {megabytes(size.bytes)}: {size.articles:,} articles in {size.stories:,} stories."
    return [Finding("database", Level.OK, text)]


def _cure(error: StoreError) -> str:
    if error.kind is StoreFault.DAMAGED:
        return "Stop the bot and run dateline restore with the last backup."
    if error.kind is StoreFault.NEWER_SCHEMA:
        return "Install the newer Dateline again, or restore the backup made before the upgrade."
    return "Check who owns the file, and that no other program holds it."


def _zones(names: frozenset[str] = frozenset()) -> Finding:
    unknown = sorted(name for name in names if not _is_zone(name))
    if unknown:
        text = f"{', '.join(unknown[:3])}: no such time zone in the data of {TZDATA_VERSION}."
        return Finding("time zones", Level.PROBLEM, text, "Run ./dateline once to renew the requirements.")
    return Finding("time zones", Level.OK, f"Data of {TZDATA_VERSION}.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


async def _schedules(store: Store) -> list[Finding]:
    schedules = await store.overview.schedules()
    on = [one for one in schedules if one.enabled and one.disabled_code is None]
    stopped = [one for one in schedules if one.disabled_code is not None]
    findings = [_zones(frozenset(one.zone for one in schedules))]
    findings += few(
        [
            Finding(
                "briefings",
                Level.WARNING,
                f"The briefing in channel {one.channel_id} was turned off by itself ({one.disabled_code}).",
                "Mend the cause, then a manager turns it on again with /newsdesk setup.",
            )
            for one in stopped
        ],
        5,
    )
    if on:
        text = f"{len(on):,} on; the next is due {on[0].next_due.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
        findings.append(Finding("briefings", Level.OK, text))
    elif not stopped:
        findings.append(Finding("briefings", Level.NOTE, "None is set up. A manager does it with /newsdesk setup."))
    return findings


async def _sources(store: Store) -> list[Finding]:
    feeds = await store.overview.feeds()
    bad = [one for one in feeds if one.state in {"failing", "disabled"}]
    findings = few(
        [
            Finding(
                "sources",
                Level.WARNING,
                f"{one.title}: {one.detail or 'it can’t be read'} ({one.fail_streak} times).",
                f"Look at it with dateline sources check {one.id}; remove it if it is gone for good.",
            )
            for one in bad
        ],
        5,
    )
    if feeds and len(feeds) > len(bad):
        findings.append(Finding("sources", Level.OK, f"{len(feeds) - len(bad):,} of {len(feeds):,} feeds in order."))
    elif not feeds:
        findings.append(Finding("sources", Level.NOTE, "No feeds yet: only documents are read."))
    return findings


async def _deliveries(store: Store, now: datetime) -> list[Finding]:
    waiting = await store.overview.backlog(now)
    findings = []
    if waiting.oldest_due is not None and now - waiting.oldest_due > _LATE:
        minutes = (now - waiting.oldest_due).total_seconds() / 60
        text = f"{waiting.undelivered:,} not posted yet, the oldest due {minutes:,.0f} minutes ago."
        findings.append(Finding("delivery", Level.PROBLEM, text, _START_AGAIN))
    failed = await store.overview.failures(now - timedelta(days=1))
    if failed:
        why = ", ".join(f"{reason} ({number})" for reason, number in list(failed.items())[:4])
        text = f"{sum(failed.values()):,} not posted in the last day: {why}."
        findings.append(Finding("delivery", Level.WARNING, text, "See dateline status, and what each code means."))
    return findings or [Finding("delivery", Level.OK, "Nothing is waiting or lost.")]


def _backups(settings: Settings, now: datetime) -> list[Finding]:
    made = backups(settings.backup_folder, settings.database.stem)
    if not made:
        is_new = now.timestamp() - settings.database.stat().st_ctime < _BACKUP_AGE.total_seconds()
        text = f"None in {settings.backup_folder}."
        return [
            Finding(
                "backups",
                Level.NOTE if is_new else Level.WARNING,
                text,
                "Run dateline backup, or leave the bot on: it makes one a day.",
            )
        ]
    try:
        check(made[-1])
    except StoreError as error:
        return [Finding("backups", Level.WARNING, error.sentence, "Run dateline backup to make a new one.")]
    return [_age_of(made[-1], len(made), settings.database, now)]


def _age_of(newest: Path, number: int, database: Path, now: datetime) -> Finding:
    made = datetime.strptime(newest.stem[-15:], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    text = f"{number:,} kept, the newest of {made:%Y-%m-%d %H:%M} UTC is whole."
    if now - made > _BACKUP_AGE and database.stat().st_mtime > made.timestamp() + _BACKUP_AGE.total_seconds():
        return Finding("backups", Level.WARNING, text, "Run dateline backup; a running bot makes one a day.")
    return Finding("backups", Level.OK, text)
