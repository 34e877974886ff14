-- Takes the sum of one video after another, slowly, and lists in `state/damaged` those that are no longer what the
-- office signed: the player then takes another of their series. A file that was written anew is looked at anew.

local utils = require("mp.utils")

local disk = require("disk")
local plan = require("plan")
local system = require("system")

local AGAIN_S = 86400  -- after which a file is looked at again

local auditor = {}

local function kits_of(settings)
    if settings.kit then return { settings.kit } end
    local folders = {}
    for _, shelf in ipairs({ "kits", "notices" }) do
        for _, name in ipairs(disk.folders(shelf)) do folders[#folders + 1] = shelf .. "/" .. name end
    end
    return folders
end

-- The videos of a kit, those that play next first.
local function videos_of(folder, second)
    local text = disk.read(disk.join(folder, "plan.json"))
    local data = text and plan.check(utils.parse_json(text))
    local videos, known = {}, {}
    local function add(key)
        if key and not known[key] then
            known[key] = true
            local file = data.files[key]
            videos[#videos + 1] = { path = disk.join(folder, file.path), sum = file.sha256:lower() }
        end
    end
    for _, slot in ipairs(data and data.slots or {}) do
        if slot.start_s + slot.seconds > second then add(slot.file) end
    end
    for key in pairs(data and data.files or {}) do add(key) end
    return videos
end

-- The next video that was not looked at today, and what changes when it is written anew.
local function next_video(settings, seen)
    local now = os.time()
    for _, folder in ipairs(kits_of(settings)) do
        for _, video in ipairs(videos_of(folder, now)) do
            local stamp = disk.stamp(video.path)
            local key = stamp and video.sum .. "|" .. stamp
            if key and not (seen[key] and math.abs(now - seen[key]) < AGAIN_S) then
                seen[key] = now
                return video, key
            end
        end
    end
    return nil
end

-- settings: kit or home, state. pace: seconds from one file to the next.
function auditor.start(settings, pace)
    local seen, busy = {}, false
    mp.add_periodic_timer(pace, function()
        if busy then return end
        local video, key = next_video(settings, seen)
        if not video then return end
        busy = true
        system.sum_later(video.path, function(sum)
            busy = false
            local known = disk.read(settings.state .. "/damaged") or ""
            if sum and sum ~= video.sum and not known:find(key, 1, true) then
                disk.append(settings.state .. "/damaged", key .. "\n")
            end
        end)
    end)
end

return auditor
