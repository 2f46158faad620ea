-- KEYS: a session. ARGV: the entry of an invalidated session, how long it is kept, the entry of an ended one, the channel
-- and the message for the other nodes.
-- Returns 1 when the entry was replaced, and 0 when the session has ended.
if redis.call('GET', KEYS[1]) == ARGV[3] then
  return 0
end
local replaced = replace(KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return replaced
