-- 0004 feeds: when each is asked next and how it does; who reads it; filters and mutes of places.
create table feed(
  source_id integer primary key references source(id) on delete cascade,
  domain text not null,                    -- registrable
  next_check_at integer,                   -- null: not asked (paused, disabled, or nobody reads it)
  checked_at integer,
  ok_at integer,                           -- the last good answer
  etag text,                               -- this and the next: verbatim, from the last answer that was stored
  last_modified text,
  body_hash text,
  interval_s integer not null default 3600,
  cadence text not null default '{}',      -- JSON: what the publisher asks for
  fail_streak integer not null default 0,
  fault text not null default '',          -- of the last try; empty: it went well
  fault_since integer,
  told_at integer,                         -- managers know of the trouble that lasts
  is_baselined integer not null default 0 check(is_baselined in (0, 1)),
  quiet_streak integer not null default 0,
  moved_to text,
  moved_since integer,
  moved_streak integer not null default 0,
  may_fetch_pages integer not null default 1 check(may_fetch_pages in (0, 1)),
  is_for_all integer not null default 0 check(is_for_all in (0, 1)),  -- the operator's: every place reads it
  is_paused integer not null default 0 check(is_paused in (0, 1)),    -- by the operator, for everybody
  readers integer not null default 0       -- places that read it
) strict;
create index feed_due on feed(next_check_at) where next_check_at is not null;
create index feed_domain on feed(domain, next_check_at) where next_check_at is not null;

-- Publishers that asked for a pause, with all of their feeds.
create table hold(domain text primary key, until integer not null) strict, without rowid;

-- A source belongs to the place, not to the person who added it.
create table subscription(
  place_id integer not null references place(id) on delete cascade,
  source_id integer not null references source(id) on delete cascade,
  is_paused integer not null default 0 check(is_paused in (0, 1)),
  pack text,                               -- the catalogue's pack it came with
  added_at integer not null,
  primary key(place_id, source_id)
) strict, without rowid;
create index subscription_source on subscription(source_id, place_id) where is_paused = 0;

-- What managers are to be told; a row goes when it was.
create table source_notice(
  id integer primary key autoincrement,
  place_id integer not null references place(id) on delete cascade,
  source_id integer not null references source(id) on delete cascade,
  kind text not null,
  cure text not null,
  reason text not null,
  at integer not null,
  unique(place_id, source_id, kind)
) strict;

create table place_filter(
  place_id integer primary key references place(id) on delete cascade,
  rules text not null                      -- JSON
) strict;

create table mute(
  place_id integer not null references place(id) on delete cascade,
  kind text not null check(kind in ('topic', 'word')),
  value text not null,
  until integer not null,
  primary key(place_id, kind, value)
) strict, without rowid;

-- Where the sample has given way. It never returns by itself.
create table sample_yield(
  place_id integer primary key references place(id) on delete cascade,
  at integer not null,
  told_at integer                          -- null: the managers are still to be told
) strict;
