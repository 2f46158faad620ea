-- KEYS: an app's sealed token. ARGV: the one to forget. Returns 1 when it was forgotten.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
