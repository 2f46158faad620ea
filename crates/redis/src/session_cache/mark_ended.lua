-- KEYS: a session. ARGV: the entry of an ended session, how long it is kept.
return replace(KEYS[1], ARGV[1], 'PX', ARGV[2])
