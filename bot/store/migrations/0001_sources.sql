-- 0001 sources: where items come from. Feed fetching state is in 0004.
create table source(
  id integer primary key,
  kind text not null check(kind in ('document', 'feed')),
  name text not null unique,               -- a document's title or file stem; a feed's address
  title text not null,
  url text,                                -- feeds only
  home_url text,
  language text,                           -- as stated; null: not known
  country text,
  topic text,                              -- the source's own category; null: mixed
  is_sample integer not null default 0 check(is_sample in (0, 1)),
  state text not null default 'new',
  detail text not null default '',         -- the state in plain words
  added_at integer not null
) strict;
