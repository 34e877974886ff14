-- The as-run record: one JSON line per event, chained by hash, appended and flushed, never rewritten.
--
-- What cannot be written goes to the second folder, with the same numbers and the same chain; when that fails
-- too, lines wait in memory.

local dates = require("dates")
local disk = require("disk")
local sha256 = require("sha256")

local WAITING = 5000  -- lines kept while nothing can be written

local Record = {}
Record.__index = Record

local function quoted(text)
    local escaped = tostring(text):gsub('[%c"\\]', function(sign)
        return sign == '"' and '\\"' or sign == "\\" and "\\\\" or ("\\u%04x"):format(sign:byte())
    end)
    return '"' .. escaped .. '"'
end

local function value_of(value)
    if value == nil then return "null" end
    if type(value) == "number" then return ("%.0f"):format(value) end
    return quoted(value)
end

local ORDER = { "v", "n", "machine", "boot", "mono", "wall", "event", "slot", "kit", "revision", "sha16", "pos", "late",
    "reason", "prev" }

function Record:line(event, moment, fields)
    local entry = {
        v = 1, n = self.n, machine = self.machine, boot = self.boot, mono = moment.mono,
        wall = dates.iso(moment.wall, moment.offset), event = event, slot = fields.slot, kit = fields.kit or "",
        revision = fields.revision or 0, sha16 = fields.sha16, pos = math.floor(fields.pos or 0),
        late = math.floor(fields.late or 0), reason = fields.reason or "", prev = self.prev,
    }
    local parts = {}
    for index, name in ipairs(ORDER) do parts[index] = quoted(name) .. ":" .. value_of(entry[name]) end
    return "{" .. table.concat(parts, ",") .. "}"
end

-- moment: wall and mono milliseconds, offset from UTC in seconds.
-- fields: slot, kit, revision, sha16, pos, late, reason.
function Record:write(event, moment, fields)
    local line = self:line(event, moment, fields)
    self.n, self.prev = self.n + 1, sha256.hex(line):sub(1, 16)
    if #self.waiting < WAITING then self.waiting[#self.waiting + 1] = line .. "\n" end
    self:flush()
end

-- On a disk that is full a part may have been written: what is written next begins a line of its own.
function Record:append(path, text)
    local before = disk.size(path) or 0
    if self.torn == path then text = "\n" .. text end
    if disk.append(path, text) then
        self.torn = nil
        return true
    end
    if (disk.size(path) or 0) > before then self.torn = path end
    return false
end

-- Write what waits; true when nothing does any more.
function Record:flush()
    if #self.waiting == 0 then return true end
    local text = table.concat(self.waiting)
    while self.folders[1] do
        if self:append(self.folders[1] .. "/" .. self.name, text) then
            self.waiting = {}
            return true
        end
        -- The last folder is tried again and again.
        if not self.folders[2] then return false end
        table.remove(self.folders, 1)
    end
    return false
end

local record = {}

-- folders: where to write, best first. The file's name tells whose it is.
function record.new(folders, venue, machine, boot)
    local name = ("%s_%s_%s.jsonl"):format(venue, machine, boot)
    return setmetatable({
        folders = folders, name = name, machine = machine, boot = boot, n = 0, waiting = {},
        prev = sha256.hex(boot):sub(1, 16),
    }, Record)
end

return record
