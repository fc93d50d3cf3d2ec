-- 0023 purges: what has had its time is found without walking through all that is kept.
create index delivery_due on delivery(due_at);
create index delivery_text on delivery(due_at) where payload is not null;
create index setting_change_old on setting_change(at);
