-- The keys a person may press: mute, today's list, help, attendance, "the clock is right".

local words = require("words")

local keys = {}

local DIGITS = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }

local function leave_entry(entry)
    for _, name in ipairs(entry.names) do mp.remove_key_binding(name) end
    entry.names, entry.typed = {}, nil
end

local function bind(entry, key, act)
    local name = "entry-" .. key
    entry.names[#entry.names + 1] = name
    mp.add_forced_key_binding(key, name, act)
end

-- Ask for a number of people; done(text) gets what was typed.
local function ask_number(screen, entry, done)
    if entry.typed then return end
    entry.typed = ""
    local function show() screen:say(words.tally:format(entry.typed)) end
    for _, digit in ipairs(DIGITS) do
        local function type_digit()
            if #entry.typed < 5 then entry.typed = entry.typed .. digit end
            show()
        end
        bind(entry, digit, type_digit)
        bind(entry, "KP" .. digit, type_digit)
    end
    local function finish()
        local typed = entry.typed
        leave_entry(entry)
        screen:quiet()
        if typed ~= "" then done(typed) end
    end
    bind(entry, "ENTER", finish)
    bind(entry, "KP_ENTER", finish)
    bind(entry, "BS", function()
        entry.typed = entry.typed:sub(1, -2)
        show()
    end)
    bind(entry, "ESC", function()
        leave_entry(entry)
        screen:quiet()
    end)
    show()
end

local function toggle_list(screen, open, name, rows)
    if open.name == name then
        open.name = nil
        return screen:close_list()
    end
    open.name = name
    screen:list(rows)
end

-- acts: today() gives rows, tally(text), believe()
function keys.bind(screen, acts)
    local entry, open = { names = {} }, {}
    local function on(key, act)
        mp.add_forced_key_binding(key, "yuanjiao-" .. key, act)
        if key:match("^%l$") then mp.add_forced_key_binding(key:upper(), "yuanjiao-" .. key:upper(), act) end
    end
    on("m", function()
        mp.command("cycle mute")
        screen:say(mp.get_property_bool("mute") and words.muted or words.loud, 4)
    end)
    on("l", function() toggle_list(screen, open, "today", acts.today()) end)
    on("h", function() toggle_list(screen, open, "help", words.help) end)
    on("t", function()
        ask_number(screen, entry, function(typed)
            acts.tally(typed)
            screen:say(words.tallied:format(typed), 4)
        end)
    end)
    on("c", function()
        acts.believe()
        screen:say(words.clock_believed, 4)
    end)
    on("f", function() mp.command("cycle fullscreen") end)
    on("Ctrl+q", function() mp.command("quit 0") end)
end

return keys
