-- A reply to a ticket, to another each time, and with a word that its ticket has not had.
local shared = dofile("shared.lua")
local count = 0
function request()
  count = count + 1
  local body = '{"body":"We are looking into it and come back to you today, reference r' .. count .. 'x.","visibility":"public"}'
  return wrk.format("POST", shared.org .. "/tickets/" .. shared.next_id() .. "/messages", shared.headers, body)
end
