-- KEYS: a login's SMS code, "1 <until> <attempts left> <digest>". ARGV: now.
-- Counts an attempt and returns how many are left, with the digest to compare; nothing when no attempt is left.
local till, attempts, digest = string.match(redis.call('GET', KEYS[1]) or '', '^1 (%-?%d+) (%d+) (.*)$')
attempts = tonumber(attempts)
if not till or tonumber(till) <= tonumber(ARGV[1]) or attempts == 0 then
  return false
end
-- The digest is binary: string.format would cut it at its first zero byte.
redis.call('SET', KEYS[1], string.format('1 %s %.0f ', till, attempts - 1) .. digest, 'KEEPTTL')
return { attempts - 1, digest }
