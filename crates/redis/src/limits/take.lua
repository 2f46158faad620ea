-- KEYS: the usages of the limits. ARGV: now, '1' to count a use or '0' only to check, how long a usage is kept after
-- all its uses have expired; then for each key the kind and two numbers:
--   'b', how much the bucket holds, how much one use takes: the usage is "b <when it is full again>"
--   'w', how many uses a window allows, how long it lasts: the usage is "w <when it started> <uses>"
-- Times are microseconds, which Lua represents exactly until the year 2255; how long a usage is kept is milliseconds.
-- Returns how long the use is refused, and 0 when no limit refuses it.
local now, wait, usages = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
  local kind, size, span = ARGV[3 * i + 1], tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
  local value, rest = redis.call('GET', key) or '', nil
  if kind == 'b' then
    rest = math.max(tonumber(string.match(value, '^b (%d+)$') or 0), now) + span
    wait = math.max(wait, rest - now - size)
    value = string.format('b %.0f', rest)
  else
    local started, used = string.match(value, '^w (%d+) (%d+)$')
    started, used = tonumber(started), tonumber(used)
    if not started or now >= started + span then
      started, used = now, 0
    end
    rest = started + span
    if used >= size then
      wait = math.max(wait, rest - now)
    end
    value = string.format('w %.0f %.0f', started, used + 1)
  end
  usages[i] = { value, string.format('%.0f', math.ceil((rest - now) / 1000) + ARGV[3]) }
end
if wait == 0 and ARGV[2] == '1' then
  for i, key in ipairs(KEYS) do
    redis.call('SET', key, usages[i][1], 'PX', usages[i][2])
  end
end
return wait
