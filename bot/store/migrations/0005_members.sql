-- 0005 members: what a member was last shown, what was shared, and how often messages are used (without by whom).
-- Every table here with a user_id is in store/members.py: in the export, and emptied by "delete my data".
create table last_list(
  user_id integer not null,
  place_id integer not null references place(id) on delete cascade,
  story_ids text not null,                 -- JSON array: the first is row 1; 0 where a row was not listed
  listed_at integer not null,
  primary key(user_id, place_id)
) strict, without rowid;
create index last_list_old on last_list(listed_at);

-- A search's words, so that its pages can be turned: custom ids hold no words.
create table kept_search(
  id integer primary key,                  -- random, so that it tells nothing
  user_id integer not null,
  words text not null,
  searched_at integer not null
) strict;
create index kept_search_user on kept_search(user_id);
create index kept_search_old on kept_search(searched_at);

-- One share per story, channel and hour.
create table share(
  story_id integer not null,
  channel_id integer not null,
  hour integer not null,                   -- whole hours since the epoch
  user_id integer,                         -- who shared it; null: asked to be forgotten
  message_id integer,                      -- null until it is posted
  shared_at integer not null,
  primary key(story_id, channel_id, hour)
) strict, without rowid;
create index share_user on share(user_id) where user_id is not null;
create index share_old on share(shared_at);

create table message_use(
  message_id integer primary key,
  opens integer not null default 0,
  shares integer not null default 0,
  first_at integer not null
) strict;
