-- SHA-256 (FIPS 180-4) of strings, in pieces. Owns nothing else; runs on LuaJIT, Lua 5.1 and Lua 5.2.

local found, bit = pcall(require, "bit")
if not found then bit = rawget(_G, "bit32") end

local band, bxor, rotate, shift
if bit then
    band, bxor, shift = bit.band, bit.bxor, bit.rshift
    rotate = bit.ror or bit.rrotate
else
    -- Plain Lua 5.1 has no bit operations: slow, and right.
    local function by_bits(a, b, wanted)
        local result, place = 0, 1
        for _ = 1, 32 do
            local low_a, low_b = a % 2, b % 2
            if wanted(low_a, low_b) then result = result + place end
            a, b, place = (a - low_a) / 2, (b - low_b) / 2, place * 2
        end
        return result
    end
    local function both(a, b) return a == 1 and b == 1 end
    local function one_of(a, b) return a ~= b end
    local function two(combine) return function(a, b, c)
        local result = combine(a, b)
        if c then result = combine(result, c) end
        return result
    end end
    band = two(function(a, b) return by_bits(a, b, both) end)
    bxor = two(function(a, b) return by_bits(a, b, one_of) end)
    shift = function(a, count) return math.floor(a / 2 ^ count) end
    rotate = function(a, count)
        local low = a % 2 ^ count
        return math.floor(a / 2 ^ count) + low * 2 ^ (32 - count)
    end
end

-- The first 32 bits of the fractional parts of the roots of primes: square roots begin, cube roots are the rounds'.
local function constants()
    local begin, rounds, candidate = {}, {}, 2
    while #rounds < 64 do
        local prime = true
        for divisor = 2, math.floor(math.sqrt(candidate)) do
            if candidate % divisor == 0 then prime = false break end
        end
        if prime then
            rounds[#rounds + 1] = math.floor((candidate ^ (1 / 3)) % 1 * 2 ^ 32)
            if #begin < 8 then begin[#begin + 1] = math.floor((candidate ^ 0.5) % 1 * 2 ^ 32) end
        end
        candidate = candidate + 1
    end
    return begin, rounds
end

local BEGIN, ROUNDS = constants()

local function digest_block(state, text, from)
    local w = {}
    for i = 1, 16 do
        local a, b, c, d = text:byte(from + i * 4 - 4, from + i * 4 - 1)
        w[i] = ((a * 256 + b) * 256 + c) * 256 + d
    end
    for i = 17, 64 do
        local x, y = w[i - 15], w[i - 2]
        local s0 = bxor(rotate(x, 7), rotate(x, 18), shift(x, 3)) % 2 ^ 32
        local s1 = bxor(rotate(y, 17), rotate(y, 19), shift(y, 10)) % 2 ^ 32
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) % 2 ^ 32
    end
    local a, b, c, d, e, f, g, h = state[1], state[2], state[3], state[4], state[5], state[6], state[7], state[8]
    for i = 1, 64 do
        local s1 = bxor(rotate(e, 6), rotate(e, 11), rotate(e, 25)) % 2 ^ 32
        local choice = bxor(band(e, f), band(2 ^ 32 - 1 - e, g)) % 2 ^ 32
        local first = h + s1 + choice + ROUNDS[i] + w[i]
        local s0 = bxor(rotate(a, 2), rotate(a, 13), rotate(a, 22)) % 2 ^ 32
        local most = bxor(band(a, b), band(a, c), band(b, c)) % 2 ^ 32
        h, g, f, e, d, c, b, a = g, f, e, (d + first) % 2 ^ 32, c, b, a, (first + s0 + most) % 2 ^ 32
    end
    local sums = { a, b, c, d, e, f, g, h }
    for i = 1, 8 do state[i] = (state[i] + sums[i]) % 2 ^ 32 end
end

local Sum = {}
Sum.__index = Sum

function Sum:update(text)
    self.length = self.length + #text
    text = self.rest .. text
    local whole = #text - #text % 64
    for from = 1, whole, 64 do digest_block(self.state, text, from) end
    self.rest = text:sub(whole + 1)
    return self
end

function Sum:hex()
    local bits, tail = self.length * 8, ""
    for _ = 1, 8 do
        tail = string.char(bits % 256) .. tail
        bits = math.floor(bits / 256)
    end
    self:update("\128" .. ("\0"):rep((55 - self.length) % 64) .. tail)
    local words = {}
    for i, word in ipairs(self.state) do
        words[i] = ("%04x%04x"):format(math.floor(word / 65536), word % 65536)
    end
    return table.concat(words)
end

local sha256 = {}

function sha256.new()
    local state = {}
    for i, word in ipairs(BEGIN) do state[i] = word end
    return setmetatable({ state = state, rest = "", length = 0 }, Sum)
end

function sha256.hex(text) return sha256.new():update(text):hex() end

return sha256
