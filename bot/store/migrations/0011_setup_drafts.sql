-- 0011 setup drafts: what a manager has chosen in a setup panel that is not turned on yet.
create table setup_draft(
  place_id integer not null references place(id) on delete cascade,
  user_id integer not null,
  schedule_id integer not null,            -- the briefing that is edited; 0: a new one
  choices text not null,                   -- JSON: only what was chosen; the rest comes from place and schedule
  changed_at integer not null,
  primary key(place_id, user_id, schedule_id)
) strict, without rowid;
create index setup_draft_old on setup_draft(changed_at);
