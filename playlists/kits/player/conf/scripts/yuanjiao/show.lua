-- What is on: turns a wish (a slot, an event, the idle card, the safe loop) into a file or a card, falls back when a
-- file is missing or damaged, and tells the record what was shown.

local cards = require("cards")
local deck = require("deck")
local disk = require("disk")

local STOOD_STILL = 3  -- exit code, told to who watches us

local LEAD_MS = 150
local CARDS = { event = true, idle = true }

local Show = {}
Show.__index = Show

local function media(data, sha16, event, loops)
    local file = data.files[sha16]
    return file and {
        event = event, sha16 = sha16, path = disk.join(data.folder, file.path), size = file.size, sum = file.sha256,
        seconds = file.seconds, loop = loops,
    }
end

local function fallbacks(data, sources)
    if not data then return sources end
    local ident, card = data.fallback.ident, data.fallback.card
    if ident then sources[#sources + 1] = { event = "fallback", path = disk.join(data.folder, ident), loop = true } end
    if card then sources[#sources + 1] = { event = "fallback", path = disk.join(data.folder, card), picture = true } end
    return sources
end

-- Best first: the slot's own file, others of its series beginning with another one for each slot, what always goes.
-- A file that is shorter than its slot, as a notice without a break is, is shown over and over.
local function sources_of(data, slot)
    local file = data.files[slot.file]
    local sources = { media(data, slot.file, "start", file and file.seconds and slot.seconds > file.seconds) }
    local others = data.substitutes[slot.series or ""] or {}
    for index = 1, #others do
        local sha16 = others[(slot.start_s + index) % #others + 1]
        if sha16 ~= slot.file then sources[#sources + 1] = media(data, sha16, "substitute", true) end
    end
    return fallbacks(data, sources)
end

function Show:log(event, source, fields)
    local wish = self.wish or {}
    local data = wish.plan or {}
    fields = fields or {}
    self.write(event, {
        slot = wish.slot and wish.slot.id, kit = data.kit, revision = data.revision, sha16 = source and source.sha16,
        pos = fields.pos, late = fields.late, reason = fields.reason,
    })
end

-- Seconds of the wish that have passed.
function Show:elapsed(now)
    return (now - self.wish.since) / 1000
end

-- Read anew which files the watcher found to be others than the office signed; call it now and then.
function Show:heed(path)
    local stamp = disk.stamp(path)
    if stamp == self.heeded then return end
    self.heeded, self.exchanged = stamp, {}
    for line in (disk.read(path) or ""):gmatch("[^\n]+") do self.exchanged[line] = true end
end

function Show:fault_of(source)
    local size = disk.size(source.path)
    if not size then return "missing", "not-found" end
    if source.size and source.size ~= size then return "damaged", "size" end
    if self.bad[source.path] then return "damaged", self.bad[source.path] end
    if source.sum and self.exchanged[source.sum:lower() .. "|" .. disk.stamp(source.path)] then return "damaged", "sum" end
    return nil
end

-- The words of the card that belongs to the wish, over its picture when there is one.
function Show:draw_card(over_picture)
    local kind, data = self.wish.kind, self.wish.plan
    local rows = kind == "event" and cards.event(data, self.wish.slot, self.seconds())
        or kind == "idle" and cards.idle(data, self.seconds(), over_picture) or cards.bare(data, self.seconds())
    self.screen:card(rows, over_picture)
end

-- Neither file nor picture is left: the card is drawn whole.
function Show:bare()
    self.source = nil
    self:draw_card(false)
    self.deck:stop()
    if not CARDS[self.wish.kind] then self:log("fallback", nil, { reason = "drawn" }) end
end

function Show:try_next()
    repeat
        self.index = self.index + 1
        local source = self.sources[self.index]
        if not source then return self:bare() end
        local event, reason = self:fault_of(source)
        if not event then return self:put_on(source) end
        if source.sha16 then self:log(event, source, { reason = reason }) end
    until false
end

function Show:put_on(source)
    local passed = math.max(0, self:elapsed(self.now()))
    if passed > 0.25 * self.deck.speed then passed = passed + self.deck:lead() end
    if source.loop then passed = source.seconds and passed % source.seconds or 0 end
    if source.picture then passed = 0 end
    self.source, self.joined = source, passed > 0.25 * self.deck.speed
    self.deck:play({
        path = source.path, pos = passed, loop = source.loop, picture = source.picture, seconds = source.seconds,
        volume = self.wish.slot and self.wish.slot.volume or 100, source = source, joined = self.joined,
    })
end

function Show:shown(tape, pos)
    local source = tape.source
    if source ~= self.source then return end
    if CARDS[self.wish.kind] then
        self:draw_card(true)
    else
        self.screen:clear()
        local late = self.joined and 0 or math.max(0, self.now() - self.wish.since)
        pos = self.joined and pos * 1000 or 0
        self:log(source.event, source, { pos = pos, late = late, reason = self.wish.reason })
    end
end

-- Two files standing still in a row are not the files' fault: whoever watches us starts mpv anew.
local function count_standstill(self, reason)
    self.standstills = reason == "standstill" and (self.standstills or 0) + 1 or 0
    if self.standstills >= 2 then mp.command("quit " .. STOOD_STILL) end
end

function Show:failed(tape, reason)
    local source = tape.source
    if source ~= self.source then return end
    count_standstill(self, reason)
    if reason ~= "unreadable" then self.bad[source.path] = reason end
    if self.deck.pos then self:log("end", source, { pos = self.deck:reached() * 1000, reason = "error" }) end
    if source.sha16 then self:log("damaged", source, { reason = reason }) end
    self:try_next()
end

-- Seconds of the wish that have been on: of the file, or of the card.
function Show:reached()
    if self.source and self.source.sha16 then return self.deck:reached() end
    return math.max(0, self:elapsed(self.now()))
end

-- What was on ends: at its own end, because something else comes, or because we stop.
function Show:finish(reason)
    local wish, source = self.wish, self.source
    if not wish or not wish.slot or (source and not self.deck.shown) then return end
    local pos, seconds = self:reached(), wish.slot.seconds
    local whole = pos >= seconds - 0.6 * self.deck.speed
    if whole and not (source and source.sha16) then pos = seconds end
    self:log("end", source, { pos = pos * 1000, reason = reason == "stop" and "stop" or whole and "done" or "next" })
end

-- A card stands on a picture of the kit; it is told of at once, for it can always be drawn.
local function begin_card(self, picture)
    local wish = self.wish
    local passed = wish.slot and math.max(0, self.now() - wish.since) or 0
    local joined = passed > 2000 * self.deck.speed
    self:log(wish.kind, nil, { pos = joined and passed or 0, late = joined and 0 or passed, reason = wish.reason })
    self.sources = {}
    if picture then
        self.sources[1] = { event = wish.kind, path = disk.join(wish.plan.folder, picture), picture = true }
    end
    self:try_next()
end

-- Change over to a wish: kind, key, since (milliseconds), plan, slot, reason.
function Show:begin(wish)
    self:finish("next")
    self.wish, self.index, self.source = wish, 0, nil
    if wish.kind == "event" then return begin_card(self, wish.plan.fallback.card) end
    if wish.kind == "idle" then return begin_card(self, wish.plan.fallback.idle) end
    if wish.kind == "black" then
        self.screen:clear()
        self.deck:stop()
        return self:log("idle", nil, { reason = wish.reason })
    end
    self.sources = wish.kind == "slot" and sources_of(wish.plan, wish.slot) or fallbacks(wish.plan, {})
    self:try_next()
end

-- Call at each tick: keeps to the position, and the cards to the minute.
function Show:follow(now)
    local wish = self.wish
    if not wish then return end
    self.deck:follow(self:elapsed(now))
    local minute = math.floor(now / 60000)
    if minute ~= self.minute or wish ~= self.drawn then
        self.minute, self.drawn = minute, wish
        if wish.kind == "idle" and (not self.source or self.deck.shown) then self:draw_card(self.source ~= nil) end
    end
end

-- Make ready for a slot that comes soon.
function Show:prepare(data, slot)
    local file = data.files[slot.file or ""]
    if file then self.deck:warm(disk.join(data.folder, file.path)) end
end

-- Milliseconds by which a slot is begun early, so that its first picture is there on time.
function Show:lead()
    return math.min(self.deck:ample_lead() * 1000, LEAD_MS)
end

-- What an `alive` line tells.
function Show:alive()
    if not self.wish then return end
    self:log("alive", self.source, { pos = self:reached() * 1000, reason = self.wish.kind })
end

local show = {}

-- options: screen, speed, now (function: wall milliseconds), write (function: event, fields of the record)
function show.new(options)
    local self = setmetatable({ screen = options.screen, now = options.now, write = options.write, bad = {}, exchanged = {} }, Show)
    function self.seconds() return math.floor(options.now() / 1000) end
    self.deck = deck.new(options.speed, function(tape, pos) self:shown(tape, pos) end,
        function(tape, reason) self:failed(tape, reason) end)
    return self
end

return show
