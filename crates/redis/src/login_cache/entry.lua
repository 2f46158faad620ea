-- An entry is "1 <until> <version> <state>\n<context>". Its first character is the format: an entry of another format,
-- or an expired one, counts as none.
local function parse(entry, now)
  local till, version, state, context = string.match(entry or '', '^1 (%-?%d+) (%d+) ([^\n]*)\n(.*)$')
  if till and tonumber(till) > tonumber(now) then
    return till, version, state, context
  end
end

-- Stores an entry until the later of the new deadline and the old one.
local function store(key, till, kept_for, old_till, rest)
  if old_till and tonumber(old_till) > tonumber(till) then
    till, kept_for = old_till, math.max(redis.call('PTTL', key), 1)
  end
  return redis.pcall('SET', key, '1 ' .. till .. ' ' .. rest, 'PX', kept_for)
end
