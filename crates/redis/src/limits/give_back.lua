-- KEYS: the usage of a limit. ARGV: when a use was counted, the kind, and the last number of the script that counted
-- it: how much one use takes, or how long a window lasts.
local at, span = tonumber(ARGV[1]), tonumber(ARGV[3])
local value, rest = redis.call('GET', KEYS[1]) or '', nil
if ARGV[2] == 'b' then
  local full_at = tonumber(string.match(value, '^b (%d+)$'))
  rest = full_at and full_at - span > at and string.format('b %.0f', full_at - span)
else
  local started, used = string.match(value, '^w (%d+) (%d+)$')
  started, used = tonumber(started), tonumber(used)
  if not started or at < started or at >= started + span then
    -- A later window, which did not count that use.
    return 0
  end
  rest = used > 1 and string.format('w %.0f %.0f', started, used - 1)
end
if rest then
  redis.call('SET', KEYS[1], rest, 'KEEPTTL')
else
  redis.call('DEL', KEYS[1])
end
return 1
