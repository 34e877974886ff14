-- A kit's plan.json: reads it, refuses what is not a plan, finds what is on at a moment. Pure but for reading files.

local dates = require("dates")

local SCHEMAS = { ["yuanjiao-plan/1"] = "week", ["yuanjiao-notice/1"] = "notice" }
local SKIP_S = 2  -- what has less left is not begun any more

local plan = {}

-- Whether a path stays in the kit.
function plan.is_inside(path)
    if type(path) ~= "string" or path == "" or path:find("^[/\\]") or path:find("[:\\]") then return false end
    for part in path:gmatch("[^/]+") do
        if part == ".." then return false end
    end
    return true
end

local function is_count(value)
    return type(value) == "number" and value >= 0 and value == math.floor(value)
end

local function files_are_right(files)
    for key, file in pairs(files) do
        if not (plan.is_inside(file.path) and is_count(file.size) and type(file.sha256) == "string") then return false end
        if file.sha256:sub(1, #key) ~= key then return false end
    end
    return true
end

local function slots_are_right(slots, files)
    local free_from = 0
    for _, slot in ipairs(slots) do
        if not (is_count(slot.start_s) and is_count(slot.seconds) and slot.seconds > 0) then return false end
        if dates.parse(slot.start) ~= slot.start_s or slot.start_s < free_from then return false end
        if slot.file and not files[slot.file] then return false end
        free_from = slot.start_s + slot.seconds
    end
    return true
end

-- Give a read plan what the player needs beside its own fields: kind, built_s, offsets; nil when it is no plan.
function plan.check(data)
    if type(data) ~= "table" or not SCHEMAS[data.schema] then return nil end
    for _, name in ipairs({ "venue", "valid", "slots", "files" }) do
        if type(data[name]) ~= "table" then return nil end
    end
    local built, offset = dates.parse(data.built)
    local whole = built and type(data.kit) == "string" and is_count(data.revision) and type(data.venue.id) == "string"
        and is_count(data.valid.from_s) and is_count(data.valid.to_s)
    if not (whole and files_are_right(data.files) and slots_are_right(data.slots, data.files)) then return nil end
    for _, path in pairs(data.fallback or {}) do
        if path and not plan.is_inside(path) then return nil end
    end
    data.what, data.built_s, data.offset = SCHEMAS[data.schema], built, offset
    data.windows, data.fallback, data.substitutes = data.windows or {}, data.fallback or {}, data.substitutes or {}
    return data
end

-- The index of the last item that starts at or before `second`; 0 when there is none.
local function last_before(items, second)
    local low, high = 0, #items
    while low < high do
        local middle = math.ceil((low + high) / 2)
        if items[middle].start_s <= second then low = middle else high = middle - 1 end
    end
    return low
end

-- The slot that is on, and the one that comes next; either may be nil.
function plan.slot_at(data, second)
    local index = last_before(data.slots, second)
    local slot, following = data.slots[index], data.slots[index + 1]
    if slot and second >= slot.start_s + slot.seconds then slot = nil end
    return slot, following
end

-- Whether so little of a slot is left that beginning it would only flash.
function plan.is_too_late(slot, second)
    return slot.start_s + slot.seconds - second < SKIP_S and slot.seconds > SKIP_S
end

function plan.window_at(data, second)
    local window = data.windows[last_before(data.windows, second)]
    return window and second < window.end_s and window or nil
end

function plan.window_after(data, second)
    return data.windows[last_before(data.windows, second) + 1]
end

-- The offset from UTC that holds at a moment: that of the slot or window last begun, so a clock change is followed.
function plan.offset_at(data, second)
    local item = data.slots[last_before(data.slots, second)] or data.slots[1] or data.windows[1]
    if not item then return data.offset end
    local _, offset = dates.parse(item.start)
    return offset or data.offset
end

return plan
