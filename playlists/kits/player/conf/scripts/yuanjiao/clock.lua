-- What time it is, in milliseconds, and whether that can be believed. Owns the high-water mark of the clock.
--
-- Lua's os.time() has whole seconds only. Each tick narrows the distance between it and mpv's monotonic clock: the
-- wall clock is never before os.time(), never a second past it. An empty range means that the clock was set.

local STEP_MS = 500       -- a range empty by more is a clock set anew; by less, it is being slewed
local BACK_MS = 60000     -- as much as a clock may be put back without a word
local SETTLE_MS = 900000  -- a clock that was put back and then ran steadily for so long is believed again

local Clock = {}
Clock.__index = Clock

-- The system's own clocks; a test gives others.
local function system_source(mono)
    return { seconds = os.time, mono = mono }
end

-- For tests: a clock that starts at `start` seconds, runs `speed` times as fast, and can be put elsewhere.
local function simulated_source(mono, start, speed)
    local origin, shift = mono(), 0
    local source = { speed = speed }
    function source.mono() return (mono() - origin) * speed end
    function source.seconds() return math.floor(start + shift + source.mono()) end
    function source.put(by) shift = shift + by end
    return source
end

function Clock:narrow()
    local second, mono = self.source.seconds() * 1000, self.source.mono() * 1000
    local low, high = second - mono, second + 1000 - mono
    if not self.low then
        self.low, self.high = low, high
    elseif low > self.high or high < self.low then
        local step = low > self.high and low - self.high or high - self.low
        if math.abs(step) > STEP_MS then
            self.low, self.high = low, high
        elseif step > 0 then
            self.low, self.high = low, math.max(low + 1, self.high + step)
        else
            self.low, self.high = math.min(high - 1, self.low + step), high
        end
    else
        self.low, self.high = math.max(self.low, low), math.min(self.high, high)
    end
    return mono
end

-- Whether the milliseconds are known: the range is narrower than `ms`.
function Clock:is_exact(ms)
    return self.low ~= nil and self.high - self.low <= ms
end

-- Wall milliseconds since 1970, milliseconds of the monotonic clock since the start.
function Clock:now()
    local mono = self:narrow()
    return math.floor(mono + (self.low + self.high) / 2), math.floor(mono - self.began)
end

-- What is wrong with the clock: nil, "before-built", "outside" or "backwards".
--   plan: its built_s, valid.from_s and valid.to_s; nil when no plan is in force
function Clock:judge(plan, now, mono)
    if self.mark and now < self.mark + (mono - self.mark_mono) - BACK_MS then
        self.back_since = self.back_since or mono
        if mono - self.back_since < SETTLE_MS then
            return plan and now < plan.built_s * 1000 and "before-built" or "backwards"
        end
        self.mark = nil
    end
    self.back_since = nil
    if plan and now < plan.built_s * 1000 then return "before-built" end
    if plan and (now < plan.valid.from_s * 1000 or now >= plan.valid.to_s * 1000) then return "outside" end
    if plan then self.mark, self.mark_mono = now, mono end
    return nil
end

-- A person at the keyboard says that the clock is right.
function Clock:believe()
    self.mark, self.back_since = nil, nil
end

-- The latest moment that was believed, from an earlier run; milliseconds.
function Clock:remember(mark)
    self.mark, self.mark_mono = mark, 0
end

local clock = {}

function clock.new(mono, start, speed)
    local source = start and simulated_source(mono, start, speed or 1) or system_source(mono)
    local self = setmetatable({ source = source, began = source.mono() * 1000, speed = source.speed or 1 }, Clock)
    self:narrow()
    return self
end

return clock
