-- A word that every fourteenth ticket holds.
local shared = dofile("shared.lua")
shared.same(shared.org .. "/tickets?q=schedule&limit=25")
