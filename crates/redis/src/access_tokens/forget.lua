-- KEYS: an app's sealed token. ARGV: the token to remove. Returns 1 when it was removed, and 0 when there is another.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
