-- The thread of a ticket, of another each time.
local shared = dofile("shared.lua")
shared.for_each_id(function(id) return shared.org .. "/tickets/" .. id .. "/messages" end)
