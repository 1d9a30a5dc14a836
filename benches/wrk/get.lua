-- A ticket, another each time.
local shared = dofile("shared.lua")
shared.for_each_id(function(id) return shared.org .. "/tickets/" .. id end)
