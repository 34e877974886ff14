-- Starts the player, and starts it anew when it dies or no longer shows signs of life; meanwhile, file after file,
-- finds out whether what lies on the disk is still what the office signed.

local utils = require("mp.utils")

local auditor = require("auditor")
local disk = require("disk")
local options = require("options")
local system = require("system")
local words = require("words")

local PATIENCE = 5  -- looks at a heartbeat that stays the same
local PAUSE_S, LONG_S = 0.5, 10
local ALREADY = 4   -- exit code: another one watches, or plays, already

-- Installed, the current folder is the player's home; on a stick, it is the kit itself.
local function settings_of(here)
    if disk.is_folder("kits") then
        return { state = here .. "/state", home = ".", leave = "10" }
    end
    return { state = system.own_state(), kit = ".", notices = "../notices" }
end

local function command_for(settings)
    local command = { system.mpv, "--config-dir=player/conf" }
    for _, option in ipairs(system.options) do command[#command + 1] = option end
    -- For tests: further options of mpv, apart by blanks.
    for option in (os.getenv("YUANJIAO_MPV_OPTIONS") or ""):gmatch("%S+") do command[#command + 1] = option end
    for name, value in pairs(settings) do
        command[#command + 1] = ("--script-opts-append=yuanjiao-%s=%s"):format(name, value)
    end
    command[#command + 1] = "--script-opts-append=yuanjiao-alone=yes"
    return command
end

local player

local function start_player(command, heartbeat)
    local before = disk.read(heartbeat) or ""
    local started = { still = 0, beat = before }
    local told = { name = "subprocess", args = command, playback_only = false }
    started.running = mp.command_native_async(told, function(_, result)
        started.running = nil
        local code = result and result.status
        -- 0: ended by a person or after closing, which it tells, where it can write. Anything else was not wanted.
        local said = disk.read(heartbeat) or ""
        if code == 0 and (said == before or said:find("ended")) then return mp.command("quit 0") end
        mp.add_timeout(code == ALREADY and LONG_S or PAUSE_S, function() player = start_player(command, heartbeat) end)
    end)
    return started
end

local function look(heartbeat)
    local beat = disk.read(heartbeat) or ""
    local moved = beat ~= player.beat
    -- A player that has never shown a sign of life has nowhere to write it.
    player.beats = player.beats or moved
    player.still = (moved or not player.beats) and 0 or player.still + 1
    player.beat = beat
    if player.still >= PATIENCE and player.running then mp.abort_async_command(player.running) end
end

local function start()
    local settings = settings_of((utils.getcwd():gsub("\\", "/")))
    local state = settings.state
    system.make_folder(state .. "/asrun")
    if settings.kit then system.make_folder("asrun") end
    if not system.lock(state .. "/lock") then
        io.stdout:write(words.plays_already, "\n")
        return mp.command("quit " .. ALREADY)
    end
    os.remove(state .. "/quit")
    local heartbeat = state .. "/heartbeat"
    player = start_player(command_for(settings), heartbeat)
    mp.add_periodic_timer(options.look, function() look(heartbeat) end)
    mp.register_event("shutdown", function()
        if player.running then disk.replace(state .. "/quit", "") end
    end)
    auditor.start(settings, options.pace)
end

start()
