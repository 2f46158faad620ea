-- KEYS: the login. ARGV: now, until, how long the entry is kept, '1' when there is a context, the context.
local till, version, state, context = parse(redis.call('GET', KEYS[1]), ARGV[1])
if ARGV[4] == '1' then
  context = ARGV[5]
end
return store(KEYS[1], ARGV[2], ARGV[3], till, version or '0', state or '', context or '')
