-- What is drawn over the picture: cards, the strip of words at the foot, and lists. Owns three overlays; drawn by
-- libass with the kit's own font, so a card needs no file at all.

local message = require("mp.msg")

local HEIGHT = 720
local FONT = "Noto Sans SC"
local GROUND, PANEL, GOLD, WHITE, SOFT = "&H4A2E14&", "&H33200E&", "&H5CC3FF&", "&HFFFFFF&", "&HE4D8CC&"
local NEVER_FIRST = "，。！？：；、）》”’」』】〉…"

local Screen = {}
Screen.__index = Screen

local function letters(text)
    local found = {}
    for letter in tostring(text):gmatch("[%z\1-\127\194-\244][\128-\191]*") do found[#found + 1] = letter end
    return found
end

local function escaped(text)
    return (tostring(text):gsub("%c", " "):gsub("\\", "\\\239\187\191"):gsub("{", "\\{"))
end

-- Lines no wider than `most` letters; half-width letters count half; closing punctuation begins no line.
local function broken(text, most)
    local lines, line, width = {}, "", 0
    for _, letter in ipairs(letters(text)) do
        local own = #letter == 1 and 0.55 or 1
        if width + own > most and not NEVER_FIRST:find(letter, 1, true) then
            lines[#lines + 1], line, width = line, "", 0
        end
        line, width = line .. letter, width + own
    end
    lines[#lines + 1] = line
    return lines
end

local function width_of_canvas()
    local width, height = mp.get_osd_size()
    if not width or width <= 0 or height <= 0 then return HEIGHT * 16 / 9 end
    return HEIGHT * width / height
end

local function box(left, top, right, bottom, colour, alpha)
    return ("{\\an7\\pos(0,0)\\bord0\\shad0\\1c%s\\1a&H%02X&\\p1}m %d %d l %d %d %d %d %d %d{\\p0}"):format(colour,
        alpha or 0, left, top, right, top, right, bottom, left, bottom)
end

local function label(x, y, align, size, colour, text, bold)
    return ("{\\an%d\\pos(%d,%d)\\bord0\\shad0\\fn%s\\fs%d\\b%d\\1c%s\\q2}%s"):format(align, x, y, FONT, size,
        bold and 1 or 0, colour, escaped(text))
end

-- One column of centred text: each row is text, size, colour, bold. Shrunk until it fits the height.
local function column(rows, width, top, bottom)
    local shrink = math.min(1, width / (HEIGHT * 1.2))
    local lines, height
    repeat
        lines, height = {}, 0
        for _, row in ipairs(rows) do
            local size = math.max(12, math.floor(row.size * shrink))
            for _, text in ipairs(broken(row.text, math.max(4, width * 0.9 / (size * 0.70)))) do
                lines[#lines + 1] = { text = text, size = size, row = row }
                height = height + size * 1.15
            end
        end
        shrink = shrink * 0.9
    until height <= bottom - top or shrink < 0.15
    local drawn, y = {}, (top + bottom - height) / 2
    for _, line in ipairs(lines) do
        drawn[#drawn + 1] = label(width / 2, y, 8, line.size, line.row.colour or WHITE, line.text, line.row.bold)
        y = y + line.size * 1.15
    end
    return table.concat(drawn, "\n")
end

local function put(overlay, width, data)
    width = math.floor(width)
    if overlay.data == data and (overlay.res_x == width or data == "") then return end
    overlay.res_x, overlay.res_y, overlay.data = width, HEIGHT, data
    if data == "" then overlay:remove() else overlay:update() end
end

-- A whole card: rows in the middle; `over_picture` leaves the picture behind to be seen above a panel.
function Screen:card(rows, over_picture)
    local width = width_of_canvas()
    local top = over_picture and HEIGHT * 0.26 or 0
    local ground = over_picture and box(0, top, width, HEIGHT, PANEL, 0x30)
        or box(0, 0, width, HEIGHT, GROUND) .. "\n" .. box(0, HEIGHT - 14, width, HEIGHT, GOLD)
    put(self.cards, width, ground .. "\n" .. column(rows, width, top + 14, HEIGHT - 24))
end

function Screen:clear()
    put(self.cards, 16, "")
end

-- Words at the foot of the picture; for `seconds`, or until `quiet` when nil.
function Screen:say(text, seconds)
    if self.timer then self.timer:kill() end
    self.timer = seconds and mp.add_timeout(seconds, function() self:quiet() end) or nil
    if self.said == text and not seconds then return end
    self.said = text
    message.info(text)
    local width = width_of_canvas()
    local rows = { { text = text, size = 38 } }
    put(self.strip, width, box(0, HEIGHT - 110, width, HEIGHT, PANEL, 0x20) .. "\n"
        .. column(rows, width, HEIGHT - 106, HEIGHT - 8))
end

function Screen:quiet()
    if self.timer then self.timer:kill() end
    self.timer, self.said = nil, nil
    put(self.strip, 16, "")
end

-- A list over everything; the first row is its heading.
function Screen:list(rows)
    local width, drawn = width_of_canvas(), {}
    local size = math.floor(math.max(12, math.min(46, (HEIGHT - 60) / (#rows * 1.25), width / 20)))
    for index, row in ipairs(rows) do
        drawn[index] = label(width * 0.08, 30 + (index - 1) * size * 1.25, 7, size, index == 1 and GOLD or WHITE, row)
    end
    put(self.lists, width, box(0, 0, width, HEIGHT, PANEL, 0x18) .. "\n" .. table.concat(drawn, "\n"))
end

function Screen:close_list()
    put(self.lists, 16, "")
end

local screen = { gold = GOLD, soft = SOFT }

function screen.new()
    local self = setmetatable({}, Screen)
    for z, name in ipairs({ "cards", "strip", "lists" }) do
        self[name] = mp.create_osd_overlay("ass-events")
        self[name].z = z
    end
    return self
end

return screen
