-- Puts an entry in place of an old one, which goes in any case: without room for the new one nobody must go on
-- reading the old one.
local function replace(key, entry, ...)
  local put = redis.pcall('SET', key, entry, ...)
  if put.err then
    redis.call('DEL', key)
    return put
  end
  return 1
end
