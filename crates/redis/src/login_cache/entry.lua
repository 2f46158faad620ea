-- An entry is "2 <until> <version> <bytes of the state>\n<sealed state><sealed context>". Its first character is the
-- format: an entry of another format, or an expired one, counts as none.
local function parse(entry, now)
  local till, version, length, at = string.match(entry or '', '^2 (%-?%d+) (%d+) (%d+)\n()')
  if till and tonumber(till) > tonumber(now) then
    return till, version, string.sub(entry, at, at + length - 1), string.sub(entry, at + length)
  end
end

-- Stores an entry until the later of the new deadline and the old one.
local function store(key, till, kept_for, old_till, version, state, context)
  if old_till and tonumber(old_till) > tonumber(till) then
    till, kept_for = old_till, math.max(redis.call('PTTL', key), 1)
  end
  local head = '2 ' .. till .. ' ' .. version .. ' ' .. #state .. '\n'
  return redis.pcall('SET', key, head .. state .. context, 'PX', kept_for)
end
