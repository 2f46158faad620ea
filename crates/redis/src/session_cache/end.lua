-- KEYS: a session. ARGV: the entry of one that was ended, for how long it is kept.
return replace(KEYS[1], ARGV[1], 'PX', ARGV[2])
