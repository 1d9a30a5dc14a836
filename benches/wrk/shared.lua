-- What all scripts share: the world comes through the environment, the result goes out as one line.

local shared = { headers = { ["Content-Type"] = "application/json" } }

shared.org = "/api/v1/orgs/" .. os.getenv("BENCH_ORG")
shared.location = os.getenv("BENCH_LOCATION")

local token = os.getenv("BENCH_TOKEN")
if token and token ~= "" then
  shared.headers["Authorization"] = "Bearer " .. token
end

local ids = {}
for id in io.lines(os.getenv("BENCH_IDS")) do
  ids[#ids + 1] = id
end

-- Ids of tickets, one after the other and round again.
local turn = 0
function shared.next_id()
  turn = turn % #ids + 1
  return ids[turn]
end

-- Always the same GET, written once.
function shared.same(path)
  local written
  function request()
    written = written or wrk.format("GET", path, shared.headers)
    return written
  end
end

-- A GET for each id, each written once.
function shared.for_each_id(path_of)
  local written = {}
  function request()
    local id = shared.next_id()
    written[id] = written[id] or wrk.format("GET", path_of(id), shared.headers)
    return written[id]
  end
end

-- requests, microseconds, p50, p99, failures
function done(summary, latency)
  local e = summary.errors
  local failures = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("result %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failures))
end

return shared
