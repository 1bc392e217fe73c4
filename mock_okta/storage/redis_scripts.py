"""The Lua scripts of the Redis backend: each runs as one step, and only on keys of one org.

A collection is a hash of values by key. A value is: order and expiry (microseconds since 1970, or
`NEVER`) and revision, as doubles; the size of the index keys, and these; then the record. Beside it
are the sorted set `…:expiry`, and one for each value of an index, scored by order. The order of a
key is drawn from a counter when the key is added, the revision with each change.

While a script runs, Redis answers nobody. So what grows with the org is done in parts: a script
does at most `_PART` of it and says whether there is more. Only COPY does all at once, as a copy has
to be of one time: Redis takes a fifth of a second for 100,000 users.

The state of an org is a hash: `version` of set-up, `generation` of the records that are valid,
`last`, the number of the last generation, and how many `copies` were made. The other generations
are in a sorted set, by the time from which on they can be removed.
"""

from hashlib import sha1
from typing import Self

__all__ = [
    "APPEND",
    "BY",
    "CLEAR",
    "COPY",
    "COUNT",
    "FETCH",
    "NEVER",
    "REMOVE_BY",
    "RENEW",
    "SCRIPTS",
    "SWEEP",
    "SWITCH",
    "TAKE",
    "WRITE",
    "WRITE_MANY",
    "Script",
]

NEVER = 10**18  # as in the scripts
_PART = "1000"


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
    local stays = {}
    for _, index in ipairs(indexes) do stays[index] = true end
    for _, old in ipairs(earlier) do
      if old ~= '' and not stays[old] then redis.call('ZREM', old, key) end
    end
  end
  for number, index in ipairs(indexes) do
    if index ~= '' and index ~= earlier[number] then redis.call('ZADD', index, order, key) end
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

local function count_change(state)
  if state then redis.call('HINCRBY', state, 'version', 1) end
end
"""

# KEYS: hash, counter, and the state if set-up changes. ARGV: condition, now, key, record,
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
count_change(KEYS[3])
return keep(hash, KEYS[2], before, key, ARGV[4], tonumber(ARGV[5]), indexes)
""")

# KEYS: hash, counter, and the state if set-up changes. ARGV: now, and rows of that hash, as
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
count_change(KEYS[3])
""")

# KEYS: hash, and the state if set-up changes. ARGV: key. Returns the value, or nothing.
TAKE = Script("""
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value then
  forget(KEYS[1], ARGV[1], value)
  count_change(KEYS[2])
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

# KEYS: hash, index. ARGV: now, how many values are wanted, and after which place of the index.
# Returns the place after which there are more, or '', and the values.
BY = Script(f"""
local found, now, most = {{}}, tonumber(ARGV[1]), tonumber(ARGV[2])
local keys = redis.call(
  'ZRANGEBYSCORE', KEYS[2], ARGV[3], '+inf', 'WITHSCORES', 'LIMIT', 0, {_PART})
for number = 1, #keys, 2 do
  local value = redis.call('HGET', KEYS[1], keys[number])
  if value and expires_at(value) > now then
    found[#found + 1] = value
    if #found == most then return {{'', found}} end
  end
end
return {{#keys == 2 * {_PART} and '(' .. keys[#keys] or '', found}}
""")

# KEYS: hash, index, and the state if set-up changes. Returns 1 if there is more.
REMOVE_BY = Script(f"""
local keys = redis.call('ZRANGE', KEYS[2], 0, {_PART} - 1)
for _, key in ipairs(keys) do
  local value = redis.call('HGET', KEYS[1], key)
  if value then forget(KEYS[1], key, value) end
  redis.call('ZREM', KEYS[2], key)
end
count_change(KEYS[3])
return #keys == {_PART} and 1 or 0
""")

# KEYS: hash, and the state if set-up changes. ARGV: the place in the hash. Returns the next place,
# '0' at the end.
CLEAR = Script(f"""
local part = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', {_PART})
for number = 1, #part[2], 2 do forget(KEYS[1], part[2][number], part[2][number + 1]) end
count_change(KEYS[2])
return part[1]
""")

# KEYS: hashes. ARGV: now. Returns 1 if there is more.
SWEEP = Script(f"""
local left = {_PART}
for _, hash in ipairs(KEYS) do
  local keys = redis.call('ZRANGEBYSCORE', hash .. ':expiry', '-inf', ARGV[1], 'LIMIT', 0, left)
  for _, key in ipairs(keys) do
    local value = redis.call('HGET', hash, key)
    if value then forget(hash, key, value) else redis.call('ZREM', hash .. ':expiry', key) end
  end
  left = left - #keys
  if left == 0 then return 1 end
end
return 0
""")

# KEYS: hashes. ARGV: what the names of the copies begin with, and how many seconds they stay.
# Returns which of the hashes there are, and are copied.
COPY = Script("""
local there = {}
for number, hash in ipairs(KEYS) do
  local copy = ARGV[1] .. number
  if redis.call('COPY', hash, copy) == 1 then
    redis.call('EXPIRE', copy, ARGV[2])
    there[#there + 1] = number
  end
end
return there
""")

# KEYS: the other generations. ARGV: one that is being written; now; and until when it stays.
# Returns 0 if it can be removed already.
RENEW = Script("""
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or tonumber(ends) <= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
""")

# KEYS: state, the other generations, and logs and counts, which begin again. ARGV: the generation
# that is valid from now on; now; and until when the one before stays. Returns 0 as RENEW does.
SWITCH = Script("""
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not ends or tonumber(ends) <= tonumber(ARGV[2]) then return 0 end
local before = redis.call('HGET', KEYS[1], 'generation') or ''
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[3], before)
redis.call('HSET', KEYS[1], 'generation', ARGV[1])
count_change(KEYS[1])
for number = 3, #KEYS do redis.call('DEL', KEYS[number], KEYS[number] .. ':bytes') end
return 1
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
    COPY,
    COUNT,
    BY,
    REMOVE_BY,
    CLEAR,
    SWEEP,
    RENEW,
    SWITCH,
    APPEND,
)
