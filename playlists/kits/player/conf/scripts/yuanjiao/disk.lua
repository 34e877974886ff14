-- Files as the player needs them: read, replaced whole, appended; nothing here raises an error.

local utils = require("mp.utils")

local system = require("system")

local disk = {}

function disk.read(path)
    local file = io.open(path, "rb")
    if not file then return nil end
    local text = file:read("*a")
    file:close()
    return text
end

-- Write beside, then rename.
function disk.replace(path, text)
    local beside = path .. ".part"
    local file = io.open(beside, "wb")
    if not file then return false end
    local written = file:write(text) and file:flush()
    if file:close() and written then return system.rename(beside, path) end
    os.remove(beside)
    return false
end

-- Write over the beginning of a file that is there: that takes no room on the disk.
function disk.overwrite(path, text)
    local file = io.open(path, "r+b")
    if not file then return false end
    local written = file:write(text) and file:flush()
    return file:close() and written and true or false
end

-- Append and give it to the system at once; false when not all of it could be.
function disk.append(path, text)
    local file = io.open(path, "ab")
    if not file then return false end
    local written = file:write(text) and file:flush()
    return file:close() and written and true or false
end

function disk.size(path)
    local info = utils.file_info(path)
    return info and info.is_file and info.size or nil
end

function disk.is_folder(path)
    local info = utils.file_info(path)
    return info ~= nil and info.is_dir
end

-- What changes when a file is written anew; nil when there is none.
function disk.stamp(path)
    local info = utils.file_info(path)
    return info and info.is_file and (info.mtime .. "/" .. info.size) or nil
end

-- Names of the folders in a folder, sorted; none of those still being written.
function disk.folders(path)
    local names = utils.readdir(path, "dirs") or {}
    local whole = {}
    for _, name in ipairs(names) do
        if not name:find("%.part$") and not name:find("^%.") then whole[#whole + 1] = name end
    end
    table.sort(whole)
    return whole
end

-- A kit may lie in the current folder: "." then needs no prefix.
function disk.join(folder, name)
    return (folder == "" or folder == ".") and name or folder .. "/" .. name
end

return disk
