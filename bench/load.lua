-- Pauses between requests when the environment asks for half load; tells the outcome as JSON.
local pause_ms = tonumber(os.getenv("BENCH_PAUSE_MS") or 0)

if pause_ms > 0 then
  -- Around the mean, or all connections would ask at once.
  function delay() return math.random(0, 2 * pause_ms) end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %f, "errors": %d, "p50_ms": %f, "p99_ms": %f}\n', summary.requests,
    summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
