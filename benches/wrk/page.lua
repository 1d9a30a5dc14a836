-- The page of the list that begins at a cursor; without one, the first.
local shared = dofile("shared.lua")
local cursor = os.getenv("BENCH_CURSOR") or ""
local from = cursor == "" and "" or "&cursor=" .. cursor
shared.same(shared.org .. "/tickets?status=open,in_progress&limit=25" .. from)
