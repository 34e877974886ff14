-- Moments as text and back: civil dates without a calendar library. Seconds since 1970 UTC; offsets in seconds.

local dates = {}

-- Days since 1970 of a civil date, after Howard Hinnant's days_from_civil.
local function days_of(year, month, day)
    if month <= 2 then year = year - 1 end
    local era = math.floor(year / 400)
    local of_era = year - era * 400
    local of_year = math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
    return era * 146097 + of_era * 365 + math.floor(of_era / 4) - math.floor(of_era / 100) + of_year - 719468
end

local function civil_of(days)
    local shifted = days + 719468
    local era = math.floor(shifted / 146097)
    local of_era = shifted - era * 146097
    local years = of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524) - math.floor(of_era / 146096)
    local year = math.floor(years / 365)
    local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
    local month = math.floor((5 * of_year + 2) / 153)
    local day = of_year - math.floor((153 * month + 2) / 5) + 1
    month = month < 10 and month + 3 or month - 9
    return year + era * 400 + (month <= 2 and 1 or 0), month, day
end

-- "2026-11-30T18:30:00+08:00" → seconds, offset; nil when it is not such a text.
function dates.parse(text)
    local year, month, day, hour, minute, second, zone =
        tostring(text):match("^(%d%d%d%d)-(%d%d)-(%d%d)T(%d%d):(%d%d):(%d%d)%.?%d*(.*)$")
    if not year then return nil end
    local offset = 0
    if zone ~= "Z" then
        local sign, hours, minutes = zone:match("^([+-])(%d%d):(%d%d)$")
        if not sign then return nil end
        offset = (tonumber(hours) * 3600 + tonumber(minutes) * 60) * (sign == "-" and -1 or 1)
    end
    local days = days_of(tonumber(year), tonumber(month), tonumber(day))
    return days * 86400 + tonumber(hour) * 3600 + tonumber(minute) * 60 + tonumber(second) - offset, offset
end

-- The parts of a local moment: year, month, day, hour, minute, second, weekday (1 is Monday), days since 1970.
function dates.parts(seconds, offset)
    local moment = math.floor(seconds + offset)
    local days = math.floor(moment / 86400)
    local rest = moment - days * 86400
    local year, month, day = civil_of(days)
    return {
        year = year, month = month, day = day, days = days, weekday = (days + 3) % 7 + 1,
        hour = math.floor(rest / 3600), minute = math.floor(rest / 60) % 60, second = rest % 60,
    }
end

-- Milliseconds → "2026-11-30T18:30:00.041+08:00".
function dates.iso(ms, offset)
    local p = dates.parts(math.floor(ms / 1000), offset)
    local sign, away = offset < 0 and "-" or "+", math.abs(offset)
    return ("%04d-%02d-%02dT%02d:%02d:%02d.%03d%s%02d:%02d"):format(p.year, p.month, p.day, p.hour, p.minute,
        p.second, math.floor(ms % 1000), sign, math.floor(away / 3600), math.floor(away / 60) % 60)
end

-- "18:30" of a local moment.
function dates.minute(seconds, offset)
    local p = dates.parts(seconds, offset)
    return ("%02d:%02d"):format(p.hour, p.minute)
end

return dates
