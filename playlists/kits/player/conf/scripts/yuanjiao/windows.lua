-- Windows: its own functions, called from LuaJIT; no other program is needed. The interface is that of linux.lua.
--
-- Paths are UTF-8 with slashes or backslashes. Signatures and sums are those of Windows' own cryptography (CNG).

local ffi = require("ffi")
local utils = require("mp.utils")

ffi.cdef[[
int MultiByteToWideChar(unsigned page, unsigned long flags, const char *text, int bytes, wchar_t *wide, int letters);
int CopyFileW(const wchar_t *from, const wchar_t *to, int refuse);
int MoveFileExW(const wchar_t *from, const wchar_t *to, unsigned long flags);
int CreateDirectoryW(const wchar_t *path, void *security);
int RemoveDirectoryW(const wchar_t *path);
int DeleteFileW(const wchar_t *path);
int SetFileAttributesW(const wchar_t *path, unsigned long attributes);
int GetDiskFreeSpaceExW(const wchar_t *path, uint64_t *free, uint64_t *whole, uint64_t *all);
void *CreateFileW(const wchar_t *path, unsigned long access, unsigned long share, void *security, unsigned long how,
    unsigned long flags, void *like);
int ReadFile(void *file, char *bytes, unsigned long most, unsigned long *count, void *overlapped);
int FlushFileBuffers(void *file);
int CloseHandle(void *handle);
unsigned long GetLastError(void);
void Sleep(unsigned long milliseconds);
int CryptStringToBinaryA(const char *text, unsigned long letters, unsigned long flags, char *bytes,
    unsigned long *count, unsigned long *skipped, unsigned long *found);
long BCryptOpenAlgorithmProvider(void **provider, const wchar_t *name, const wchar_t *maker, unsigned long flags);
long BCryptCreateHash(void *provider, void **hash, char *object, unsigned long size, const char *secret,
    unsigned long length, unsigned long flags);
long BCryptHashData(void *hash, const char *bytes, unsigned long count, unsigned long flags);
long BCryptFinishHash(void *hash, char *sum, unsigned long count, unsigned long flags);
long BCryptDestroyHash(void *hash);
long BCryptImportKeyPair(void *provider, void *other, const wchar_t *kind, void **key, const char *blob,
    unsigned long count, unsigned long flags);
long BCryptVerifySignature(void *key, void *padding, const char *sum, unsigned long length, const char *signature,
    unsigned long count, unsigned long flags);
long BCryptDestroyKey(void *key);
]]
local kernel, bcrypt, crypt32 = ffi.load("kernel32"), ffi.load("bcrypt"), ffi.load("crypt32")

local UTF8 = 65001
local READ, WRITE, SHARE_ALL, OPEN_EXISTING, OPEN_ALWAYS = 0x80000000, 0x40000000, 7, 3, 4
local REPLACE_AND_WAIT = 0x1 + 0x8
local NORMAL, SHARING = 0x80, 32
local BASE64 = 1
local PIECE = 2 ^ 20

local windows = {
    mpv = os.getenv("YUANJIAO_MPV") or "player\\mpv.exe", options = { "--priority=abovenormal" }, starter = "startup.bat",
}

local function wide(text)
    local count = kernel.MultiByteToWideChar(UTF8, 0, text, #text, nil, 0)
    local letters = ffi.new("wchar_t[?]", count + 1)
    kernel.MultiByteToWideChar(UTF8, 0, text, #text, letters, count)
    return letters
end

local function native(path) return wide((path:gsub("/", "\\"))) end

local function provider(name)
    local found = ffi.new("void*[1]")
    return bcrypt.BCryptOpenAlgorithmProvider(found, wide(name), nil, 0) == 0 and found[0] or nil
end

local function open(path, access, share, how)
    local file = kernel.CreateFileW(native(path), access, share, nil, how, 0, nil)
    return ffi.cast("intptr_t", file) ~= -1 and file or nil
end

local function hex(bytes, count)
    return (ffi.string(bytes, count):gsub(".", function(sign) return ("%02x"):format(sign:byte()) end))
end

-- Sum up what `next_piece` gives, piece after piece (bytes, count; nil at the end): 32 bytes; nil without CNG.
local function summed(next_piece)
    local hash, sum = ffi.new("void*[1]"), ffi.new("char[32]")
    local maker = provider("SHA256")
    if not maker or bcrypt.BCryptCreateHash(maker, hash, nil, 0, nil, 0, 0) ~= 0 then return nil end
    local bytes, count = next_piece()
    while bytes and count > 0 do
        bcrypt.BCryptHashData(hash[0], bytes, count, 0)
        bytes, count = next_piece()
    end
    bcrypt.BCryptFinishHash(hash[0], sum, 32, 0)
    bcrypt.BCryptDestroyHash(hash[0])
    return bytes and sum or nil
end

-- The SHA-256 of a file in hex; nil when it cannot be read. rest() is called after each megabyte.
function windows.sum(path, rest)
    local file = open(path, READ, SHARE_ALL, OPEN_EXISTING)
    if not file then return nil end
    local bytes, count = ffi.new("char[?]", PIECE), ffi.new("unsigned long[1]")
    local sum = summed(function()
        if rest then rest() end
        if kernel.ReadFile(file, bytes, PIECE, count, nil) == 0 then return nil end
        return bytes, count[0]
    end)
    kernel.CloseHandle(file)
    return sum and hex(sum, 32)
end

-- The same, giving way to whatever else the PC does; done(sum) is called later.
function windows.sum_later(path, done)
    local sum
    local task = coroutine.create(function() sum = windows.sum(path, coroutine.yield) end)
    local timer
    timer = mp.add_periodic_timer(0.05, function()
        local went_well = coroutine.resume(task)
        if coroutine.status(task) ~= "dead" then return end
        timer:kill()
        done(went_well and sum or nil)
    end)
end

local function from_base64(text, wanted)
    local bytes, count = ffi.new("char[?]", wanted), ffi.new("unsigned long[1]", wanted)
    local right = crypt32.CryptStringToBinaryA(text, #text, BASE64, bytes, count, nil, nil) ~= 0 and count[0] == wanted
    return right and ffi.string(bytes, wanted) or nil
end

local function verifies(text, point, signature)
    local maker, key = provider("ECDSA_P256"), ffi.new("void*[1]")
    local given = false
    local sum = summed(function()
        if given then return text, 0 end
        given = true
        return text, #text
    end)
    if not maker or not sum then return 2 end
    -- A public key of P-256 as Windows takes it: "ECS1", 32, X, Y.
    local blob = "ECS1\32\0\0\0" .. point
    if bcrypt.BCryptImportKeyPair(maker, nil, wide("ECCPUBLICBLOB"), key, blob, #blob, 0) ~= 0 then return 1 end
    local code = bcrypt.BCryptVerifySignature(key[0], nil, sum, 32, signature, #signature, 0)
    bcrypt.BCryptDestroyKey(key[0])
    return code == 0 and 0 or 1
end

-- Is the kit signed with the key: 0 yes, 1 no, 2: this PC cannot tell.
function windows.is_signed(folder, key)
    local disk = require("disk")
    local listed, said = disk.read(disk.join(folder, "SHA256SUMS")), disk.read(disk.join(folder, "SHA256SUMS.p256"))
    local point = from_base64((disk.read(key) or ""):match('"p256": *"([^"]*)"') or "", 64)
    local signature = from_base64((said or ""):match("%S+") or "", 64)
    if not listed or not point or not signature then return 1 end
    return verifies(listed, point, signature)
end

-- The same; done(code) is called.
function windows.prove(folder, key, done) done(windows.is_signed(folder, key)) end

function windows.copy(from, to)
    if kernel.CopyFileW(native(from), native(to), 0) == 0 then return false end
    kernel.SetFileAttributesW(native(to), NORMAL)
    local file = open(to, READ + WRITE, SHARE_ALL, OPEN_EXISTING)
    if not file then return false end
    local flushed = kernel.FlushFileBuffers(file) ~= 0
    kernel.CloseHandle(file)
    return flushed
end

function windows.make_folder(path)
    local whole = ""
    for part in path:gsub("\\", "/"):gmatch("[^/]+/?") do
        whole = whole .. part
        kernel.CreateDirectoryW(native(whole), nil)
    end
    return utils.readdir(path) ~= nil
end

function windows.remove_tree(path)
    for _, name in ipairs(utils.readdir(path, "files") or {}) do
        kernel.SetFileAttributesW(native(path .. "/" .. name), NORMAL)
        kernel.DeleteFileW(native(path .. "/" .. name))
    end
    for _, name in ipairs(utils.readdir(path, "dirs") or {}) do windows.remove_tree(path .. "/" .. name) end
    return kernel.RemoveDirectoryW(native(path)) ~= 0
end

-- Rename; what was there under the new name, if it is a file, is replaced.
function windows.rename(from, to) return kernel.MoveFileExW(native(from), native(to), REPLACE_AND_WAIT) ~= 0 end

-- Bytes free where the folder lies; nil when nobody can say.
function windows.free(folder)
    local free = ffi.new("uint64_t[1]")
    return kernel.GetDiskFreeSpaceExW(native(folder), free, nil, nil) ~= 0 and tonumber(free[0]) or nil
end

-- Every copy was flushed when it was made.
function windows.flush() end

-- Hold a file until `unlock`, or as long as we live; nil when another does. What cannot be held by anybody is ours.
function windows.lock(path)
    return open(path, WRITE, 0, OPEN_ALWAYS) or (kernel.GetLastError() ~= SHARING and true) or nil
end

function windows.unlock(held)
    if held ~= true then kernel.CloseHandle(held) end
end

function windows.sleep(seconds) kernel.Sleep(seconds * 1000) end

local function run(...)
    local done = mp.command_native({ name = "subprocess", args = { ... }, playback_only = false, capture_stdout = true,
        capture_stderr = true })
    return done and done.status or -1
end

-- Have the player started with the PC and before windows: by a task, or by the Startup folder where none may be made.
function windows.start_by_itself(home)
    local task = (home .. "/player/task.xml"):gsub("/", "\\")
    if run("schtasks.exe", "/Create", "/F", "/TN", "yuanjiao", "/XML", task) == 0 then
        run("schtasks.exe", "/Run", "/TN", "yuanjiao")
        return true
    end
    local startup = os.getenv("APPDATA") .. "/Microsoft/Windows/Start Menu/Programs/Startup"
    return windows.copy(home .. "/player/startup.bat", startup .. "/yuanjiao.bat")
end

local function common()
    return (os.getenv("ProgramData") or "C:\\ProgramData"):gsub("\\", "/") .. "/yuanjiao"
end

-- Where records lie that no stick and no home takes.
function windows.own_state() return common() .. "/state" end

function windows.home() return os.getenv("YUANJIAO_HOME") or common() end

return windows
