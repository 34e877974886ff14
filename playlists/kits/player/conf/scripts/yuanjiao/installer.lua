-- Copies the kit in the current folder to this PC's disk, so that the stick may be pulled out.
--
-- Verifies before it switches; keeps what the last two weeks played; takes the records along to the stick. Whatever
-- fails, the kits that were there are there, whole, and what was begun is taken away.

local utils = require("mp.utils")

local disk = require("disk")
local options = require("options")
local plan = require("plan")
local screen = require("screen")
local system = require("system")
local words = require("words").install

local KEPT_S = 14 * 86400
local SPARE = 20 * 2 ^ 20  -- bytes that stay free
local MB = 2 ^ 20
local ENDING_S = 12        -- within which a player that plays has ended when asked to
local SIGNATURES = { "SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.p256", "key.pub" }

local Installer = {}
Installer.__index = Installer

-- Ends the installation: caught in `start`.
local function fail(pattern, ...)
    error({ words = words.failed:format(pattern:format(...)) }, 0)
end

function Installer:say(pattern, ...)
    local text = pattern:format(...)
    io.stdout:write(text, "\n")
    io.stdout:flush()
    self.said[#self.said + 1] = text
    self:draw()
end

function Installer:draw(last)
    local rows = { { text = words.title, size = 59, colour = screen.gold, bold = true } }
    for index = math.max(1, #self.said - 5), #self.said do rows[#rows + 1] = { text = self.said[index], size = 38 } end
    if last then rows[#rows + 1] = { text = last, size = 38, colour = screen.soft } end
    self.screen:card(rows, false)
end

local function read_plan(folder)
    local text = disk.read(disk.join(folder, "plan.json"))
    return text and plan.check(utils.parse_json(text)) or nil
end

-- Sum → path of what SHA256SUMS lists, in its order; a path that leaves the kit ends the installation.
local function listed(folder)
    local files = {}
    for sum, path in (disk.read(disk.join(folder, "SHA256SUMS")) or ""):gmatch("(%x+) [ *]([^\r\n]+)") do
        if not plan.is_inside(path) then fail(words.outside) end
        files[#files + 1] = { sum = sum:lower(), path = path }
    end
    return files
end

local function check_signature(folder, key)
    for _, name in ipairs(SIGNATURES) do
        if not disk.size(disk.join(folder, name)) then fail(words.unsigned, name) end
    end
    local code = system.is_signed(folder, key)
    if code == 1 then fail(words.forged) end
    if code ~= 0 then fail(words.unchecked) end
end

-- Whose kit it is, and whether this PC wants it.
function Installer:check_plan()
    local data = read_plan(".") or fail(words.no_plan)
    if not data.kit:find("^[%w_-][%w._-]*$") then fail(words.bad_name) end
    self.known = (disk.read(self.home .. "/state/venue") or ""):match("%S+")
    if self.known and self.known ~= data.venue.id then fail(words.foreign, data.venue.id, self.known) end
    self.plan, self.shelf = data, data.what == "notice" and "notices" or "kits"
    for _, name in ipairs(self.shelf == "kits" and disk.folders(self.home .. "/kits") or {}) do
        local there = read_plan(self.home .. "/kits/" .. name)
        if there and there.revision > data.revision then fail(words.older, there.revision) end
    end
    self.target = self.home .. "/" .. self.shelf .. "/" .. data.kit
    self.part = self.target .. ".part"
end

-- What an installation that was cut off left behind goes; a kit that had just been put aside comes back.
local function sweep(shelf)
    for _, name in ipairs(utils.readdir(shelf, "dirs") or {}) do
        local aside = name:match("^(.*)%.old%.part$")
        if aside and not disk.is_folder(shelf .. "/" .. aside) then
            system.rename(shelf .. "/" .. name, shelf .. "/" .. aside)
        elseif name:find("%.part$") then
            system.remove_tree(shelf .. "/" .. name)
        end
    end
end

function Installer:prepare_home()
    for _, name in ipairs({ "kits", "notices", "asrun", "state/asrun" }) do
        if not system.make_folder(self.home .. "/" .. name) then fail(words.cannot_write, self.home) end
    end
    for _, shelf in ipairs({ "kits", "notices" }) do sweep(self.home .. "/" .. shelf) end
end

function Installer:check_space(files)
    local needed, free = SPARE, system.free(self.home)
    for _, file in ipairs(files) do needed = needed + (disk.size(file.path) or 0) end
    if free and free < needed then fail(words.no_space, needed / MB, free / MB) end
end

local function folder_of(path) return path:match("^(.*)/[^/]+$") end

-- A file of the kit, or, where the kit brings only what is new, of a kit installed before.
function Installer:source_of(path)
    if disk.size(path) then return path end
    for _, name in ipairs(path:find("^media/") and disk.folders(self.home .. "/kits") or {}) do
        local old = self.home .. "/kits/" .. name .. "/" .. path
        if disk.size(old) then return old end
    end
    return nil
end

function Installer:copy(path)
    local source, to = self:source_of(path), self.part .. "/" .. path
    if not source then return end
    local folder = folder_of(to)
    if not self.made[folder] and not system.make_folder(folder) then fail(words.cannot_write, folder) end
    self.made[folder] = true
    if not system.copy(source, to) then fail(words.not_copied, path) end
end

function Installer:copy_all(files)
    self:say(words.copying, self.plan.kit)
    for index, file in ipairs(files) do
        self:copy(file.path)
        self:draw(words.progress:format(index, #files))
    end
    for _, name in ipairs(SIGNATURES) do self:copy(name) end
end

-- Read back what was copied. A video that is damaged is left out; any other damage ends the installation.
function Installer:verify(files)
    self:say(words.verifying)
    check_signature(self.part, self.key)
    for index, file in ipairs(files) do
        local path = self.part .. "/" .. file.path
        if system.sum(path) ~= file.sum then
            if not file.path:find("^media/%x+%.mp4$") then fail(words.damaged, file.path) end
            os.remove(path)
            self:say(words.replaced, file.path)
        end
        self:draw(words.progress:format(index, #files))
    end
    system.flush()
end

function Installer:switch()
    local old = self.target .. ".old.part"
    if utils.readdir(self.target) and not system.rename(self.target, old) then fail(words.not_switched) end
    if not system.rename(self.part, self.target) then
        system.rename(old, self.target)
        fail(words.not_switched)
    end
    self.part = nil
    system.remove_tree(old)
end

local function is_same_player(files, home)
    for _, file in ipairs(files) do
        if file.path:find("^player/") and system.sum(home .. "/" .. file.path) ~= file.sum then return false end
    end
    return true
end

-- On Windows what runs cannot be replaced: ask the player to end, and wait until it has.
local function end_player(home)
    disk.replace(home .. "/state/quit", "")
    local deadline = mp.get_time() + ENDING_S
    repeat
        local free = system.lock(home .. "/state/lock")
        if free then return system.unlock(free) end
        system.sleep(0.2)
    until mp.get_time() > deadline
end

function Installer:replace_player(files)
    if self.shelf ~= "kits" or is_same_player(files, self.home) then return end
    local new, old = self.home .. "/player.new", self.home .. "/player.old"
    system.remove_tree(new)
    system.remove_tree(old)
    for _, file in ipairs(files) do
        if file.path:find("^player/") then
            local to = new .. file.path:sub(#"player/")
            if not (system.make_folder(folder_of(to)) and system.copy(self.target .. "/" .. file.path, to)) then
                fail(words.no_player)
            end
        end
    end
    end_player(self.home)
    if utils.readdir(self.home .. "/player") then system.rename(self.home .. "/player", old) end
    if not system.rename(new, self.home .. "/player") then
        system.rename(old, self.home .. "/player")
        self:say(words.player_kept)
    end
    system.remove_tree(old)
    os.remove(self.home .. "/state/quit")
end

function Installer:remember()
    local key, venue = self.home .. "/state/key.pub", self.home .. "/state/venue"
    if not disk.size(key) then system.copy(self.target .. "/key.pub", key) end
    if not self.known then disk.replace(venue, self.plan.venue.id) end
end

-- What ended more than two weeks ago goes.
function Installer:clear()
    for _, shelf in ipairs({ "kits", "notices" }) do
        for _, name in ipairs(disk.folders(self.home .. "/" .. shelf)) do
            local folder = self.home .. "/" .. shelf .. "/" .. name
            local data = folder ~= self.target and read_plan(folder)
            if data and data.valid.to_s < os.time() - KEPT_S then system.remove_tree(folder) end
        end
    end
end

function Installer:take_records_along()
    local taken = system.make_folder("asrun")
    for _, folder in ipairs({ self.home .. "/asrun", self.home .. "/state/asrun" }) do
        for _, name in ipairs(utils.readdir(folder, "files") or {}) do
            if name:find("%.jsonl$") then taken = system.copy(folder .. "/" .. name, "asrun/" .. name) and taken end
        end
    end
    if not taken then self:say(words.no_records) end
end

function Installer:install()
    if not disk.size("plan.json") then fail(words.no_plan) end
    self:prepare_home()
    self.key = self.home .. "/state/key.pub"
    if not disk.size(self.key) then self.key = "key.pub" end
    check_signature(".", self.key)
    self:check_plan()
    local files = listed(".")
    self:check_space(files)
    system.remove_tree(self.part)
    self:copy_all(files)
    self:verify(files)
    self:switch()
    self:replace_player(files)
    self:remember()
    self:clear()
    self:take_records_along()
    if self.shelf == "kits" and not system.start_by_itself(self.home) then
        self:say(words.not_by_itself, self.home .. "/player/" .. system.starter)
    end
    self:say(words.installed, self.plan.kit, self.plan.revision)
end

local function leave(code)
    local function quit() mp.command("quit " .. code) end
    if options.hold <= 0 then return quit() end
    mp.add_timeout(options.hold, quit)
    for _, key in ipairs({ "any_unicode", "ENTER", "ESC", "MBTN_LEFT" }) do mp.add_forced_key_binding(key, quit) end
end

local function start()
    local home = options.home ~= "" and options.home or system.home()
    local self = setmetatable({ home = home, screen = screen.new(), said = {}, made = {} }, Installer)
    local went_well, fault = pcall(self.install, self)
    if not went_well then
        if self.part then system.remove_tree(self.part) end
        self:say("%s", type(fault) == "table" and fault.words or words.failed:format(tostring(fault)))
    end
    -- For whoever comes later and asks what happened.
    disk.replace(home .. "/state/installed.txt", table.concat(self.said, "\n") .. "\n")
    leave(went_well and 0 or 1)
end

-- The window comes up first.
mp.add_timeout(options.hold > 0 and 1 or 0, start)
