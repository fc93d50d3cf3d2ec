-- 0010 notes: small facts remembered by name, such as which commands Discord has.
create table note(name text primary key, text text not null) strict, without rowid;
