-- The counters of a requester.
local shared = dofile("shared.lua")
shared.same(shared.org .. "/me/ticket-summary")
