-- An entry is "1 <until> <version> <state>\n<context>". Only the first part says which format it is: an entry
-- of another one, or one that is over, is none.
local function known(value, now)
  local till, version, state, context = string.match(value or '', '^1 (%-?%d+) (%d+) ([^\n]*)\n(.*)$')
  if till and tonumber(till) > tonumber(now) then
    return till, version, state, context
  end
end

-- Keeps an entry until the later of two moments.
local function keep(key, till, kept_for, old_till, rest)
  if old_till and tonumber(old_till) > tonumber(till) then
    till, kept_for = old_till, math.max(redis.call('PTTL', key), 1)
  end
  return redis.pcall('SET', key, '1 ' .. till .. ' ' .. rest, 'PX', kept_for)
end
