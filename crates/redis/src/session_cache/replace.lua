-- Replaces an entry. When Redis is full, the old entry is removed, because no node must go on reading it.
local function replace(key, entry, ...)
  local stored = redis.pcall('SET', key, entry, ...)
  if stored.err then
    redis.pcall('DEL', key)
    return stored
  end
  return 1
end
