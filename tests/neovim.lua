-- Drives the language server from Neovim, in its own words, and writes down what came of it as JSON.
-- nvim --headless -u editors/neovim/randnotiz.lua -S tests/neovim.lua, with the files and places in its environment.

local done = {}
local patience = 60000

local function place(words, inner)
  vim.fn.cursor(1, 1)
  local row, column = unpack(vim.fn.searchpos("\\V" .. words, "cnW"))
  assert(row > 0, words)
  vim.api.nvim_win_set_cursor(0, { row, column - 1 + (inner or 0) })
end

local function asked(method, more)
  local params = vim.tbl_extend("force", vim.lsp.util.make_position_params(), more or {})
  local answers, refusal = vim.lsp.buf_request_sync(0, method, params, patience)
  assert(answers, refusal)
  return select(2, next(answers)).result
end

local function run()
  vim.cmd("edit library/article.md | setfiletype markdown")
  vim.cmd("edit library/sources.yaml | setfiletype yaml")
  assert(vim.wait(patience, function() return vim.lsp.buf_get_clients(0)[1] ~= nil end), "no client")

  place("900 loans")
  vim.api.nvim_set_current_line("- quote: 950 loans a day")
  local lost
  assert(vim.wait(patience, function()
    for _, one in ipairs(vim.diagnostic.get(0)) do
      if one.code == "quote-missing" or (one.user_data or {}).lsp and one.user_data.lsp.code == "quote-missing" then
        lost = one
      end
    end
    return lost ~= nil
  end), "no diagnostics")
  done.diagnostic = { line = lost.lnum, from = lost.col, to = lost.end_col, message = lost.message }
  vim.api.nvim_set_current_line("- quote: 900 loans a day")

  place("census2025", 4)
  done.hover = asked("textDocument/hover").contents.value
  vim.lsp.buf.definition()
  assert(vim.wait(patience, function() return vim.fn.expand("%:t") == "sources.yaml" and vim.fn.line(".") == 2 end), "no jump")
  done.definition = vim.fn.getline(".")

  vim.cmd("edit library/sources.yaml")
  place("- quote: The council says")
  vim.fn.append(vim.fn.line("$"), "- sources: [cen")
  vim.fn.cursor(vim.fn.line("$"), 100)
  vim.cmd("startinsert!")
  vim.api.nvim_win_set_cursor(0, { vim.fn.line("$"), #vim.fn.getline("$") })
  local params = vim.lsp.util.make_position_params()
  params.position.character = #vim.fn.getline("$")
  local labels = {}
  local found = select(2, next(vim.lsp.buf_request_sync(0, "textDocument/completion", params, patience))).result
  for _, item in ipairs(vim.lsp.util.text_document_completion_list_to_complete_items({ items = found }, "cen")) do
    table.insert(labels, item.word)
  end
  done.completion = labels
  vim.cmd("stopinsert | $delete")

  place("council2026")
  vim.lsp.buf.rename("minutes2026")
  assert(vim.wait(patience, function() return vim.fn.search("sources: \\[minutes2026\\]", "nw") > 0 end), "not renamed")
  done.rename = vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local ok, fault = pcall(run)
done.fault = not ok and fault or nil
vim.fn.writefile({ vim.fn.json_encode(done) }, vim.env.RESULT)
vim.cmd("qall!")
