-- KEYS: a login's code, "1 <until> <tries left> <digest>". ARGV: now.
-- Counts a try, and returns how many are left and the digest to compare with; nothing when there is no try.
local value = redis.call('GET', KEYS[1]) or ''
local till, tries, digest = string.match(value, '^1 (%-?%d+) (%d+) (%x+)$')
tries = tonumber(tries)
if not till or tonumber(till) <= tonumber(ARGV[1]) or tries == 0 then
  return false
end
redis.call('SET', KEYS[1], string.format('1 %s %.0f %s', till, tries - 1, digest), 'KEEPTTL')
return { tries - 1, digest }
