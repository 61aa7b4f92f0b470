-- What: spends paid with what was earned at this till alone are found without reading the others.
-- Why so: a request that takes along what was earned, and not yet what was spent of it, names these spends, so that the
-- centre gives the units to nobody else meanwhile. Rows of other kinds never touch this index.

CREATE INDEX ops_gain ON ops (tseq) WHERE json_extract(body, '$.cover.gain') > 0;
