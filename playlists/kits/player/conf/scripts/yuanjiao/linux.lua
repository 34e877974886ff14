-- Linux: its own programs do the work, started without a shell. The interface is that of windows.lua.

local linux = { mpv = os.getenv("YUANJIAO_MPV") or "mpv", options = {}, starter = "run.sh" }

-- Run a program to its end: its exit code (-1: there is none), what it said.
local function run(...)
    local done = mp.command_native({ name = "subprocess", args = { ... }, playback_only = false, capture_stdout = true,
        capture_stderr = true })
    return done and done.status or -1, done and done.stdout or ""
end

local function script(name)
    return mp.command_native({ "expand-path", "~~/../" .. name })
end

-- Is the kit signed with the key: 0 yes, 1 no, anything else: this PC cannot tell. done(code) is called later.
function linux.prove(folder, key, done)
    local command = { name = "subprocess", args = { "sh", script("verify.sh"), folder, key }, playback_only = false,
        capture_stdout = true }
    mp.command_native_async(command, function(started, result)
        done(started and result and result.error_string ~= "init" and result.status or 2)
    end)
end

-- The same, at once.
function linux.is_signed(folder, key)
    return (run("sh", script("verify.sh"), folder, key))
end

local function sum_in(said)
    return said and said:match("^\\?(%x+)") or nil
end

-- The SHA-256 of a file in hex; nil when it cannot be read.
function linux.sum(path)
    local code, said = run("sha256sum", "--", path)
    return code == 0 and sum_in(said) or nil
end

-- The same, giving way to whatever else the PC does; done(sum) is called later.
function linux.sum_later(path, done)
    local command = { name = "subprocess", args = { "nice", "-n", "19", "sha256sum", "--", path }, playback_only = false,
        capture_stdout = true }
    mp.command_native_async(command, function(_, result)
        done(result and result.status == 0 and sum_in(result.stdout) or nil)
    end)
end

function linux.copy(from, to) return (run("cp", "--", from, to)) == 0 end

function linux.make_folder(path) return (run("mkdir", "-p", "--", path)) == 0 end

function linux.remove_tree(path) return (run("rm", "-rf", "--", path)) == 0 end

-- Rename; what was there under the new name, if it is a file, is replaced.
function linux.rename(from, to) return os.rename(from, to) and true or false end

-- Bytes free where the folder lies; nil when nobody can say.
function linux.free(folder)
    local _, said = run("df", "-Pk", "--", folder)
    local blocks = said:match("\n%S+%s+%d+%s+%d+%s+(%d+)")
    return blocks and tonumber(blocks) * 1024
end

-- Wait until all that was written is on the disk.
function linux.flush() run("sync") end

-- Hold a file until `unlock`, or as long as we live; nil when another does. On Linux run.sh holds it for us.
function linux.lock() return true end

function linux.unlock() end

function linux.sleep(seconds) run("sleep", tostring(seconds)) end

local UNITS = { "yuanjiao.service", "yuanjiao.timer" }

-- Have the player started with the PC and before windows; false when the system does not.
function linux.start_by_itself(home)
    local folder = (os.getenv("XDG_CONFIG_HOME") or os.getenv("HOME") .. "/.config") .. "/systemd/user"
    linux.make_folder(folder)
    for _, unit in ipairs(UNITS) do
        local text = require("disk").read(home .. "/player/" .. unit) or ""
        require("disk").replace(folder .. "/" .. unit, (text:gsub("@HOME@", (home:gsub("%%", "%%%%")))))
    end
    return run("systemctl", "--user", "daemon-reload") == 0
        and run("systemctl", "--user", "enable", "--now", "yuanjiao.timer", "yuanjiao.service") == 0
end

-- Where records lie that no stick and no home takes.
function linux.own_state()
    return (os.getenv("XDG_STATE_HOME") or os.getenv("HOME") .. "/.local/state") .. "/yuanjiao"
end

function linux.home()
    return os.getenv("YUANJIAO_HOME") or (os.getenv("XDG_DATA_HOME") or os.getenv("HOME") .. "/.local/share") .. "/yuanjiao"
end

return linux
