-- KEYS: a session. ARGV: the entry of one whose account changed, for how long it is kept, the entry of one that was
-- ended, which stays. Returns 1 when it was written down.
if redis.call('GET', KEYS[1]) == ARGV[3] then
  return 0
end
return replace(KEYS[1], ARGV[1], 'PX', ARGV[2])
