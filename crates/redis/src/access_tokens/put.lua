-- KEYS: an app's sealed token, whose turn it is to get one. ARGV: the token, for how long it is kept.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return 1
