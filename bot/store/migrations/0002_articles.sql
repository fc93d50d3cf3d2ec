-- 0002 articles, the stories they tell, and how both are found again.
-- Ids are never reused: people keep links to stories.
create table story(
  id integer primary key autoincrement,
  language text,                           -- null: not known; a story has one language
  merged_into integer references story(id) on delete set null,
  retracted_at integer,                    -- withdrawn by hand; its articles never return
  newest_at integer,                       -- of its live articles; null: nothing to show
  topic_bits integer not null default 0,
  articles integer not null default 0,     -- live ones
  created_at integer not null
) strict;
create index story_newest on story(newest_at desc, id, topic_bits, language, articles) where newest_at is not null;
create index story_merged on story(merged_into) where merged_into is not null;

create table article(
  id integer primary key autoincrement,
  source_id integer not null references source(id) on delete cascade,
  story_id integer not null references story(id),
  key text not null,                       -- of the guid, else the link, else headline and date
  link_key text,                           -- of the cleaned link: the second identity
  item_hash text not null,                 -- of headline and text as the source gave them
  changes integer not null default 0,      -- frozen at 24
  headline text not null,
  headline_origin text not null check(headline_origin in ('source', 'derived')),
  text_origin text not null check(text_origin in ('none', 'document', 'feed', 'page')),
  outlet text not null,
  link text,
  published_at integer,                    -- as stated, never guessed; null: not stated
  updated_at integer,
  added_at integer not null,
  position integer not null default 0,
  language text,
  topics text not null default '',         -- words, the surest first
  names text not null default '[]',        -- JSON array
  authors text not null default '[]',      -- JSON array
  section text,
  image_url text,
  image_alt text not null default '',
  is_wire_copy integer not null default 0 check(is_wire_copy in (0, 1)),
  is_counted integer not null default 1 check(is_counted in (0, 1)),
  withdrawn_at integer,                    -- gone at the source, or retracted; null: live
  unique(source_id, key)
) strict;
create index article_story on article(story_id);
create index article_link on article(source_id, link_key) where link_key is not null;
create index article_added on article(added_at);

create table body(
  article_id integer primary key references article(id) on delete cascade,
  text text not null,                      -- paragraphs, one a line
  content_hash text not null               -- of headline and text: the key of cached summaries
) strict;

create table article_name(
  folded text not null,                    -- without case and accents
  article_id integer not null references article(id) on delete cascade,
  name text not null,
  is_whole integer not null,               -- 0: folded is only the last word of the name
  primary key(folded, article_id)
) strict, without rowid;
create index article_name_article on article_name(article_id);

-- One row per source and story, newest first: lists for any set of sources merge these rows.
create table shelf(
  source_id integer not null references source(id) on delete cascade,
  newest_at integer not null,
  story_id integer not null references story(id) on delete cascade,
  topic_bits integer not null,
  language text,
  articles integer not null,
  primary key(source_id, newest_at desc, story_id)
) strict, without rowid;
create index shelf_story on shelf(story_id);

-- Purged items leave their keys, and never return.
create table tombstone(
  source_id integer not null references source(id) on delete cascade,
  key text not null,                       -- of the item, and of its link
  purged_at integer not null,
  primary key(source_id, key)
) strict, without rowid;

-- What happened to articles that may have been shown already.
create table change(
  id integer primary key autoincrement,
  kind text not null check(kind in ('headline', 'text', 'withdrawn', 'restored', 'retracted')),
  article_id integer not null,
  story_id integer not null,
  at integer not null,
  before text not null,
  after text not null
) strict;
create index change_story on change(story_id);

create table summary(
  content_hash text not null,
  length text not null check(length in ('short', 'medium', 'long')),
  method text not null,                    -- the version of the method; others' rows are stale
  sentences text not null,                 -- JSON array
  picked text not null,                    -- JSON array of indices
  total integer not null,
  primary key(content_hash, length)
) strict, without rowid;

-- What was imported from which text.
create table document(
  source_id integer primary key references source(id) on delete cascade,
  content_hash text not null,
  imported_at integer not null
) strict;
create index document_content on document(content_hash);
create table document_file(
  name text primary key,                   -- in the watched folder
  content_hash text not null,              -- of the bytes
  source_id integer references source(id) on delete set null,
  detail text not null default '',         -- why it was refused; empty: it was taken in
  seen_at integer not null
) strict;

-- Counts what was committed, so that answers made from the store can be kept until it changes.
create table revision(id integer primary key check(id = 1), number integer not null) strict;
insert into revision(id, number) values(1, 0);

-- Contentless: store/search.py feeds it and takes out what it fed. labels holds "s<source id>" and the topics.
create virtual table article_fts using fts5(
  headline, body, labels,
  content='', tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
