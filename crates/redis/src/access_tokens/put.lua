-- KEYS: an app's sealed token, the app's refresh lease. ARGV: the token, how long it is kept.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
