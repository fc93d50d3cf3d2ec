-- 0016 follows: what people want to hear of by DM, what matched, and how they want to be told.
-- A person's own place also reads what the servers read in which they set something up.
create table reads_with(
  place_id integer not null references place(id) on delete cascade,     -- the person's
  server_id integer not null references place(id) on delete cascade,
  primary key(place_id, server_id)
) strict, without rowid;
create index reads_with_server on reads_with(server_id);

create table follower(
  user_id integer primary key,
  quiet_from text check(quiet_from glob '[0-2][0-9]:[0-5][0-9]'),
  quiet_until text check(quiet_until glob '[0-2][0-9]:[0-5][0-9]'),
  zone text,                               -- of the quiet hours, and of the day that the cap counts
  closed_at integer,                       -- Discord refused a DM; null: not that we know
  told_at integer                          -- when they were told so in a private answer
) strict;

create table follow(
  id integer primary key autoincrement,    -- never reused: alerts carry it in a button
  user_id integer not null,
  place_id integer not null references place(id) on delete cascade,     -- the person's
  kind text not null check(kind in ('topic', 'name', 'source', 'story')),
  value text not null,                     -- a topic's word, a folded name, or an id
  label text not null,
  since integer not null,
  unique(user_id, kind, value)
) strict;
create index follow_place on follow(place_id);

-- What matched. Written in the transaction of the articles, so that nothing is lost or told twice.
create table alert(
  id integer primary key autoincrement,
  follow_id integer not null references follow(id) on delete cascade,
  user_id integer not null,
  story_id integer not null,
  is_growth integer not null check(is_growth in (0, 1)),
  state text not null check(state in ('waiting', 'sent', 'kept', 'dropped')),  -- kept: for the next own briefing
  matched_at integer not null,
  not_before integer not null,
  tries integer not null default 0,
  sent_at integer,
  channel_id integer,
  message_id integer,
  dressed_at integer                       -- null with a message id: its controls are still to come
) strict;
create unique index alert_once on alert(user_id, story_id) where is_growth = 0;
create unique index alert_growing on alert(user_id, story_id) where is_growth = 1 and state = 'waiting';
create index alert_due on alert(not_before) where state = 'waiting';
create index alert_undressed on alert(id) where message_id is not null and dressed_at is null;
create index alert_user on alert(user_id, sent_at);
create index alert_follow on alert(follow_id);
create index alert_old on alert(matched_at);
