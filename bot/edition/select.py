"""Selection: which stories make the edition of one place at one moment, and in which role. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.articles import Article
from bot.domain.editions import Edition, LeadChoice, Mode, Pick
from bot.domain.places import QuietDay
from bot.domain.sources import SourceKind
from bot.domain.stories import Story
from bot.edition.diversity import Spread
from bot.edition.rank import NO_TASTE, WATCHED_FACTOR, Taste, best_first, newest_first, rank
from bot.edition.subjects import may_lead

FEW_OUTLETS = 3  # with fewer, "who else reports it" says nothing, and newest first reads better
MAX_LEADS = 2
VARIED = 30  # the first rows of a list; further down the score alone decides
LEAD_DEPTH = 3  # leads come from the best 3 · max_stories, so that no stale story leads for having text
NEWS_AGE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Past:
    """What a place was already shown: for each story, when last. Empty: nothing yet."""

    shown: Mapping[int, datetime] = field(default_factory=dict)
    last_at: datetime | None = None  # when its last edition was made


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a place wants of its edition."""

    max_stories: int = 8
    lead_choice: LeadChoice = LeadChoice.EVERYTHING
    quiet_day: QuietDay | None = None  # None: archive where all are documents, else nothing
    taste: Taste = NO_TASTE


Roles = tuple[Sequence[Pick], Sequence[Pick]]  # leads, and also today


@dataclass(frozen=True, slots=True)
class Ranked:
    """Stories ranked at one moment without any taste, for the editions of many places; it keeps what was chosen."""

    picks: tuple[Pick, ...]
    chosen: dict[object, Roles] = field(default_factory=dict)

    def of(self, stories: Sequence[Story]) -> list[Pick]:
        """Give the picks of some of the stories, best first."""
        ids = {story.id for story in stories}
        return [pick for pick in self.picks if pick.story.id in ids]

    def watching(self, watched: Collection[int]) -> "Ranked":
        """Give the ranking of somebody who follows some of the stories."""
        if not watched:
            return self
        picks = [
            replace(pick, why=replace(pick.why, watched=WATCHED_FACTOR)) if pick.story.id in watched else pick
            for pick in self.picks
        ]
        return Ranked(tuple(sorted(picks, key=best_first)))


def order(
    stories: Sequence[Story], now: datetime, taste: Taste = NO_TASTE, ranked: Ranked | None = None
) -> tuple[Mode, list[Pick]]:
    """Rank stories for reading, best first; where there are few outlets, newest first."""
    picks = rank(stories, now, taste) if ranked is None else ranked.of(stories)
    if not _is_latest(stories):
        return Mode.RANKED, picks
    return Mode.LATEST, [_in_mode(pick, Mode.LATEST) for pick in newest_first(picks)]


def arrange(stories: Sequence[Story], now: datetime, taste: Taste = NO_TASTE) -> tuple[Mode, list[Pick]]:
    """Put stories in the order of a list that is read from the top: like `order`, and varied where it is ranked."""
    mode, picks = order(stories, now, taste)
    if mode is not Mode.RANKED:
        return mode, picks
    spread = Spread(picks)
    return mode, [*spread.take_all(VARIED), *spread.rest]


def is_documents_only(stories: Sequence[Story]) -> bool:
    """Whether everything there is comes from documents."""
    return all(article.source_kind is SourceKind.DOCUMENT for article in _articles(stories))


def is_material(story: Story, shown_at: datetime) -> bool:
    """Whether a story has materially new reporting since it was shown.

    That is half as many new outlets again as it had, or half as many new reports and at least two.
    """
    own = [article for article in story.articles if article.is_counted and not article.is_wire_copy]
    old = [article for article in own if article.added_at <= shown_at]
    new = [article for article in own if article.added_at > shown_at]
    old_outlets = {article.outlet for article in old}
    new_outlets = {article.outlet for article in new} - old_outlets
    return len(new_outlets) >= max(1, len(old_outlets) / 2) or len(new) >= max(2, len(old) / 2)


def select(
    stories: Sequence[Story], now: datetime, past: Past, wishes: Wishes, ranked: Ranked | None = None
) -> Edition:
    """Choose the edition: leads first, then the rest, without quotes (see `compose`).

    With nothing new it is empty, or from the archive where the place wants that; a place with only documents wants
    it unless it says otherwise. `ranked` has all the stories, and holds only where the wishes have no taste.
    """
    seen = [story for story in stories if not wishes.taste.hides(story)]
    fresh = [story for story in seen if _is_news(story, now, past)]
    if fresh and not _only_leftovers(seen, past):
        mode, picks = order(fresh, now, wishes.taste, ranked)
        chosen = _ranked(picks, wishes, ranked) if mode is Mode.RANKED else _in_order(picks, wishes)
        return frame(seen, len(fresh), now, mode, chosen, past)
    wanted = wishes.quiet_day or (QuietDay.ARCHIVE if is_documents_only(seen) else QuietDay.LINE)
    if wanted is not QuietDay.ARCHIVE:
        return frame(seen, len(seen), now, Mode.RANKED, ((), ()), past)
    return frame(seen, len(seen), now, Mode.ARCHIVE, _in_order(_least_shown(seen, now, past, wishes), wishes), past)


def _is_news(story: Story, now: datetime, past: Past) -> bool:
    """Whether a story may be in an edition: not shown here yet or materially more by now, and not stale."""
    shown_at = past.shown.get(story.id)
    if shown_at is not None and not is_material(story, shown_at):
        return False
    if past.last_at is None or is_documents_only([story]):
        return True
    return story.newest_at >= min(past.last_at, now - NEWS_AGE)


def _only_leftovers(stories: Sequence[Story], past: Past) -> bool:
    """Whether all is documents, and all was there when the last edition was made: the archive's turn."""
    if past.last_at is None or not is_documents_only(stories):
        return False
    return all(article.added_at <= past.last_at for article in _articles(stories))


def _ranked(picks: Sequence[Pick], wishes: Wishes, ranked: Ranked | None) -> Roles:
    """Choose from ranked picks; the same again where the same was chosen from."""
    if ranked is None:
        return _spread(picks, wishes)
    key = (tuple(pick.story.id for pick in picks), wishes.max_stories, wishes.lead_choice)
    if key not in ranked.chosen:
        ranked.chosen[key] = _spread(picks, wishes)
    return ranked.chosen[key]


def _spread(picks: Sequence[Pick], wishes: Wishes) -> Roles:
    spread = Spread(picks)
    near_top = picks[: LEAD_DEPTH * wishes.max_stories]
    leading = {pick.story.id for pick in near_top if _may_lead(pick.story, wishes)}
    leads: list[Pick] = []
    while len(leads) < min(MAX_LEADS, wishes.max_stories) and (pick := spread.take(leading)):
        leads.append(pick)
    return leads, spread.take_all(wishes.max_stories - len(leads))


def _in_order(picks: Sequence[Pick], wishes: Wishes) -> Roles:
    chosen = picks[: wishes.max_stories]
    leads = [pick for pick in chosen if _may_lead(pick.story, wishes)][:MAX_LEADS]
    return leads, [pick for pick in chosen if pick not in leads]


def _least_shown(stories: Sequence[Story], now: datetime, past: Past, wishes: Wishes) -> list[Pick]:
    picks = [_in_mode(pick, Mode.ARCHIVE) for pick in rank(stories, now, wishes.taste)]
    return sorted(picks, key=lambda pick: past.shown.get(pick.story.id, _NEVER))


_NEVER = datetime.min.replace(tzinfo=UTC)


def _may_lead(story: Story, wishes: Wishes) -> bool:
    has_substance = story.has_text or len(story.articles) > 1
    is_muted = story.lead.source_id in wishes.taste.muted_sources
    return has_substance and not is_muted and may_lead(story, wishes.lead_choice)


def _is_latest(stories: Sequence[Story]) -> bool:
    """Whether there are too few outlets to rank by; without any date, newest first would say nothing either."""
    articles = list(_articles(stories))
    is_dated = any(article.published_at for article in articles)
    return is_dated and len({article.outlet for article in articles}) < FEW_OUTLETS


def _in_mode(pick: Pick, mode: Mode) -> Pick:
    return replace(pick, why=replace(pick.why, mode=mode))


def frame(seen: Sequence[Story], total: int, now: datetime, mode: Mode, roles: Roles, past: Past) -> Edition:
    """Make an edition of leads and the rest, with the facts that its frame states."""
    is_archive = mode is Mode.ARCHIVE
    leads, also = (
        tuple(replace(pick, is_update=not is_archive and pick.story.id in past.shown) for pick in role)
        for role in roles
    )
    shown = [pick.story for pick in leads + also]
    return Edition(
        made_at=now,
        leads=leads,
        also=also,
        total_stories=total,
        mode=mode,
        is_undated=bool(shown) and not any(article.published_at or article.updated_at for article in _articles(shown)),
        is_sample=bool(shown) and all(story.is_sample for story in shown),
        newest_added_at=max((article.added_at for article in _articles(seen)), default=None),
    )


def _articles(stories: Iterable[Story]) -> Iterator[Article]:
    return (article for story in stories for article in story.articles)
