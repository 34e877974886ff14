-- The player: puts on what the plan says is on now.
--
-- At each tick: what time is it, is that believed, which kit is in force, what ought to be on; when that is not what
-- is on, change over. Nothing is remembered from the item before.

local cards = require("cards")
local clock = require("clock")
local disk = require("disk")
local guard = require("guard")
local keys = require("keys")
local kits = require("kits")
local options = require("options")
local plan = require("plan")
local prover = require("prover")
local record = require("record")
local screen = require("screen")
local show = require("show")
local system = require("system")
local wishes = require("wishes")
local words = require("words")

local TICK_S, SCAN_S, ALIVE_MS = 0.025, 0.5, 60000
local SOON_S = 5  -- before a slot its file is made ready
local REMIND_S, TOLD_S = 600, 30  -- how often, and for how long, it is told that the record cannot be written
local OTHER_LIVES = 4  -- exit code, told to who watches us

local function or_nil(text) return text ~= "" and text or nil end

local kit, home = or_nil(options.kit), or_nil(options.home)
local state = or_nil(options.state) or (home and home .. "/state") or disk.join(kit or ".", "asrun")
local asrun = or_nil(options.asrun) or (home and home .. "/asrun") or disk.join(kit or ".", "asrun")

local time = clock.new(mp.get_time, options.start > 0 and options.start or nil, options.speed)
local watch = guard.new(state, options.alone)
if watch.mark then time:remember(watch.mark) end
local shelf = kits.new({
    kit = kit, home = home, notices = or_nil(options.notices), state = state, verify = prover.prove,
})
local display = screen.new()
local in_force, notice_on, log
local now_on = { fault = nil, alive = 0, scanned = -SCAN_S, opened = nil, lead = 0, aimed = 0 }

local function wall() return (time:now()) end

local function moment()
    local now, mono = time:now()
    return { wall = now, mono = mono, offset = in_force and plan.offset_at(in_force, now / 1000) or 8 * 3600 }
end

local function write(event, fields)
    if log then log:write(event, moment(), fields) end
end

local stage = show.new({ screen = display, speed = options.speed, now = wall, write = write })

local function identity()
    return { kit = in_force and in_force.kit, revision = in_force and in_force.revision }
end

local function note(event, reason)
    local fields = identity()
    fields.reason = reason
    write(event, fields)
end

local function open_record()
    if log or (not in_force and shelf:is_busy()) then return end
    local venue = in_force and in_force.venue.id or shelf.venue or "unknown"
    log = record.new({ asrun, state .. "/asrun" }, venue, guard.machine(state), watch.boot)
    note("boot", mp.get_property("mpv-version") or "")
end

local function is_border(second)
    if not in_force or not stage.wish or stage.wish.plan ~= in_force then return true end
    return plan.slot_at(in_force, second) ~= stage.wish.slot or not stage.wish.slot
end

-- Another plan may take over only between two slots.
local function take_over(chosen, second)
    if chosen == in_force or not chosen or not is_border(second) then return end
    local before = in_force
    in_force = chosen
    if before and before.revision ~= chosen.revision then
        note("revision", ("%.0f"):format(before.revision))
        display:say(words.adopted:format(chosen.revision), 8)
    end
end

local function tell_refusals()
    for _, refusal in ipairs(shelf:refusals()) do
        write("refused", refusal)
        display:say(words.refusal:format(refusal.kit, words.refused[refusal.reason]), 60)
    end
end

local function tell_clock(fault)
    if fault == now_on.fault then return end
    now_on.fault = fault
    note("clock", fault or "right-again")
    if not fault then display:quiet() end
end

local function safe_words(wish)
    local second = math.floor(wish.since / 1000)
    if words[wish.reason] then return words[wish.reason] end
    local offset = in_force and plan.offset_at(in_force, second) or 8 * 3600
    local day = require("dates").iso(second * 1000, offset):sub(1, 16):gsub("T", " ")
    return words.clock[wish.reason] .. words.clock_now:format(day)
end

-- End after closing, when asked to and nothing opens soon.
local function leave_after_closing(second)
    if options.leave <= 0 or not in_force then return end
    local window, following = plan.window_at(in_force, second), plan.window_after(in_force, second)
    if window then now_on.opened = window.end_s end
    local over = now_on.opened and not window and second >= now_on.opened + options.leave * 60
    if over and (not following or following.start_s - second > 3600) then mp.command("quit 0") end
end

-- The record goes on in memory; somebody has to make room.
local function tell_record()
    if not log then return end
    local kept = log:flush()
    if kept then
        now_on.unkept = nil
    elseif not now_on.unkept or mp.get_time() - now_on.unkept > REMIND_S then
        now_on.unkept = mp.get_time()
        display:say(words.unkept, TOLD_S)
    end
end

local function scan()
    if mp.get_time() - now_on.scanned < SCAN_S then return end
    now_on.scanned = mp.get_time()
    if watch:is_asked_to_end() then return mp.command("quit 0") end
    shelf:scan(in_force)
    stage:heed(state .. "/damaged")
    tell_record()
end

local function change_over(wish)
    if stage.wish and stage.wish.key == wish.key then return end
    if wish.skipped then
        local fields = identity()
        fields.slot, fields.sha16, fields.reason = wish.skipped.id, wish.skipped.file, "short"
        write("skip", fields)
    end
    local urgent = wish.reason == "notice" and wish.plan
    if urgent and urgent ~= notice_on then note("notice", urgent.kit) end
    notice_on = urgent or nil
    if wish.kind == "safe" then display:say(safe_words(wish)) end
    if stage.wish and stage.wish.kind == "safe" and wish.kind ~= "safe" then
        display:quiet()
    end
    stage:begin(wish)
end

-- When what is asked for now will be seen. The lead changes in the middle of a second only: no border, which are on
-- whole seconds, is crossed twice.
local function moment_seen(now)
    local part = now % 1000
    if part > 400 and part < 600 then now_on.lead = stage:lead() end
    return now + now_on.lead
end

local function prepare(seen)
    local second = math.floor(seen / 1000)
    local coming = in_force and plan.slot_at(in_force, second + SOON_S)
    if coming and coming.start_s > second then stage:prepare(in_force, coming) end
end

local tick

-- One tick more, exactly when a whole second is to be seen: there slots begin.
local function aim(seen)
    local border = (math.floor(seen / 1000) + 1) * 1000
    local wait = (border - seen + 1) / 1000 / options.speed
    if wait < 2 * TICK_S and border ~= now_on.aimed then
        now_on.aimed = border
        mp.add_timeout(wait, tick)
    end
end

function tick()
    if watch:other_lives() then return mp.command("quit " .. OTHER_LIVES) end
    if not watch:is_alone() then return end
    scan()
    shelf:work(not in_force)
    local now, mono = time:now()
    local seen = moment_seen(now)
    local second = math.floor(seen / 1000)
    local chosen, notice = shelf:choose(second)
    take_over(chosen, second)
    open_record()
    -- Until the kits are looked through there is no record, and nothing to be judged.
    if not log then
        change_over(wishes.at(nil, nil, "checking", now))
        return watch:beat(time.mark)
    end
    local believed = in_force and { built_s = shelf:built_s(), valid = in_force.valid }
    local fault = time:judge(believed, now, mono)
    tell_clock(fault)
    tell_refusals()
    if in_force and not fault then shelf:adopt(in_force) end
    change_over(wishes.at(in_force, notice, fault, seen, stage.wish and stage.wish.key))
    stage:follow(now)
    prepare(seen)
    aim(seen)
    if mono - now_on.alive >= ALIVE_MS then
        now_on.alive = mono
        stage:alive()
    end
    watch:beat(time.mark)
    if options["until"] > 0 and now >= options["until"] * 1000 then mp.command("quit 0") end
    leave_after_closing(math.floor(now / 1000))
end

local function start()
    if not system.lock(state .. "/player.lock") then return mp.command("quit " .. OTHER_LIVES) end
    scan()
    -- Lua's clock has whole seconds: begin when one of them has just turned.
    local waiting
    waiting = mp.add_periodic_timer(0.005, function()
        time:now()
        if not time:is_exact(40 * options.speed) then return end
        waiting:kill()
        tick()
        mp.add_periodic_timer(TICK_S, tick)
    end)
end

keys.bind(display, {
    today = function() return in_force and cards.today(in_force, wall() / 1000) or { words["no-kit"] } end,
    tally = function(typed) note("tally", typed) end,
    believe = function() time:believe() end,
})
mp.register_event("shutdown", function()
    stage:finish("stop")
    note("stop", "")
    watch:rest(time.mark)
end)
if options.start > 0 then
    mp.register_script_message("put-clock", function(by) time.source.put(tonumber(by)) end)
end
start()
