-- KEYS: the login. ARGV: now, until, how long the entry is kept, version, state, the channel, the login's id.
-- Returns 1 when the outcome was stored, and 0 when the stored one is as new.
local till, version, _, context = parse(redis.call('GET', KEYS[1]), ARGV[1])
if version and tonumber(version) >= tonumber(ARGV[4]) then
  return 0
end
local stored = store(KEYS[1], ARGV[2], ARGV[3], till, ARGV[4], ARGV[5], context or '')
if stored.err then
  -- Redis is full: remove the entry, so that no node reads that the login is still open. One that refuses every write
  -- refuses this as well; the first error says why.
  redis.pcall('DEL', KEYS[1])
end
redis.call('PUBLISH', ARGV[6], ARGV[7])
if stored.err then
  return stored
end
return 1
