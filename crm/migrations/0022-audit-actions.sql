-- 0022: the newest lines of one action, for example who took data out, without a walk over the whole log.

create index audit_log_actions on audit_log (action, line_no);
