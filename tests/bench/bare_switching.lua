-- What changing a file costs mpv itself: every four seconds the next one; milliseconds until its first picture, a line
-- each. It changes while a picture is still to come, as the player does. Files: BARE_FILES, apart by blanks; lines go to BARE_TIMES.

local files = {}
for name in os.getenv("BARE_FILES"):gmatch("%S+") do files[#files + 1] = name end
local times = io.open(os.getenv("BARE_TIMES"), "w")
local count, asked = 0, nil

mp.register_event("playback-restart", function()
    if not asked then return end
    times:write(("%.1f\n"):format((mp.get_time() - asked) * 1000))
    times:flush()
    asked = nil
end)
mp.add_periodic_timer(3.95, function()
    count, asked = count + 1, mp.get_time()
    mp.commandv("loadfile", files[count % #files + 1], "replace")
end)
