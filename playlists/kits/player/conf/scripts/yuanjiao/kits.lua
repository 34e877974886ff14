-- The kits within reach: finds them, refuses what is altered, foreign, unsigned or older, chooses what is in force.
--
-- Lua checks plan.json against SHA256SUMS; whether SHA256SUMS is the office's own is checked by verify.sh or
-- Windows itself, once for each kit (system.lua).

local utils = require("mp.utils")

local disk = require("disk")
local plan = require("plan")
local sha256 = require("sha256")

local SLICE = 8192  -- bytes hashed in one tick, so that no slot waits for a sum

local Kits = {}
Kits.__index = Kits

local function each_folder(self)
    local folders = {}
    if self.kit then folders[1] = self.kit end
    for _, shelf in ipairs(self.shelves) do
        for _, name in ipairs(disk.folders(shelf)) do folders[#folders + 1] = shelf .. "/" .. name end
    end
    return folders
end

local function refuse(entry, reason)
    entry.state, entry.reason = "refused", reason
end

-- The sum that SHA256SUMS has for a file.
local function listed_sum(sums, path)
    for sum, name in sums:gmatch("(%x+) [ *]([^\r\n]+)") do
        if name == path or name == "./" .. path then return sum:lower() end
    end
    return nil
end

-- What Lua itself can check, in slices; the entry then waits for its signature.
local function examine(self, entry, rest)
    local text = disk.read(disk.join(entry.folder, "plan.json"))
    local sums = disk.read(disk.join(entry.folder, "SHA256SUMS"))
    local data = text and plan.check(utils.parse_json(text))
    if not data then return refuse(entry, "unreadable") end
    entry.plan, data.folder = data, entry.folder
    if self.venue and data.venue.id ~= self.venue then return refuse(entry, "foreign") end
    if not sums or not disk.size(disk.join(entry.folder, "SHA256SUMS.sig")) then return refuse(entry, "unsigned") end
    local sum = sha256.new()
    for from = 1, #text, SLICE do
        sum:update(text:sub(from, from + SLICE - 1))
        rest()
    end
    if sum:hex() ~= listed_sum(sums, "plan.json") then return refuse(entry, "altered") end
    entry.sums, entry.state = sha256.hex(sums), "unproven"
end

local function accept(self, entry)
    entry.state = "good"
    if self.shelves[1] and not self.venue then
        self.venue = entry.plan.venue.id
        disk.replace(self.state .. "/venue", self.venue)
    end
end

-- A signature proven before need not be proven again: its receipt lies in the state folder.
local function is_proven(self, entry)
    return (disk.read(self.state .. "/proven") or ""):find(entry.sums, 1, true) ~= nil
end

local function prove(self, entry)
    if is_proven(self, entry) then return accept(self, entry) end
    entry.state = "proving"
    self.verify(entry.folder, self.state, function(code)
        if code == 0 then
            disk.append(self.state .. "/proven", entry.sums .. "\n")
            accept(self, entry)
        elseif code == 1 then
            refuse(entry, "signature")
        elseif entry.folder == self.kit then
            -- Nothing on this PC can check it, and the person in front of it started this very kit.
            accept(self, entry)
        else
            refuse(entry, "unchecked")
        end
    end)
end

-- Look for kits that came, changed or went. What is in memory stays while it is in force, also without its stick.
function Kits:scan(keep)
    local present = {}
    for _, folder in ipairs(each_folder(self)) do
        local stamp = disk.stamp(disk.join(folder, "plan.json"))
        local sums = disk.stamp(disk.join(folder, "SHA256SUMS"))
        local key = stamp and folder .. "|" .. stamp .. "|" .. (sums or "")
        if key then
            present[key] = true
            self.entries[key] = self.entries[key] or { folder = folder, state = "new" }
        end
    end
    for key, entry in pairs(self.entries) do
        if not present[key] and entry.plan ~= keep then self.entries[key] = nil end
    end
end

local function advance(self)
    local entry = self.examined
    local went_well = coroutine.resume(self.task)
    if coroutine.status(self.task) == "dead" then
        self.task, self.examined = nil, nil
        if not went_well then refuse(entry, "unreadable") end
    end
end

-- Go on examining; `at_once` does not pause between slices.
function Kits:work(at_once)
    if self.task then return advance(self) end
    for _, entry in pairs(self.entries) do
        if entry.state == "new" and not self.task then
            entry.state, self.examined = "examined", entry
            self.task = coroutine.create(function() examine(self, entry, coroutine.yield) end)
            while at_once and self.task do advance(self) end
        end
        if entry.state == "unproven" then prove(self, entry) end
    end
end

-- A revision that was in force may not be replaced by an older one in the time that it covers.
local function is_older(self, data, second)
    for _, played in ipairs(self.played) do
        local covers = second >= played.from_s and second < played.to_s
        if played.venue == data.venue.id and played.revision > data.revision and covers then return true end
    end
    return false
end

-- What a notice is called, whatever its revision.
local function notice_name(data)
    return (data.kit:gsub("_r%d+$", ""))
end

-- The notice that is on at a moment, or nil: of one notice the highest revision counts, which may withdraw it; of
-- several the one that was sent last.
function Kits:notice_at(second)
    local newest, chosen = {}, nil
    for _, entry in pairs(self.entries) do
        local data = entry.state == "good" and entry.plan
        if data and data.what == "notice" then
            local name = notice_name(data)
            if not newest[name] or data.revision > newest[name].revision then newest[name] = data end
        end
    end
    for _, data in pairs(newest) do
        local is_newer = not chosen or data.built_s > chosen.built_s
            or (data.built_s == chosen.built_s and data.kit > chosen.kit)
        if is_newer and plan.slot_at(data, second) then chosen = data end
    end
    return chosen
end

-- The plan in force at a moment: the newest revision that covers it, else the one nearest to it; nil without any.
-- And the notice that interrupts it.
function Kits:choose(second)
    local best, nearest
    for _, entry in pairs(self.entries) do
        local data = entry.state == "good" and entry.plan
        if data and data.what ~= "notice" then
            local covers = second >= data.valid.from_s and second < data.valid.to_s
            if covers and is_older(self, data, second) then
                entry.older = true
            elseif covers and (not best or data.revision > best.revision) then
                best = data
            elseif not covers then
                data.away = math.min(math.abs(second - data.valid.from_s), math.abs(second - data.valid.to_s))
                if not nearest or data.away < nearest.away then nearest = data end
            end
        end
    end
    return best or nearest, self:notice_at(second)
end

-- Remember that a plan was in force.
function Kits:adopt(data)
    if data.adopted then return end
    data.adopted = true
    local revision, from_s, to_s = data.revision, data.valid.from_s, data.valid.to_s
    self.played[#self.played + 1] = { venue = data.venue.id, revision = revision, from_s = from_s, to_s = to_s }
    local line = ("%s %.0f %.0f %.0f\n"):format(data.venue.id, revision, from_s, to_s)
    local path = self.state .. "/played"
    if not (disk.read(path) or ""):find(line, 1, true) then disk.append(path, line) end
end

-- When the newest good kit was built: the clock cannot be before that. A notice is sent in the same minute, which a
-- clock may lack.
function Kits:built_s()
    local latest = 0
    for _, entry in pairs(self.entries) do
        if entry.state == "good" and entry.plan.what ~= "notice" then latest = math.max(latest, entry.plan.built_s) end
    end
    return latest
end

-- What was refused and not told yet: kit, revision, reason.
function Kits:refusals()
    local told = {}
    for _, entry in pairs(self.entries) do
        local reason = entry.state == "refused" and entry.reason or entry.older and "older"
        if reason and not entry.told then
            entry.told = true
            local data = entry.plan or {}
            told[#told + 1] = { kit = data.kit or entry.folder, revision = data.revision, reason = reason }
        end
    end
    return told
end

-- Whether something is still being examined.
function Kits:is_busy()
    for _, entry in pairs(self.entries) do
        if entry.state ~= "good" and entry.state ~= "refused" then return true end
    end
    return false
end

local kits = {}

-- options: kit (folder or nil), home (folder or nil), state (folder), verify (see prover.lua; its callback
-- gets 0 right, 1 wrong, anything else: cannot be checked).
function kits.new(options)
    local self = setmetatable({
        kit = options.kit, shelves = {}, state = options.state, verify = options.verify, entries = {}, played = {},
    }, Kits)
    if options.home then self.shelves = { options.home .. "/kits", options.home .. "/notices" } end
    if options.notices then self.shelves[#self.shelves + 1] = options.notices end
    if options.home then self.venue = (disk.read(self.state .. "/venue") or ""):match("%S+") end
    for line in (disk.read(self.state .. "/played") or ""):gmatch("[^\n]+") do
        local venue, revision, from_s, to_s = line:match("^(%S+) (%d+) (%d+) (%d+)$")
        if venue then
            self.played[#self.played + 1] =
                { venue = venue, revision = tonumber(revision), from_s = tonumber(from_s), to_s = tonumber(to_s) }
        end
    end
    return self
end

return kits
