-- What Windows and Linux do each in its own way: sums, signatures, copies, renames, locks, starting with the PC.

local on_windows = package.config:sub(1, 1) == "\\"

return require(on_windows and "windows" or "linux")
