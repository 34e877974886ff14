-- mpv as a tape deck: puts a file on at a position, tells when its first picture is there and when it fails.
-- Knows nothing of plans.

local TOO_FAR_S, PATIENCE_S = 0.5, 2  -- off by more, and for longer, the position is sought again
local JOINED_TOO_FAR_S, JOINED_PATIENCE_S = 0.15, 0.5  -- once, after joining: how long that takes was a guess
local STANDSTILL_S = 5
local WARM_BYTES, WARM_PIECE = 2 ^ 20, 2 ^ 16
local DAMAGES = 3        -- errors of a decoder after which a file counts as damaged

local Deck = {}
Deck.__index = Deck

-- mpv 0.38 put an index before the options of loadfile.
local function wants_index()
    for _, command in ipairs(mp.get_property_native("command-list") or {}) do
        if command.name == "loadfile" then
            for _, argument in ipairs(command.args) do
                if argument.name == "index" then return true end
            end
        end
    end
    return false
end

-- tape: path, pos (seconds), loop (flag), volume (0..100), picture (flag: it stands still by nature), joined (flag:
-- in progress, at a guess of how long it takes to show).
function Deck:play(tape)
    local options = { volume = tostring(tape.volume or 100) }
    if tape.pos > 0 then options.start = ("%.3f"):format(tape.pos) end
    local command = { "loadfile", tape.path, "replace" }
    if self.indexed then command[#command + 1] = -1 end
    command[#command + 1] = options
    self.tape, self.pos, self.shown = tape, nil, false
    self.damages, self.turned, self.turning, self.corrected = 0, 0, false, false
    self.asked = mp.get_time()
    self.moved, self.sought = self.asked, self.asked
    local answer = mp.command_native(command)
    self.entry = type(answer) == "table" and answer.playlist_entry_id or nil
end

function Deck:stop()
    self.tape, self.entry, self.pos = nil, nil, nil
    mp.command("stop")
end

function Deck:fail(reason)
    local tape = self.tape
    if not tape then return end
    self.tape = nil
    self.on_failed(tape, reason)
end

function Deck:seek(pos)
    self.sought = mp.get_time()
    mp.commandv("seek", ("%.3f"):format(pos), "absolute+exact")
end

-- Keep to where the tape ought to be (seconds into it); call it at each tick.
function Deck:follow(expected)
    local tape = self.tape
    if not tape or not self.shown or tape.picture then return end
    local pos, now = mp.get_property_number("time-pos"), mp.get_time()
    local ended = mp.get_property_bool("eof-reached")
    if pos and pos ~= self.pos then self.pos, self.moved = pos, now end
    if ended then
        if tape.loop and not self.turning then
            self.turning, self.turned = true, self.turned + (tape.seconds or pos or 0)
            self:seek(0)
        elseif not tape.loop and tape.seconds and (self.pos or 0) < tape.seconds - 1.5 then
            self:fail("short")
        end
        self.moved = now
        return
    end
    self.turning = false
    if now - self.moved > STANDSTILL_S then
        self:fail("standstill")
    elseif not tape.loop and pos and self:is_off(tape, pos - expected, now) then
        self.corrected = true
        self:seek(expected + self.latency)
    end
end

function Deck:is_off(tape, by, now)
    local guessed = tape.joined and not self.corrected
    local most, patience = guessed and JOINED_TOO_FAR_S or TOO_FAR_S, guessed and JOINED_PATIENCE_S or PATIENCE_S
    return now - self.sought > patience and math.abs(by) > most * self.speed
end

-- Seconds of the tape that have been on, all its turns together.
function Deck:reached()
    return (self.turned or 0) + (self.pos or 0)
end

-- Seconds that pass from asking for a file to its first picture, as of late.
function Deck:lead()
    return self.latency
end

-- The same, with some to spare: it grows faster than it shrinks.
function Deck:ample_lead()
    return self.early
end

-- Have the beginning of a file in the system's memory before it is asked for: a piece at each call, so that no tick
-- waits long for a slow stick. Call it again and again with the same path.
function Deck:warm(path)
    if self.warmed ~= path then
        if self.warming then self.warming:close() end
        self.warmed, self.warming = path, io.open(path, "rb")
    end
    local file = self.warming
    if file and not (file:seek() < WARM_BYTES and file:read(WARM_PIECE)) then
        file:close()
        self.warming = nil
    end
end

function Deck:on_restart()
    if not self.tape or self.shown then return end
    self.shown = true
    local took = (mp.get_time() - self.asked) * self.speed
    self.latency = math.min(0.7 * self.latency + 0.3 * took, self.speed)
    local grown = took > self.early and 0.5 or 0.1
    self.early = self.early + grown * (took - self.early)
    self.moved, self.sought = mp.get_time(), mp.get_time()
    self.pos = mp.get_property_number("time-pos")
    self.on_shown(self.tape, self.pos or self.tape.pos)
end

function Deck:on_end(event)
    local ours = not self.entry or not event.playlist_entry_id or event.playlist_entry_id == self.entry
    if event.reason == "error" and ours then self:fail("unreadable") end
end

function Deck:on_message(message)
    local decoder = message.prefix == "ffmpeg/video" or message.prefix == "ffmpeg/audio"
    if not decoder or not self.tape or not self.shown then return end
    self.damages = self.damages + 1
    if self.damages >= DAMAGES then self:fail("decoder") end
end

local deck = {}

-- on_shown(tape, pos) and on_failed(tape, reason) are called by mpv's events.
function deck.new(speed, on_shown, on_failed)
    local self = setmetatable({
        speed = speed, latency = 0.06 * speed, early = 0.06 * speed, indexed = wants_index(),
        on_shown = on_shown, on_failed = on_failed,
    }, Deck)
    if speed ~= 1 then mp.set_property_number("speed", speed) end
    mp.register_event("playback-restart", function() self:on_restart() end)
    mp.register_event("end-file", function(event) self:on_end(event) end)
    mp.register_event("log-message", function(message) self:on_message(message) end)
    mp.enable_messages("error")
    return self
end

return deck
