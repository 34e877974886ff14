-- Has a kit's signature checked, against the key that this player trusts.

local disk = require("disk")
local system = require("system")

local prover = {}

-- An installed player knows the office's key since its first kit; a stick is held to its own.
local function key_for(folder, state)
    local known = state .. "/key.pub"
    return disk.size(known) and known or disk.join(folder, "key.pub")
end

-- done(code): 0 right, 1 wrong; anything else: this PC cannot tell. state: the folder that may hold the known key.
function prover.prove(folder, state, done)
    system.prove(folder, key_for(folder, state), done)
end

return prover
