-- Has a kit's signature checked by the script that lies beside the player: openssl on Linux, .NET on Windows.

local prover = {}

local function is_windows()
    return package.config:sub(1, 1) == "\\"
end

local function arguments(folder)
    local player = mp.command_native({ "expand-path", "~~/.." })
    if is_windows() then
        local shell = { "powershell.exe", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File" }
        shell[#shell + 1], shell[#shell + 2] = player .. "/verify.ps1", folder
        return shell
    end
    return { "sh", player .. "/verify.sh", folder }
end

-- done(code): 0 right, 1 wrong; anything else: this PC cannot tell.
function prover.prove(folder, done)
    local command = { name = "subprocess", args = arguments(folder), playback_only = false, capture_stdout = true }
    mp.command_native_async(command, function(started, result)
        local ended = started and result and result.error_string ~= "init" and result.status
        done(ended or 2)
    end)
end

return prover
