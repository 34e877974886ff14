-- Has a kit's signature checked by the script that lies beside the player: openssl on Linux, .NET on Windows.

local disk = require("disk")

local prover = {}

local function is_windows()
    return package.config:sub(1, 1) == "\\"
end

-- An installed player knows the office's key since its first kit; a stick is held to its own.
local function key_for(folder, state)
    local known = state .. "/key.pub"
    return disk.size(known) and known or disk.join(folder, "key.pub")
end

local function arguments(folder, key)
    local player = mp.command_native({ "expand-path", "~~/.." })
    if is_windows() then
        local shell = { "powershell.exe", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File" }
        shell[#shell + 1], shell[#shell + 2] = player .. "/verify.ps1", folder
        shell[#shell + 1] = key
        return shell
    end
    return { "sh", player .. "/verify.sh", folder, key }
end

-- done(code): 0 right, 1 wrong; anything else: this PC cannot tell. state: the folder that may hold the known key.
function prover.prove(folder, state, done)
    local shell = arguments(folder, key_for(folder, state))
    local command = { name = "subprocess", args = shell, playback_only = false, capture_stdout = true }
    mp.command_native_async(command, function(started, result)
        local ended = started and result and result.error_string ~= "init" and result.status
        done(ended or 2)
    end)
end

return prover
