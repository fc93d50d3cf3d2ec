-- 0015 catch-ups and reports: where a member's last /catchup ended, and what members say is wrong with a story.
create table catchup(
  user_id integer not null,
  place_id integer not null references place(id) on delete cascade,
  from_article integer,                    -- what came after this one was shown; null: it was the first time
  to_article integer not null,             -- and up to this one
  from_at integer,                         -- when the one before was asked for
  asked_at integer not null,
  primary key(user_id, place_id)
) strict, without rowid;

create table report(
  id integer primary key autoincrement,
  user_id integer,                         -- null: asked to be forgotten
  place_id integer references place(id) on delete set null,
  story_id integer not null,
  headline text not null,                  -- as it was when it was reported
  reason text not null,
  detail text not null default '',
  reported_at integer not null
) strict;
create index report_user on report(user_id) where user_id is not null;
create index report_story on report(story_id);
