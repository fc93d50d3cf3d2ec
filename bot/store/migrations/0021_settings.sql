-- 0021 settings: changes are read by place, and an import waits here until a manager confirms it.
create index setting_change_place on setting_change(place_id, at);

create table settings_import(
  id integer primary key,                  -- random, so that it tells nothing
  place_id integer not null references place(id) on delete cascade,
  document text not null,                  -- the file, read and found in order
  made_at integer not null
) strict;
create index settings_import_place on settings_import(place_id);
create index settings_import_old on settings_import(made_at);
