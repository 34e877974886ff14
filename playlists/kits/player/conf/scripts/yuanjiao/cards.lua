-- What the cards say: live events, the hours between programmes, a clock that is wrong. Data in, rows out.

local dates = require("dates")
local plan = require("plan")
local screen = require("screen")
local words = require("words")

local cards = {}

local function clock_row(now, offset)
    return { text = dates.minute(now, offset), size = 129, bold = true }
end

local function date_row(now, offset)
    local day = dates.parts(now, offset)
    local text = words.date:format(day.month, day.day, words.weekdays[day.weekday])
    return { text = text, size = 48, colour = screen.soft }
end

-- A live event: what, who, until when.
function cards.event(data, slot, now)
    local offset = plan.offset_at(data, now)
    local rows = {
        { text = words.event[slot.kind] or "", size = 59, colour = screen.gold },
        { text = slot.title, size = 97, bold = true },
    }
    if slot.who and slot.who ~= "" then rows[#rows + 1] = { text = words.who:format(slot.who), size = 64 } end
    local ends = dates.minute(slot.start_s + slot.seconds, offset)
    rows[#rows + 1] = { text = words.until_when:format(ends), size = 54, colour = screen.soft }
    return rows
end

-- The first slot still to come that has a title worth reading.
local function next_of(data, now)
    for _, slot in ipairs(data.slots) do
        local told = slot.kind ~= "ident" and slot.kind ~= "slogan" and slot.title ~= ""
        if slot.start_s > now and told then return slot end
    end
    return nil
end

local function when(slot, now, offset)
    local there, here = dates.parts(slot.start_s, offset), dates.parts(now, offset)
    local minute = dates.minute(slot.start_s, offset)
    if there.days == here.days then return minute end
    return words.date:format(there.month, there.day, words.weekdays[there.weekday]) .. "　" .. minute
end

-- Between programmes: the clock, the venue unless the picture behind names it, what comes next.
function cards.idle(data, now, over_picture)
    local offset = plan.offset_at(data, now)
    local rows = { clock_row(now, offset), date_row(now, offset) }
    if not over_picture then rows[#rows + 1] = { text = data.venue.name, size = 59, colour = screen.gold } end
    local slot = next_of(data, now)
    if slot then
        local pattern = words.event[slot.kind] and words.next_event or words.next_at
        rows[#rows + 1] = { text = words.next_one, size = 43, colour = screen.soft }
        rows[#rows + 1] = { text = pattern:format(when(slot, now, offset), slot.title), size = 59 }
    else
        rows[#rows + 1] = { text = words.no_next, size = 48, colour = screen.soft }
    end
    return rows
end

-- When neither ident nor picture is there: who we are, and the time if it is right.
function cards.bare(data, now)
    local offset = data and plan.offset_at(data, now) or 0
    local rows = { { text = data and data.venue.name or "远教", size = 86, bold = true, colour = screen.gold } }
    if data then rows[#rows + 1] = date_row(now, offset) end
    return rows
end

-- Today's programmes as lines; what is on is marked.
function cards.today(data, now)
    local offset = plan.offset_at(data, now)
    local today = dates.parts(now, offset)
    local rows = { words.list:format(words.date:format(today.month, today.day, words.weekdays[today.weekday])) }
    local from, slots = 1, {}
    for _, slot in ipairs(data.slots) do
        local told = slot.kind ~= "ident" and slot.kind ~= "slogan" and slot.kind ~= "filler"
        if told and dates.parts(slot.start_s, offset).days == today.days then
            slots[#slots + 1] = slot
            if slot.start_s + slot.seconds <= now then from = #slots end
        end
    end
    from = math.max(1, math.min(from, #slots - 15))
    for index = from, math.min(#slots, from + 15) do
        local slot = slots[index]
        local on = now >= slot.start_s and now < slot.start_s + slot.seconds
        rows[#rows + 1] = (on and "▶ " or "　 ") .. dates.minute(slot.start_s, offset) .. "　" .. slot.title
    end
    if #slots == 0 then rows[2] = words.empty_list end
    return rows
end

return cards
