-- Decides from the clock, the plan and the notice what ought to be on at a moment. Pure: the same in, the same out.

local plan = require("plan")

local wishes = {}

local function slot_wish(data, slot, reason)
    return {
        kind = slot.file and "slot" or "event", key = data.kit .. "/" .. data.revision .. "/" .. tostring(slot.id),
        since = slot.start_s * 1000, plan = data, slot = slot, reason = reason,
    }
end

local function quiet_wish(data, now)
    local second = math.floor(now / 1000)
    local open = plan.window_at(data, second)
    local kind = (open or data.idle ~= "black") and "idle" or "black"
    return { kind = kind, key = kind .. (open and "/open" or "/closed") .. data.kit, plan = data, since = now,
        reason = open and "gap" or "closed" }
end

-- data: the plan in force or nil. notice: the notice in force or nil. fault: what is wrong with the clock or nil.
-- now: milliseconds. on: the key of what is on, which is never skipped as too late.
function wishes.at(data, notice, fault, now, on)
    local second = math.floor(now / 1000)
    if not data or fault then
        local key = "safe/" .. (fault or "no-kit")
        return { kind = "safe", key = key, plan = data, since = now, reason = fault or "no-kit" }
    end
    local urgent = notice and plan.slot_at(notice, second)
    if urgent then return slot_wish(notice, urgent, "notice") end
    local slot = plan.slot_at(data, second)
    if not slot then return quiet_wish(data, now) end
    local wish = slot_wish(data, slot)
    if wish.kind == "slot" and wish.key ~= on and plan.is_too_late(slot, second) then
        local instead = quiet_wish(data, now)
        instead.skipped = slot
        return instead
    end
    return wish
end

return wishes
