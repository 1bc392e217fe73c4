"""The Lua scripts of the Redis backend: each runs as one step, and only on keys of one org.

A collection is a hash of values by key. A value is: order and expiry (microseconds since 1970, or
`NEVER`) and revision, as doubles; the size of the index keys, and these; then the record. Beside it
are the sorted set `…:expiry`, and one for each value of an index, scored by order. The order of a
key is drawn from a counter when the key is added, the revision with each change.
"""

from hashlib import sha1
from typing import Self

__all__ = [
    "APPEND",
    "BY",
    "CLEAR",
    "COUNT",
    "FETCH",
    "NEVER",
    "RECORDS",
    "REMOVE_BY",
    "RESTORE",
    "SCRIPTS",
    "SWEEP",
    "TAKE",
    "WRITE",
    "WRITE_MANY",
    "Script",
]

NEVER = 10**18  # as in the scripts


class Script(str):
    """A script's text, with what Redis calls it by."""

    __slots__ = ("digest",)
    digest: str

    def __new__(cls, text: str) -> Self:
        """Begin the script with the code that all scripts share."""
        script = super().__new__(cls, _SHARED + text)
        script.digest = sha1(script.encode(), usedforsecurity=False).hexdigest()
        return script


_SHARED = """
local NEVER = 1000000000000000000

local function expires_at(value)
  local _, expires = struct.unpack('>dd', value)
  return expires
end

local function revision_of(value)
  local _, _, revision = struct.unpack('>ddd', value)
  return revision
end

local function indexes_of(value)
  local _, _, _, size, start = struct.unpack('>dddI4', value)
  return cmsgpack.unpack(string.sub(value, start, start + size - 1))
end

local function forget(hash, key, value)
  for _, index in ipairs(indexes_of(value)) do
    if index ~= '' then redis.call('ZREM', index, key) end
  end
  redis.call('HDEL', hash, key)
  if expires_at(value) < NEVER then redis.call('ZREM', hash .. ':expiry', key) end
end

local function keep(hash, counter, before, key, record, expires, indexes)
  local revision = redis.call('INCR', counter)
  local order, earlier, expired = revision, {}, NEVER
  if before then
    order, expired = struct.unpack('>dd', before)
    earlier = indexes_of(before)
  end
  for number, index in ipairs(indexes) do
    local old = earlier[number] or ''
    if index ~= old then
      if old ~= '' then redis.call('ZREM', old, key) end
      if index ~= '' then redis.call('ZADD', index, order, key) end
    end
  end
  local packed = cmsgpack.pack(indexes)
  local head = struct.pack('>dddI4', order, expires, revision, #packed)
  redis.call('HSET', hash, key, head .. packed .. record)
  if expires ~= expired then
    if expires < NEVER then
      redis.call('ZADD', hash .. ':expiry', expires, key)
    else
      redis.call('ZREM', hash .. ':expiry', key)
    end
  end
  return revision
end

-- Call act with what each row says. Rows are many in one: expiry, how many index keys, then hash,
-- key, record and the index keys, each after its size.
local function for_each(rows, act)
  local place = 1
  while place <= #rows do
    local expires, count, hash, key, record
    expires, count, hash, key, record, place = struct.unpack('>dI4I4c0I4c0I4c0', rows, place)
    local indexes = {}
    for each = 1, count do indexes[each], place = struct.unpack('>I4c0', rows, place) end
    act(hash, key, record, expires, indexes)
  end
end

local function clear(hash)
  for _, value in ipairs(redis.call('HVALS', hash)) do
    for _, index in ipairs(indexes_of(value)) do
      if index ~= '' then redis.call('DEL', index) end
    end
  end
  redis.call('DEL', hash, hash .. ':expiry')
end
"""

# KEYS: hash, counter, and the version of set-up if it changes. ARGV: condition, now, key, record,
# expiry, and the key of each index, '' for none. The condition is '' for none, '0' for a free key,
# or the record's revision. Returns the new revision; if the condition is not met, the value.
WRITE = Script("""
local hash, key, now = KEYS[1], ARGV[3], tonumber(ARGV[2])
local before = redis.call('HGET', hash, key)
if before and expires_at(before) <= now then
  forget(hash, key, before)
  before = false
end
if ARGV[1] ~= '' then
  local revision = before and revision_of(before) or 0
  if revision ~= tonumber(ARGV[1]) then return before or '' end
end
local indexes = {}
for number = 6, #ARGV do indexes[number - 5] = ARGV[number] end
if KEYS[3] then redis.call('INCR', KEYS[3]) end
return keep(hash, KEYS[2], before, key, ARGV[4], tonumber(ARGV[5]), indexes)
""")

# KEYS: hash, counter, and the version of set-up if it changes. ARGV: now, and rows of that hash, as
# for_each reads them.
WRITE_MANY = Script("""
local now = tonumber(ARGV[1])
for_each(ARGV[2], function(hash, key, record, expires, indexes)
  local before = redis.call('HGET', hash, key)
  if before and expires_at(before) <= now then
    forget(hash, key, before)
    before = false
  end
  keep(hash, KEYS[2], before, key, record, expires, indexes)
end)
if KEYS[3] then redis.call('INCR', KEYS[3]) end
""")

# KEYS: hash, and the version of set-up if it changes. ARGV: key. Returns the value, or nothing.
TAKE = Script("""
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value then
  forget(KEYS[1], ARGV[1], value)
  if KEYS[2] then redis.call('INCR', KEYS[2]) end
end
return value
""")

# KEYS: hash, and that of another collection. ARGV: key; which index is the other's key, and where
# that begins in it; '1' to take the value. Returns the
# value, the other's key and its value, each '' if there is none.
FETCH = Script("""
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value then return {'', '', ''} end
local key = string.sub(indexes_of(value)[tonumber(ARGV[2])], tonumber(ARGV[3]))
if ARGV[4] == '1' then forget(KEYS[1], ARGV[1], value) end
return {value, key, redis.call('HGET', KEYS[2], key) or ''}
""")

# KEYS: hash, index. ARGV: now, and how many values are wanted.
BY = Script("""
local found, now, most = {}, tonumber(ARGV[1]), tonumber(ARGV[2])
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local value = redis.call('HGET', KEYS[1], key)
  if value and expires_at(value) > now then
    found[#found + 1] = value
    if #found == most then break end
  end
end
return found
""")

# KEYS: hash, index, and the version of set-up if it changes.
REMOVE_BY = Script("""
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local value = redis.call('HGET', KEYS[1], key)
  if value then forget(KEYS[1], key, value) end
end
if KEYS[3] then redis.call('INCR', KEYS[3]) end
""")

# KEYS: hash, and the version of set-up if it changes.
CLEAR = Script("""
clear(KEYS[1])
if KEYS[2] then redis.call('INCR', KEYS[2]) end
""")

# KEYS: hashes. ARGV: now.
SWEEP = Script("""
for _, hash in ipairs(KEYS) do
  repeat
    local keys = redis.call('ZRANGEBYSCORE', hash .. ':expiry', '-inf', ARGV[1], 'LIMIT', 0, 1000)
    for _, key in ipairs(keys) do
      local value = redis.call('HGET', hash, key)
      if value then forget(hash, key, value) else redis.call('ZREM', hash .. ':expiry', key) end
    end
  until #keys == 0
end
""")

# KEYS: hashes. Returns the keys and values of each.
RECORDS = Script("""
local found = {}
for number, hash in ipairs(KEYS) do found[number] = redis.call('HGETALL', hash) end
return found
""")

# KEYS: counter, version of set-up. ARGV: how many hashes there are, these; how many logs, these;
# then rows, as for_each reads them.
RESTORE = Script("""
local hashes = tonumber(ARGV[1])
for number = 2, hashes + 1 do clear(ARGV[number]) end
local logs = tonumber(ARGV[hashes + 2])
for number = hashes + 3, hashes + logs + 2 do
  redis.call('DEL', ARGV[number], ARGV[number] .. ':bytes')
end
for number = hashes + logs + 3, #ARGV do
  for_each(ARGV[number], function(hash, key, record, expires, indexes)
    keep(hash, KEYS[1], false, key, record, expires, indexes)
  end)
end
redis.call('INCR', KEYS[2])
""")

# KEYS: stream. ARGV: record, size, most records, most bytes.
APPEND = Script("""
local stream, most, most_bytes = KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('XADD', stream, '*', 'size', ARGV[2], 'record', ARGV[1])
local bytes, count = redis.call('INCRBY', stream .. ':bytes', ARGV[2]), redis.call('XLEN', stream)
while count > most or (bytes > most_bytes and count > 1) do
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', stream, first[1])
  bytes, count = redis.call('DECRBY', stream .. ':bytes', first[2][2]), count - 1
end
""")

# KEYS: hash, whose field '' is the window. ARGV: name, window. Returns the count.
COUNT = Script("""
if redis.call('HGET', KEYS[1], '') ~= ARGV[2] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], '', ARGV[2])
end
return redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
""")

SCRIPTS = (
    WRITE,
    WRITE_MANY,
    TAKE,
    FETCH,
    COUNT,
    BY,
    REMOVE_BY,
    CLEAR,
    SWEEP,
    RECORDS,
    RESTORE,
    APPEND,
)
