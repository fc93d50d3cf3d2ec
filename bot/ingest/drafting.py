"""Drafting: items that were judged and digested become what the store writes and grouping compares. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, Draft, Edit, IngestReport, Known
from bot.domain.sources import Source, SourceKind
from bot.ingest.decide import Verdict
from bot.ingest.digest import Digest
from bot.ingest.normalise import Prepared, outlet_of
from bot.language.stories import Headline, Placement


@dataclass(frozen=True, slots=True)
class Judged:
    """One source's items with what is to be done with them, ready to be grouped and stored.

    The digests are of the verdict's new items, its edits and its restored ones, in this order.
    """

    source: Source
    now: datetime
    verdict: Verdict
    digests: tuple[Digest, ...] = ()

    @property
    def asked(self) -> tuple[Prepared, ...]:
        """The items that need a digest."""
        return (*self.verdict.new, *(one for _, one in self._kept))

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to write."""
        verdict = self.verdict
        changes = (verdict.new, verdict.edits, verdict.restored, verdict.withdrawn, verdict.moved, verdict.rekeyed)
        return not any(changes)

    @property
    def _kept(self) -> tuple[tuple[Known, Prepared], ...]:
        return (*self.verdict.edits, *self.verdict.restored)

    def headlines(self, first_id: int) -> list[Headline]:
        """Give what grouping compares of the new articles, which take ids from `first_id` on."""
        return [
            _headline(self.source, one, digest, first_id + number, self.now)
            for number, (one, digest) in enumerate(self._fresh())
        ]

    def batch(self, first_id: int, placements: Iterator[tuple[Placement, int]]) -> Batch:
        """Give all that is to be written, the new articles as they were grouped."""
        edits = tuple(
            Edit(known.article_id, _draft(self.source, one, digest))
            for known, one, digest in self._changed()[: len(self.verdict.edits)]
        )
        return Batch(
            drafts=tuple(
                _draft(self.source, one, digest, first_id + number, next(placements))
                for number, (one, digest) in enumerate(self._fresh())
            ),
            edits=edits,
            restored=tuple(known.article_id for known, _ in self.verdict.restored),
            withdrawn=self.verdict.withdrawn,
            moved=self.verdict.moved,
            rekeyed=self.verdict.rekeyed,
        )

    def edited(self) -> list[tuple[Headline, int]]:
        """Give the headlines that were edited or came back, and their stories."""
        return [
            (_headline(self.source, one, digest, known.article_id, known.added_at), known.story_id)
            for known, one, digest in self._changed()
        ]

    def report(self, written: IngestReport | None = None) -> IngestReport:
        """Add the counts of what needed no write."""
        report = written or IngestReport(self.source.id)
        return replace(
            report,
            unchanged=self.verdict.unchanged,
            duplicates=self.verdict.duplicates,
            refused=report.refused + self.verdict.refused,
        )

    def _fresh(self) -> Iterator[tuple[Prepared, Digest]]:
        return zip(self.verdict.new, self.digests, strict=False)  # the other digests are of old articles

    def _changed(self) -> list[tuple[Known, Prepared, Digest]]:
        old = self.digests[len(self.verdict.new) :]
        return [(known, one, digest) for (known, one), digest in zip(self._kept, old, strict=True)]


_NOWHERE = (Placement(None), 0)


def _draft(
    source: Source,
    one: Prepared,
    digest: Digest,
    article_id: int | None = None,
    placed: tuple[Placement, int] = _NOWHERE,
) -> Draft:
    item, (placement, story_id) = one.item, placed
    origin = TextOrigin.DOCUMENT if source.kind is SourceKind.DOCUMENT else TextOrigin.FEED
    return Draft(
        key=one.key,
        link_key=one.link_key,
        item=item if item.headline == digest.headline else replace(item, headline=digest.headline),
        outlet=outlet_of(item, source),
        story_id=story_id,
        item_hash=one.item_hash,
        headline_origin=digest.headline_origin,
        text_origin=origin if item.paragraphs else TextOrigin.NONE,
        language=digest.language,
        topics=digest.topics,
        names=digest.names,
        is_wire_copy=placement.wire_copy_of is not None,
        is_counted=placement.is_counted,
        article_id=article_id,
    )


def _headline(source: Source, one: Prepared, digest: Digest, article_id: int, added_at: datetime) -> Headline:
    at = one.item.published_at or (added_at if source.kind is SourceKind.FEED else None)
    return Headline(
        article_id,
        digest.headline,
        at,
        outlet_of(one.item, source),
        digest.language,
        digest.names,
        signature=digest.signature,
    )
