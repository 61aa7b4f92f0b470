-- What: purchases are found by their business day.
-- Why: rules of a card type are tried on the purchases of a past day before they go live. Entries without an amount are
-- not in it, so a stamp or a visit costs nothing.

CREATE INDEX entries_day ON entries (business_day, wall_ms) WHERE amount_minor IS NOT NULL;
