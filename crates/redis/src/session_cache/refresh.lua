-- KEYS: a session, "1 l <last seen> <the rest>" where it is live. ARGV: when it was seen last.
-- Returns 1 when it was moved forwards, and 0 when there is no such copy, or one that is as new.
local seen, rest = string.match(redis.call('GET', KEYS[1]) or '', '^1 l (%-?%d+)( .*)$')
if not seen or tonumber(seen) >= tonumber(ARGV[1]) then
  return 0
end
return replace(KEYS[1], '1 l ' .. ARGV[1] .. rest, 'KEEPTTL')
