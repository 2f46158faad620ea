-- KEYS: a session, "1 l <last use> <record>" where it is live. ARGV: when it was last used.
-- Returns 1 when the last use was moved forwards, and 0 when the entry is not live or has a use as late.
local last_use, record = string.match(redis.call('GET', KEYS[1]) or '', '^1 l (%-?%d+)( .*)$')
if not last_use or tonumber(last_use) >= tonumber(ARGV[1]) then
  return 0
end
return replace(KEYS[1], '1 l ' .. ARGV[1] .. record, 'KEEPTTL')
