-- Neovim 0.7 or newer: save this as `plugin/randnotiz.lua` in Neovim's folder of settings.
-- Another command than `randnotiz lsp`: vim.g.randnotiz_command = { "python", "build.py", "lsp" }

local clients = {} -- by the folder of their site

local function attach(event)
  local file = vim.api.nvim_buf_get_name(event.buf)
  local settings = vim.fn.findfile("content/site.yaml", vim.fn.fnamemodify(file, ":p:h") .. ";")
  if settings == "" then
    return
  end
  local root = vim.fn.fnamemodify(settings, ":p:h:h")
  if not clients[root] then
    clients[root] = vim.lsp.start_client({
      name = "randnotiz",
      cmd = vim.g.randnotiz_command or { "randnotiz", "lsp" },
      cmd_cwd = root,
      root_dir = root,
      on_exit = function()
        clients[root] = nil
      end,
    })
  end
  vim.lsp.buf_attach_client(event.buf, clients[root])
  vim.api.nvim_buf_set_option(event.buf, "omnifunc", "v:lua.vim.lsp.omnifunc")
end

vim.api.nvim_create_autocmd("FileType", { pattern = { "yaml", "markdown" }, callback = function(event)
  attach({ buf = event and event.buf or vim.api.nvim_get_current_buf() })
end })
