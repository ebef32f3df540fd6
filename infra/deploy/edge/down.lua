-- What visitors get while no machine of the web answers: the probe's last snapshot for browsers, a problem (RFC 9457) for programs.
-- The snapshot is a whole page. Laid into its marks here are how old it is, and the word of people who work on it (note.zh.txt, note.en.txt).

local HOME, FOLDER = os.getenv("EDGE_HOME"), os.getenv("EDGE_FOLDER")
local OLD_S = 300 -- five probes missed: nobody measures any more
local RETRY = { page = "30", program = "10" }
local MOST = 256 * 1024

local PROBLEM = {
  zh = "平台暂时没有应答，您的操作没有生效，请稍后再试。",
  en = "The platform does not answer at the moment. Nothing was changed; please try again later.",
}
local AGE = {
  zh = { now = "不到 1 分钟前。", minutes = "%d 分钟前。", hours = "%d 小时 %d 分钟前。", old = "探测也停了，下面可能已经不是现在的情况。" },
  en = { now = "Less than a minute ago.", minutes = "%d min ago.", hours = "%d h %d min ago.", old = "Probing has stopped too: what follows may no longer be so." },
}

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read(MOST)
  file:close()
  return text
end

local function escaped(text)
  return (text:gsub("[&<>\"']", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }))
end

local function age(words, seconds)
  local minutes = seconds // 60
  local said = words.now
  if minutes >= 60 then
    said = words.hours:format(minutes // 60, minutes % 60)
  elseif minutes >= 1 then
    said = words.minutes:format(minutes)
  end
  return seconds >= OLD_S and said .. " <strong>" .. words.old .. "</strong>" or said
end

local function page()
  local text = read(FOLDER .. "/now.html") or read(HOME .. "/busy.html") or ""
  local written = tonumber(text:match('data%-written="(%d+)"'))
  for language, words in pairs(AGE) do
    local note = read(FOLDER .. "/note." .. language .. ".txt")
    local laid = {
      age = written and age(words, math.max(0, os.time() - written)) or "",
      note = note and note:match("%S") and '<p class="note">' .. escaped(note) .. "</p>" or "",
    }
    for mark, html in pairs(laid) do
      text = text:gsub("<!%-%-" .. mark .. "%-" .. language .. "%-%->", function() return html end)
    end
  end
  return text
end

local function problem(language)
  local said = PROBLEM[language]
  return '{"type": "urn:anxue:problem:unavailable", "title": "Service Unavailable", "status": 503, "detail": "' .. said
    .. '", "code": "unavailable", "message": "' .. said .. '", "retry_after_s": ' .. RETRY.program .. "}"
end

local function header(applet, name)
  local values = applet.headers[name]
  return values and values[0] or ""
end

core.register_service("down", "http", function(applet)
  local is_program = applet.path:match("^/api/") or applet.path:match("/beats$") or header(applet, "hx-request") ~= ""
  local is_page = not is_program and header(applet, "accept"):find("text/html", 1, true)
  local language = header(applet, "accept-language"):match("^en") and "en" or "zh"
  local body = is_page and page() or problem(language)
  applet:set_status(503)
  applet:add_header("Content-Type", is_page and "text/html; charset=utf-8" or "application/problem+json")
  applet:add_header("Content-Length", #body)
  applet:add_header("Retry-After", is_page and RETRY.page or RETRY.program)
  applet:add_header("Cache-Control", "no-store")
  applet:add_header("X-Content-Type-Options", "nosniff")
  applet:add_header("Referrer-Policy", "same-origin")
  if is_page then
    -- The page names the hash of its one style sheet itself; a header can say more than a page: nobody frames it.
    applet:add_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
  end
  applet:start_response()
  if applet.method ~= "HEAD" then applet:send(body) end
end)
