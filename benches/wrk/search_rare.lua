-- A word that one ticket holds: its number.
local shared = dofile("shared.lua")
shared.same(shared.org .. "/tickets?q=4711&limit=25")
