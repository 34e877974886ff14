-- What the script is told on the command line: --script-opts-append=yuanjiao-NAME=VALUE.

local options = {
    role = "play",   -- play, install or watch
    kit = "",        -- a kit's folder; "." when started from a stick
    home = "",       -- the folder of an installed player, with kits/, notices/, asrun/ and state/
    notices = "",    -- a further folder of notices
    state = "",      -- where the heartbeat, the machine's name and the receipts lie
    asrun = "",      -- where the record is written
    alone = false,   -- somebody outside holds the lock of the one instance
    leave = 0,       -- minutes after the last window closed after which the player ends; 0: never
    hold = 0,        -- seconds for which the installer's outcome stays on the screen
    look = 2,        -- seconds after which the watcher looks at the heartbeat again
    pace = 20,       -- seconds after which the watcher takes the sum of the next file
    start = 0,       -- for tests: seconds since 1970 at which a simulated clock starts
    speed = 1,       -- for tests: how fast it runs
    ["until"] = 0,   -- for tests: seconds since 1970 on that clock at which the player ends
}
require("mp.options").read_options(options, "yuanjiao")

return options
