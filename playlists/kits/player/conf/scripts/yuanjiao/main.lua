-- Runs inside mpv: is the player, the installer of a kit, or who watches the player.

local roles = { play = "player", install = "installer", watch = "watcher" }

require(roles[require("options").role])
