-- KEYS: a session. ARGV: the entry of an ended session, how long it is kept, the channel and the message for the other
-- nodes.
local replaced = replace(KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return replaced
