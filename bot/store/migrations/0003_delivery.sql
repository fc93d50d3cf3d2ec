-- 0003 delivery: places, schedules, and the ledger of what was posted.
create table place(
  id integer primary key,
  kind text not null check(kind in ('server', 'person')),
  discord_id integer not null,             -- guild id, or user id
  locale text,
  zone text,
  sample text not null default 'auto',
  public_channels text not null default '[]',
  notices_channel integer,
  manager_role integer,
  may_share integer not null default 1 check(may_share in (0, 1)),
  corrections integer not null default 1 check(corrections in (0, 1)),
  set_up_by integer,
  welcomed_at integer,
  left_at integer,                         -- the bot was removed; settings are kept 30 days
  created_at integer not null,
  unique(kind, discord_id)
) strict;

create table schedule(
  id integer primary key,
  key blob not null unique,                -- 8 random bytes; survives a restore, so nonces do too
  place_id integer not null references place(id) on delete cascade,
  channel_id integer not null,             -- a DM: 0 until it was opened
  target text not null,
  local_time text not null check(local_time glob '[0-2][0-9]:[0-5][0-9]'),
  zone text not null,
  weekdays integer not null default 127 check(weekdays between 1 and 127),
  settings text not null default '{}',     -- JSON: name, style, topics, sources and the like
  enabled integer not null default 1 check(enabled in (0, 1)),
  next_due integer not null,               -- the instant
  next_date text not null,                 -- the local date it stands for
  grace_s integer not null default 10800 check(grace_s between 0 and 43200),
  paused_until text,                       -- local date of the first briefing after the pause
  skip_date text,
  fail_streak integer not null default 0,
  disabled_code text,                      -- why we stopped; null: we did not
  disabled_at integer,
  told_cause text,                         -- the cause a notice was written for; null: nothing is wrong
  told_date text,                          -- the local date it was about
  told_missing text,                       -- JSON
  told_at integer,                         -- when the notice went out; null with a cause: still to be told
  changed_by integer,
  changed_at integer,
  created_at integer not null
) strict;
create index schedule_due on schedule(next_due) where enabled = 1 and disabled_code is null;
create index schedule_place on schedule(place_id);
create index schedule_untold on schedule(id) where told_cause is not null and told_at is null;

create table delivery(
  id integer primary key,
  schedule_id integer not null references schedule(id) on delete cascade,
  local_date text not null,
  slot text not null default 'daily',
  channel_id integer not null,
  due_at integer not null,
  expires_at integer not null,
  state text not null check(state in
    ('planned', 'sending', 'sent', 'failed', 'expired', 'unknown', 'skipped', 'empty')),
  payload text,                            -- frozen at the first claim
  attempts integer not null default 0,
  not_before integer not null,
  is_suspect integer not null default 0,   -- 1: its schedule failed the last time, so healthy ones go first
  lease_owner text,
  lease_until integer,
  fence integer not null default 0,
  error_code integer,
  reason text not null default '',
  sent_at integer,
  created_at integer not null,
  updated_at integer not null,
  unique(schedule_id, local_date, slot)
) strict;
create index delivery_ready on delivery(is_suspect, not_before) where state in ('planned', 'sending');
create index delivery_recent on delivery(schedule_id, due_at);

create table delivery_part(
  delivery_id integer not null references delivery(id) on delete cascade,
  part integer not null,
  nonce text not null unique check(length(nonce) <= 25),
  first_try_at integer,
  last_try_at integer,
  message_id integer,
  dressed_at integer,
  dress_error text,                        -- given up: the plain message stands
  primary key(delivery_id, part)
) strict, without rowid;
create index part_undressed on delivery_part(delivery_id)
  where message_id is not null and dressed_at is null and dress_error is null;

create table delivery_story(
  delivery_id integer not null references delivery(id) on delete cascade,
  position integer not null,
  story_id integer not null,
  article_id integer not null,
  headline text not null,                  -- as it was shown
  is_lead integer not null default 0 check(is_lead in (0, 1)),
  corrected_to text,                       -- the new headline; '' for a withdrawn one; null: not corrected
  corrected_at integer,
  corrected_shown_at integer,              -- when the post was edited; null: still to be done
  primary key(delivery_id, position)
) strict, without rowid;
create index delivery_story_story on delivery_story(story_id);
create index delivery_story_article on delivery_story(article_id);
create index delivery_story_uncorrected on delivery_story(delivery_id)
  where corrected_at is not null and corrected_shown_at is null;

create table setting_change(
  id integer primary key,
  place_id integer not null references place(id) on delete cascade,
  schedule_id integer,
  what text not null,
  detail text not null default '',
  changed_by integer,                      -- null: the bot itself, or a person who asked to be forgotten
  at integer not null
) strict;
create index setting_change_schedule on setting_change(schedule_id, at);

create table clock_meta(           -- what the planner must remember: the tzdata version
  name text primary key,
  value text not null
) strict, without rowid;
