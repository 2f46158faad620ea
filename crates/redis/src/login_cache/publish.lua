-- KEYS: the login's entry. ARGV: now, until, for how long it is kept, version, state, the channel, the login.
-- Returns 1 when it was put up, and 0 when there is one that is as new.
local till, version, _, context = known(redis.call('GET', KEYS[1]), ARGV[1])
if version and tonumber(version) >= tonumber(ARGV[4]) then
  return 0
end
local put = keep(KEYS[1], ARGV[2], ARGV[3], till, ARGV[4] .. ' ' .. ARGV[5] .. '\n' .. (context or ''))
if put.err then
  -- Without room for it nobody must go on reading that nothing has happened.
  redis.call('DEL', KEYS[1])
end
redis.call('PUBLISH', ARGV[6], ARGV[7])
if put.err then
  return put
end
return 1
