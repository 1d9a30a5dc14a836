-- A new ticket.
local shared = dofile("shared.lua")
local body = '{"subject":"Calendar does not open","details":"Since this morning the page stays empty on my tablet.",'
  .. '"urgency":"normal","location_id":"' .. shared.location .. '"}'
local written
function request()
  written = written or wrk.format("POST", shared.org .. "/tickets", shared.headers, body)
  return written
end
