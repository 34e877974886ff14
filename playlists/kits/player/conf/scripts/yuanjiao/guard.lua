-- One player at a time, and a sign of life for whoever watches us from outside. Owns the state folder's small files.

local disk = require("disk")

local FRESH_S = 4   -- a heartbeat older than this is that of a dead player
local BEAT_S = 1
local WAIT_S = 2.2

local Guard = {}
Guard.__index = Guard

local function beat_of(text)
    local boot, mark, second, state = tostring(text or ""):match("^(%x+) (%d+) (%d+)%s*(%a*)%s*$")
    if not boot then return nil end
    return { boot = boot, mark = tonumber(mark), second = tonumber(second), ended = state == "ended", text = text }
end

-- Whether another player lives: its heartbeat moved since we looked first, or it beats beside us.
function Guard:other_lives()
    local now = mp.get_time()
    if now - self.looked < BEAT_S then return false end
    self.looked = now
    local beat = beat_of(disk.read(self.path))
    if not beat or beat.boot == self.boot or beat.ended then return false end
    if self.beating then
        -- Both began at once: the smaller name stays.
        return math.abs(os.time() - beat.second) <= FRESH_S and beat.boot < self.boot
    end
    return self.first ~= nil and beat.text ~= self.first.text
end

-- Whether enough time has passed to have seen another one's heart beat.
function Guard:is_alone()
    return not self.first or mp.get_time() - self.began >= WAIT_S
end

-- Tell that we live; mark is the latest believed moment in milliseconds. Silent until no other can be alive.
function Guard:beat(mark)
    local now = mp.get_time()
    if not self:is_alone() then return end
    if self.beating and now - self.beaten < BEAT_S then return end
    self.beating, self.beaten = true, now
    self:write(mark, "plays")
end

-- Always as long: on a full disk it is written over what is there.
function Guard:write(mark, state)
    local text = ("%s %013.0f %010.0f %s\n"):format(self.boot, mark or self.mark or 0, os.time(), state)
    return disk.replace(self.path, text) or disk.overwrite(self.path, text)
end

-- Tell that we end of our own will: whoever watches us does not start us again.
function Guard:rest(mark)
    if self.beating then self:write(mark, "ended") end
end

-- Whether whoever watches us asks us to end: the only way that works on every system.
function Guard:is_asked_to_end()
    return disk.size(self.state .. "/quit") ~= nil
end

local guard = {}

local function random_name(length)
    local seed = os.time() + math.floor(mp.get_time() * 1e6) + tonumber(tostring({}):match("0x(%x+)") or "0", 16)
    math.randomseed(seed % 2 ^ 31)
    local signs = {}
    for index = 1, length do signs[index] = ("%x"):format(math.random(0, 15)) end
    return table.concat(signs)
end

-- alone: somebody outside holds a lock already.
function guard.new(state, alone)
    local self = setmetatable({ state = state, path = state .. "/heartbeat", boot = random_name(12) }, Guard)
    self.began, self.looked, self.beaten = mp.get_time(), mp.get_time(), 0
    local beat = beat_of(disk.read(self.path))
    self.mark = beat and beat.mark > 0 and beat.mark or nil
    local fresh = beat and not beat.ended and math.abs(os.time() - beat.second) <= FRESH_S
    self.first = not alone and fresh and beat or nil
    return self
end

-- This machine's name: made once, kept in the state folder; a new one each time where nothing can be kept.
function guard.machine(state)
    local path = state .. "/machine"
    local known = (disk.read(path) or ""):match("^(%w+)")
    if known then return known end
    local made = random_name(10)
    disk.replace(path, made .. "\n")
    return made
end

return guard
