-- The newest tickets that are not done, 25 on a page.
local shared = dofile("shared.lua")
shared.same(shared.org .. "/tickets?status=open,in_progress&limit=25")
